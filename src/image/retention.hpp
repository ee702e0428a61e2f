#pragma once

#include <cstdint>

#include "image/image.hpp"

namespace reprieve {

// The functions below are the rule for how long a deleted image is kept (its retention). Times are microseconds since
// 1970 UTC.

/// Returns the Deletion of an image that is deleted at `now_us` and is to be kept for `retention_us` microseconds. The
/// caller must set deleted_by and deleted_from.
Deletion deletion_at(std::int64_t now_us, std::int64_t retention_us);

/// Returns the value that the deadline `scrub_after` of an image must get after the wall clock jumped from `before_us`
/// to `after_us`. `retention` is the time in microseconds that the image is to be kept after its delete. No image loses
/// any of its remaining retention.
///
/// - Jump forward: a deadline at most one retention after `before_us` moves by the length of the jump. A deadline
///   further away cannot come from the clock before the jump: it stays, or becomes `after_us` + `retention` if
///   `after_us` has reached it.
/// - Jump back: the deadline stays, but becomes `after_us` + `retention` if it is later than that.
std::int64_t deadline_after_step(std::int64_t scrub_after, std::int64_t retention, std::int64_t before_us,
                                 std::int64_t after_us);

}  // namespace reprieve
