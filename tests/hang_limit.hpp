#pragma once

#include <chrono>
#include <cstdint>

namespace reprieve::tests {

/// Longest wait of a test. It only ends tests that hang, so it is long enough for a slow machine.
inline constexpr std::chrono::minutes hang_limit{5};
inline constexpr std::int64_t hang_limit_us = std::chrono::microseconds(hang_limit).count();

}  // namespace reprieve::tests
