#pragma once

#include <cstdint>

#include "image/image.hpp"

namespace reprieve {

// The retention rule: how long a deleted image is kept. Times are microseconds since 1970 UTC.

/// Returns the deletion of an image that is deleted at `now_us` and kept for `retention_us` microseconds. The caller
/// must set deleted_by and deleted_from.
Deletion deletion_at(std::int64_t now_us, std::int64_t retention_us);

/// Returns the new value of the deadline `scrub_after` after the wall clock stepped from `before_us` to `after_us`.
/// `retention` is the image's retention in microseconds. No image loses any of its remaining retention.
///
/// - Step forward: a deadline at most one retention after `before_us` moves by the step. A deadline further away was
///   set by another clock: it stays, but if it has passed, it becomes one full retention from now.
/// - Step back: the deadline stays, but is at most one full retention from now.
std::int64_t deadline_after_step(std::int64_t scrub_after, std::int64_t retention, std::int64_t before_us,
                                 std::int64_t after_us);

}  // namespace reprieve
