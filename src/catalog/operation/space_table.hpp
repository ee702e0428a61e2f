#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "catalog/engine/connection.hpp"
#include "image/space_sample.hpp"

namespace reprieve::catalog {

/// What the stores hold, now and over time. All functions run inside Catalog::read or write.

/// Of each store that ever had something. The cost does not grow with the catalog.
std::map<std::string, StoreUsage> usage_by_store(Connection& db);

/// One of the same store and moment gives way.
void insert_sample(Connection& db, const SpaceSample& sample);

/// Removes all but the last `kept` of each store, in the order in which they were noted: a clock that is wrong for a
/// while costs none.
void purge_samples(Connection& db, std::size_t kept);

/// Nothing where there is none.
std::optional<std::int64_t> newest_sample_at(Connection& db);

/// By store and time: the last of each `step_us`, from `from_us` to `until_us`.
std::vector<SpaceSample> list_samples(Connection& db, std::int64_t from_us, std::int64_t until_us,
                                      std::int64_t step_us);

}  // namespace reprieve::catalog
