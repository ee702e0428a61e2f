#include "service/uploads/upload_sweeper.hpp"

#include <algorithm>

namespace reprieve::service {

std::int64_t UploadSweeper::turn() {
    const auto next = uploads_.next_expiry();
    if (!next) return longest_sleep_us;
    const std::int64_t left_us = *next - clock_.now_us();
    if (left_us > 0) return std::min(left_us, longest_sleep_us);
    return uploads_.sweep() > 0 ? 0 : retry_us;
}

}  // namespace reprieve::service
