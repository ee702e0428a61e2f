#include "service/operation/space_history.hpp"

#include <algorithm>

#include "base/error.hpp"
#include "base/log.hpp"
#include "catalog/operation/space_table.hpp"

namespace reprieve::service {

std::int64_t SpaceHistory::turn() {
    const std::int64_t now = clock_.now_us();
    const std::int64_t boot = clock_.boot_us();
    if (!due_boot_us_) {
        // A restart must not add a sample, so continue the interval of the newest sample.
        const auto newest = catalog_.read([&](catalog::Connection& db) { return catalog::newest_sample_at(db); });
        const bool is_recent = newest && *newest <= now && now - *newest < interval_us;
        due_boot_us_ = is_recent ? boot + interval_us - (now - *newest) : boot;
    }
    if (*due_boot_us_ <= boot) {
        note(now);
        due_boot_us_ = boot + interval_us;
    }
    return *due_boot_us_ - boot;
}

void SpaceHistory::note(std::int64_t now_us) {
    std::vector<SpaceSample> samples;
    for (const std::string& name : stores_.names()) {
        if (stores_.at(name).is_read_only()) continue;
        try {
            const store::Space space = stores_.at(name).space();
            samples.push_back(
                {.store = name, .at = now_us, .usage = {}, .total = space.total, .available = space.available});
        } catch (const Error& error) {
            log_debug("space.not_noted", {{"store", name}, {"reason", error.what()}});
        }
    }
    catalog_.write([&](catalog::Connection& db) {
        const auto usage = catalog::usage_by_store(db);
        for (SpaceSample& sample : samples) {
            if (const auto found = usage.find(sample.store); found != usage.end()) sample.usage = found->second;
            catalog::insert_sample(db, sample);
        }
        catalog::purge_samples(db, kept_);
    });
}

std::vector<SpaceSample> SpaceHistory::list(std::int64_t span_us, std::size_t points) const {
    const std::int64_t step_us = std::max<std::int64_t>(span_us / static_cast<std::int64_t>(points), 1);
    const std::int64_t now = clock_.now_us();
    return catalog_.read(
        [&](catalog::Connection& db) { return catalog::list_samples(db, now - span_us, now, step_us); });
}

}  // namespace reprieve::service
