#pragma once

#include <cstdint>
#include <functional>
#include <memory>

#include "base/mutex.hpp"
#include "store/store.hpp"

namespace reprieve::store {

/// Bytes of one file system that are reserved for uploads and not written yet. Stores on the same file system share one
/// object: otherwise both would reserve the same bytes.
struct Promises {
    Mutex mutex;
    std::uint64_t outstanding GUARDED_BY(mutex) = 0;  ///< bytes
};

/// Account of a store's space. Available are the free bytes of the file system, minus a reserve, minus the bytes that
/// are reserved for running uploads and not written yet. Any thread may call. It must outlive its reservations.
class SpaceLedger {
public:
    /// Function that returns the size and the free bytes of the file system.
    using Probe = std::function<Space()>;

    /// `reserve_bytes` of the file system are never given to uploads.
    SpaceLedger(Probe probe, std::uint64_t reserve_bytes, std::shared_ptr<Promises> promises);

    Space space() const;

    /// Space reserved for one upload. Destruction releases the rest. Used by one thread at a time.
    class Reservation {
    public:
        explicit Reservation(SpaceLedger& ledger) : ledger_(ledger) {}
        Reservation(const Reservation&) = delete;
        Reservation& operator=(const Reservation&) = delete;
        ~Reservation() { settle(left_); }

        /// Reserves `bytes` more. Throws storage_full; then nothing has changed.
        void add(std::uint64_t bytes);

        /// Ensures that at least `bytes` are reserved. If more must be reserved, it reserves growth_bytes at once, or
        /// only the missing bytes if space is short. Throws storage_full.
        void cover(std::uint64_t bytes);

        /// Releases `bytes`, which have been written to the file system or are not needed any more.
        void settle(std::uint64_t bytes);

        /// Returns the bytes that are still reserved.
        std::uint64_t left() const { return left_; }

    private:
        SpaceLedger& ledger_;
        std::uint64_t left_ = 0;
    };

    /// Bytes that an upload of unknown length reserves at a time.
    static constexpr std::uint64_t growth_bytes = 64 << 20;

private:
    Space measure() const REQUIRES(promises_->mutex);
    bool try_promise(std::uint64_t bytes, Space& space);

    Probe probe_;
    std::uint64_t reserve_bytes_;
    std::shared_ptr<Promises> promises_;
};

}  // namespace reprieve::store
