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

/// History of how full the stores are: records a sample of each store regularly. Any thread may call, except that
/// turn() is for the worker and tests only.
class SpaceHistory {
public:
    /// Time between two samples of a store.
    static constexpr std::int64_t interval_us = 600 * us_per_second;
    /// Time that the default number of samples per store covers.
    static constexpr std::int64_t keep_us = 30 * 24 * 3600 * us_per_second;

    /// `kept`: number of samples kept for each store. The default covers `keep_us` if the appliance always runs.
    SpaceHistory(catalog::Catalog& catalog, const store::StoreSet& stores, const Clock& clock,
                 std::size_t kept = keep_us / interval_us)
        : catalog_(catalog), stores_(stores), clock_(clock), kept_(kept) {}
    ~SpaceHistory() { stop(); }

    /// Starts and ends the worker that records the samples.
    void start() { worker_.start(); }
    void stop() { worker_.stop(); }
    const Worker& worker() const { return worker_; }

    /// Records a sample of each store if that is due. Leaves out read-only stores and stores that do not answer.
    /// Returns the microseconds until the next samples are due. Throws Error if the catalog cannot be written; the
    /// samples then stay due.
    std::int64_t turn();

    /// Returns the samples of the last `span_us` microseconds, ordered by store and time: at most about `points` for
    /// each store. Requires: `points` > 0.
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
