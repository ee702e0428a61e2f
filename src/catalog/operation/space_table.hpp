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

/// This file has the tables of the bytes in each store, now and over time. Call its functions inside Catalog::read or
/// Catalog::write. Times are microseconds since 1970 UTC.

/// Returns the usage of each store that ever had a location of an image, by the name of the store. Triggers of the
/// database keep the usage up to date, so the cost does not grow with the number of images.
std::map<std::string, StoreUsage> usage_by_store(Connection& db);

/// Stores a sample. Replaces an earlier sample of the same store and time.
void insert_sample(Connection& db, const SpaceSample& sample);

/// Deletes all samples of each store except the `kept` that were stored last. The order of storing decides, not the
/// time, so that a clock that is wrong for a while does not delete good samples.
void purge_samples(Connection& db, std::size_t kept);

/// Returns the latest time of all samples; nullopt if there is none.
std::optional<std::int64_t> newest_sample_at(Connection& db);

/// Returns the samples from `from_us` to `until_us`, both inclusive, sorted by store and time. If a store has several
/// samples in one interval of `step_us` microseconds (counted from 1970), returns only the last of them. Requires:
/// `step_us` is not 0.
std::vector<SpaceSample> list_samples(Connection& db, std::int64_t from_us, std::int64_t until_us,
                                      std::int64_t step_us);

}  // namespace reprieve::catalog
