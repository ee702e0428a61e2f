#pragma once

#include <cstdint>
#include <functional>
#include <memory>

#include "base/mutex.hpp"
#include "store/store.hpp"

namespace reprieve::store {

/// Number of bytes of one file system that are reserved for uploads but not written yet. All stores on the file system
/// share one object: with separate ones, two stores could reserve the same free bytes.
struct Promises {
    Mutex mutex;
    std::uint64_t outstanding GUARDED_BY(mutex) = 0;  ///< bytes that are reserved and not written yet
};

/// Account of a store's space. The available space is the free space of the file system, minus a fixed reserve, minus
/// the bytes that are reserved for running uploads but not written yet. Any thread may call. The ledger must outlive
/// its reservations.
class SpaceLedger {
public:
    /// Function that returns the size and the free bytes of the file system.
    using Probe = std::function<Space()>;

    /// `reserve_bytes`: free bytes of the file system that uploads never get. `promises`: the reserved bytes of the
    /// file system, shared by all ledgers on it.
    SpaceLedger(Probe probe, std::uint64_t reserve_bytes, std::shared_ptr<Promises> promises);

    Space space() const;

    /// Space that is reserved for one upload. Destruction releases the bytes that are still reserved. Only one thread
    /// at a time may use it.
    class Reservation {
    public:
        explicit Reservation(SpaceLedger& ledger) : ledger_(ledger) {}
        Reservation(const Reservation&) = delete;
        Reservation& operator=(const Reservation&) = delete;
        ~Reservation() { settle(left_); }

        /// Reserves `bytes` more bytes. Throws storage_full if they are not available; the reservation is then
        /// unchanged.
        void add(std::uint64_t bytes);

        /// Ensures that at least `bytes` bytes are reserved. If some are missing, reserves growth_bytes more, or all
        /// missing bytes if those are more. If that much space is not available, reserves only the missing bytes.
        /// Throws storage_full if even those are not available.
        void cover(std::uint64_t bytes);

        /// Releases `bytes` bytes, which have been written to the file system or are not needed any more.
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
