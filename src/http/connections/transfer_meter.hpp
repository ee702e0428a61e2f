#pragma once

#include <cstdint>
#include <utility>

namespace reprieve::http {

/// Decides when a peer is too slow: over every `window_us` that was spent waiting for it, it has to move
/// one byte at least, and min_rate bytes a second. Time that we spend ourselves does not count.
class TransferMeter {
public:
    TransferMeter(std::int64_t window_us, std::uint64_t min_rate) : window_us_(window_us), min_rate_(min_rate) {}

    void moved(std::uint64_t bytes) { bytes_ += bytes; }

    /// Adds time that was spent waiting; `is_ready` tells whether the peer can move bytes now. Returns false once the
    /// peer is too slow.
    bool waited(std::int64_t us, bool is_ready = false) {
        waited_us_ += us;
        if (waited_us_ < window_us_) return true;
        // On a busy machine it is this thread that comes late: the bytes that move next count, too.
        if (is_ready && !std::exchange(is_extended_, true)) return true;
        const double wanted = static_cast<double>(min_rate_) * static_cast<double>(waited_us_) / 1e6;
        const bool fast_enough = bytes_ > 0 && static_cast<double>(bytes_) >= wanted;
        bytes_ = 0;
        waited_us_ = 0;
        is_extended_ = false;
        return fast_enough;
    }

    /// How long to wait before asking again.
    std::int64_t left_us() const { return window_us_ - waited_us_; }

private:
    std::int64_t window_us_;
    std::uint64_t min_rate_;
    std::int64_t waited_us_ = 0;
    std::uint64_t bytes_ = 0;
    bool is_extended_ = false;  // this window, once
};

}  // namespace reprieve::http
