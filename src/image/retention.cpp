#include "image/retention.hpp"

#include <algorithm>

#include "base/saturating.hpp"

namespace reprieve {

Deletion deletion_at(std::int64_t now_us, std::int64_t retention_us) {
    return {.deleted_at = now_us,
            .deleted_by = {},
            .scrub_after = saturating_add(now_us, retention_us),
            .retention = retention_us};
}

std::int64_t deadline_after_step(std::int64_t scrub_after, std::int64_t retention, std::int64_t before_us,
                                 std::int64_t after_us) {
    const auto full_retention = saturating_add(after_us, retention);
    if (after_us < before_us) return std::min(scrub_after, full_retention);
    if (saturating_subtract(scrub_after, before_us) <= retention)
        return saturating_add(scrub_after, saturating_subtract(after_us, before_us));
    // A deadline this far ahead was not computed from the clock before the jump.
    return scrub_after <= after_us ? full_retention : scrub_after;
}

}  // namespace reprieve
