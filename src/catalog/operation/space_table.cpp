#include "catalog/operation/space_table.hpp"

namespace reprieve::catalog {

std::map<std::string, StoreUsage> usage_by_store(Connection& db) {
    std::map<std::string, StoreUsage> usage;
    auto rows = db.prepare("SELECT store, images, bin, reserved FROM store_usage");
    while (rows.step())
        usage[rows.get<std::string>(0)] = {rows.get<std::uint64_t>(1), rows.get<std::uint64_t>(2),
                                           rows.get<std::uint64_t>(3)};
    return usage;
}

void insert_sample(Connection& db, const SpaceSample& sample) {
    db.run(
        "INSERT OR REPLACE INTO space_samples (store, at, images, bin, reserved, total, available) "
        "VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)",
        sample.store, sample.at, sample.usage.images, sample.usage.bin, sample.usage.reserved, sample.total,
        sample.available);
}

void purge_samples(Connection& db, std::size_t kept) {
    db.run(
        "DELETE FROM space_samples WHERE n IN (SELECT n FROM (SELECT n, row_number() OVER (PARTITION BY store "
        "ORDER BY n DESC) AS age FROM space_samples) WHERE age > ?1)",
        kept);
}

std::optional<std::int64_t> newest_sample_at(Connection& db) {
    auto row = db.prepare("SELECT max(at) FROM space_samples");
    row.step();
    return row.get<std::optional<std::int64_t>>(0);
}

std::vector<SpaceSample> list_samples(Connection& db, std::int64_t from_us, std::int64_t until_us,
                                      std::int64_t step_us) {
    // SQLite takes the other columns from the row that has the maximum.
    auto rows = db.prepare(
        "SELECT store, max(at), images, bin, reserved, total, available FROM space_samples WHERE at >= ?1 "
        "AND at <= ?2 GROUP BY store, at / ?3 ORDER BY store, at / ?3");
    rows.bind(from_us, until_us, step_us);
    std::vector<SpaceSample> samples;
    while (rows.step())
        samples.push_back(
            {.store = rows.get<std::string>(0),
             .at = rows.get<std::int64_t>(1),
             .usage = {rows.get<std::uint64_t>(2), rows.get<std::uint64_t>(3), rows.get<std::uint64_t>(4)},
             .total = rows.get<std::uint64_t>(5),
             .available = rows.get<std::uint64_t>(6)});
    return samples;
}

}  // namespace reprieve::catalog
