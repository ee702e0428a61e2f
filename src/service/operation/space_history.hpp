#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <vector>

#include "base/clock.hpp"
#include "base/worker.hpp"
#include "catalog/catalog.hpp"
#include "image/space_sample.hpp"
#include "store/store_set.hpp"

namespace reprieve::service {

/// Notes regularly how full the stores are, and keeps that for a while. Any thread may call, but turn() is the worker's
/// or a test's.
class SpaceHistory {
public:
    static constexpr std::int64_t interval_us = 600 * us_per_second;
    static constexpr std::int64_t keep_us = 30 * 24 * 3600 * us_per_second;

    /// Of each store the last `kept` are kept, which are those of `keep_us` where it always runs.
    SpaceHistory(catalog::Catalog& catalog, const store::StoreSet& stores, const Clock& clock,
                 std::size_t kept = keep_us / interval_us)
        : catalog_(catalog), stores_(stores), clock_(clock), kept_(kept) {}
    ~SpaceHistory() { stop(); }

    /// Starts and ends the worker that notes it.
    void start() { worker_.start(); }
    void stop() { worker_.stop(); }
    const Worker& worker() const { return worker_; }

    /// Notes it if that is due; leaves out stores that do not answer and those that are only read. Returns the
    /// microseconds until it is due again. Throws Error if the catalog cannot be written: then it is due at once.
    std::int64_t turn();

    /// What was noted in the last `span_us`, by store and time: at most about `points` for each store.
    std::vector<SpaceSample> list(std::int64_t span_us, std::size_t points) const;

private:
    void note(std::int64_t now_us);

    catalog::Catalog& catalog_;
    const store::StoreSet& stores_;
    const Clock& clock_;
    const std::size_t kept_;
    std::optional<std::int64_t> due_boot_us_;
    Worker worker_{"space_history", clock_, [this] { return turn(); }};
};

}  // namespace reprieve::service
