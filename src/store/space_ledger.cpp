#include "store/space_ledger.hpp"

#include <algorithm>

#include "base/error.hpp"
#include "base/quantity.hpp"

namespace reprieve::store {

SpaceLedger::SpaceLedger(Probe probe, std::uint64_t reserve_bytes, std::shared_ptr<Promises> promises)
    : probe_(std::move(probe)), reserve_bytes_(reserve_bytes), promises_(std::move(promises)) {}

Space SpaceLedger::measure() const {
    Space space = probe_();
    const std::uint64_t kept = reserve_bytes_ + promises_->outstanding;
    space.available = space.available > kept ? space.available - kept : 0;
    return space;
}

Space SpaceLedger::space() const {
    const MutexLock lock(promises_->mutex);
    return measure();
}

bool SpaceLedger::try_promise(std::uint64_t bytes, Space& space) {
    // Measure under the lock. Otherwise another thread could write bytes and release their reservation after the
    // measurement, and these bytes would count as free.
    const MutexLock lock(promises_->mutex);
    space = measure();
    if (space.available < bytes) return false;
    promises_->outstanding += bytes;
    return true;
}

void SpaceLedger::Reservation::add(std::uint64_t bytes) {
    Space space;
    if (!ledger_.try_promise(bytes, space))
        throw Error(ErrorKind::storage_full, "the store has " + approximate_size(space.available) +
                                                 " free and the image needs " + approximate_size(bytes) +
                                                 ": purge the recycle bin, delete images or add space");
    left_ += bytes;
}

void SpaceLedger::Reservation::cover(std::uint64_t bytes) {
    if (bytes <= left_) return;
    Space space;
    const std::uint64_t step = std::max(growth_bytes, bytes - left_);
    if (ledger_.try_promise(step, space)) {
        left_ += step;
        return;
    }
    if (!ledger_.try_promise(bytes - left_, space))
        throw Error(ErrorKind::storage_full, "the store has " + approximate_size(space.available) +
                                                 " free and the image needs more: purge the recycle bin, delete "
                                                 "images or add space");
    left_ = bytes;
}

void SpaceLedger::Reservation::settle(std::uint64_t bytes) {
    bytes = std::min(bytes, left_);
    left_ -= bytes;
    const MutexLock lock(ledger_.promises_->mutex);
    ledger_.promises_->outstanding -= bytes;
}

}  // namespace reprieve::store
