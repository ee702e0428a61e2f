#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <mutex>

#include "store/store.hpp"

namespace reprieve::store {

/// The bytes of one file system that were promised to uploads and not written yet. Stores on the same
/// file system share one, or both would promise the same bytes.
struct Promises {
    std::mutex mutex;
    std::uint64_t outstanding = 0;  ///< bytes
};

/// Space by accounting: what is available is what the file system has, less a reserve, less what running
/// uploads were promised and have not written. Any thread may call; it must outlive its reservations.
class SpaceLedger {
public:
    /// What the file system says: its size, and what is free for us, in bytes.
    using Probe = std::function<Space()>;

    SpaceLedger(Probe probe, std::uint64_t reserve_bytes, std::shared_ptr<Promises> promises);

    Space space() const;

    /// Space promised to one upload. What is left of the promise is given back on destruction.
    /// Used by one thread at a time.
    class Reservation {
    public:
        explicit Reservation(SpaceLedger& ledger) : ledger_(ledger) {}
        Reservation(const Reservation&) = delete;
        Reservation& operator=(const Reservation&) = delete;
        ~Reservation() { settle(left_); }

        /// Promises `bytes` more. Throws storage_full, and then nothing has changed.
        void add(std::uint64_t bytes);

        /// Sees to it that `bytes` can be written now; where the promise does not cover them it grows, by
        /// growth_bytes while the space lasts. Throws storage_full.
        void cover(std::uint64_t bytes);

        /// `bytes` of the promise are on the file system now, or are not needed any more.
        void settle(std::uint64_t bytes);

        std::uint64_t left() const { return left_; }

    private:
        SpaceLedger& ledger_;
        std::uint64_t left_ = 0;
    };

    /// Step in which an upload of unknown length reserves.
    static constexpr std::uint64_t growth_bytes = 64 << 20;

private:
    /// With the mutex held.
    Space measure() const;
    bool try_promise(std::uint64_t bytes, Space& space);

    Probe probe_;
    std::uint64_t reserve_bytes_;
    std::shared_ptr<Promises> promises_;
};

}  // namespace reprieve::store
