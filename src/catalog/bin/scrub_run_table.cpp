#include "catalog/bin/scrub_run_table.hpp"

namespace reprieve::catalog {

namespace {

// Enough for one pass an hour over six weeks.
constexpr std::int64_t kept_runs = 1000;

}  // namespace

void insert_run(Connection& db, ScrubRun& run) {
    db.run(
        "INSERT INTO scrub_runs (started_at, ended_at, trigger, images, bytes_freed, failures) "
        "VALUES (?1, ?2, ?3, ?4, ?5, ?6)",
        run.started_at, run.ended_at, run.trigger, run.images, run.bytes_freed, run.failures);
    run.number = db.last_insert_number();
    db.run("DELETE FROM scrub_runs WHERE n <= ?1", run.number - kept_runs);
}

void update_run(Connection& db, const ScrubRun& run) {
    db.run(
        "UPDATE scrub_runs SET started_at = ?2, ended_at = ?3, trigger = ?4, images = ?5, bytes_freed = ?6, "
        "failures = ?7 WHERE n = ?1",
        run.number, run.started_at, run.ended_at, run.trigger, run.images, run.bytes_freed, run.failures);
}

void end_open_runs(Connection& db) { db.run("UPDATE scrub_runs SET ended_at = started_at WHERE ended_at IS NULL"); }

std::vector<ScrubRun> last_runs(Connection& db, std::size_t limit) {
    auto rows = db.prepare(
        "SELECT n, started_at, ended_at, trigger, images, bytes_freed, failures FROM scrub_runs "
        "ORDER BY n DESC LIMIT ?1");
    rows.bind(limit);
    std::vector<ScrubRun> runs;
    while (rows.step()) {
        ScrubRun& run = runs.emplace_back();
        run.number = rows.get<std::int64_t>(0);
        run.started_at = rows.get<std::int64_t>(1);
        run.ended_at = rows.get<std::optional<std::int64_t>>(2);
        run.trigger = rows.get<std::string>(3);
        run.images = rows.get<std::uint64_t>(4);
        run.bytes_freed = rows.get<std::uint64_t>(5);
        run.failures = rows.get<std::uint64_t>(6);
    }
    return runs;
}

}  // namespace reprieve::catalog
