#pragma once

#include <cstdint>

#include "image/image.hpp"

namespace reprieve {

/// The retention rule: how long a deleted image is kept. Times are microseconds since 1970 UTC.

/// Returns the deletion at `now_us` of an image that is kept for `retention_us` from then on. The caller sets who
/// deleted it and what it was before.
Deletion deletion_at(std::int64_t now_us, std::int64_t retention_us);

/// Returns the deadline `scrub_after` of an image with that `retention` after the wall clock stepped from `before_us`
/// to `after_us`. No image is left with less of its retention than it had, and none with more than a full one from now.
///
/// Forward: a deadline that the old clock can have set moves by the step; one that another clock set, and that is over
/// now, becomes a full retention away. Back: a deadline stays, but is never more than a full retention away.
std::int64_t deadline_after_step(std::int64_t scrub_after, std::int64_t retention, std::int64_t before_us,
                                 std::int64_t after_us);

}  // namespace reprieve
