#pragma once

#include <cstdint>
#include <utility>

namespace reprieve::http {

/// Meter that decides when a peer is too slow. In every `window_us` of waiting for the peer, the peer must move at
/// least one byte, and at least `min_rate` bytes per second. The server's own working time does not count.
class TransferMeter {
public:
    TransferMeter(std::int64_t window_us, std::uint64_t min_rate) : window_us_(window_us), min_rate_(min_rate) {}

    /// Counts moved bytes.
    void moved(std::uint64_t bytes) { bytes_ += bytes; }

    /// Adds `us` microseconds of waiting for the peer. `is_ready`: the socket became ready, so bytes can move now.
    /// Returns false if the peer is too slow.
    bool waited(std::int64_t us, bool is_ready = false) {
        waited_us_ += us;
        if (waited_us_ < window_us_) return true;
        // On a busy machine this thread may be late, not the peer: let the bytes that move next count, too.
        if (is_ready && !std::exchange(is_extended_, true)) return true;
        const double wanted = static_cast<double>(min_rate_) * static_cast<double>(waited_us_) / 1e6;
        const bool fast_enough = bytes_ > 0 && static_cast<double>(bytes_) >= wanted;
        bytes_ = 0;
        waited_us_ = 0;
        is_extended_ = false;
        return fast_enough;
    }

    /// Returns the microseconds of waiting that are left in the window.
    std::int64_t left_us() const { return window_us_ - waited_us_; }

private:
    std::int64_t window_us_;
    std::uint64_t min_rate_;
    std::int64_t waited_us_ = 0;
    std::uint64_t bytes_ = 0;
    bool is_extended_ = false;  // the window was already extended once
};

}  // namespace reprieve::http
