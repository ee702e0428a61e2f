#include "service/bin/location_removals.hpp"

#include "base/log.hpp"
#include "catalog/bin/bin_table.hpp"
#include "service/bin/scrub_pass.hpp"

namespace reprieve::service {
namespace {

constexpr std::size_t removal_batch = 100;

}  // namespace

std::optional<LocationRemovals::Failure> LocationRemovals::attempt(catalog::LocationRemoval removal) {
    std::optional<Failure> problem;
    try {
        const bool is_wanted =
            catalog_.read([&](catalog::Connection& db) { return catalog::is_still_to_remove(db, removal); });
        if (is_wanted) stores_.at(removal.store).remove(removal.uri);
    } catch (const store::HalfRemoved& error) {
        problem = Failure{error, false};
    } catch (const Error& error) {
        problem = Failure{error, true};
    }
    if (problem) {
        log_warning("location.not_removed", problem->error.what(),
                    {{"image", removal.image_id}, {"store", removal.store}});
        ++removal.attempts;
        removal.last_error = problem->error.what();
        removal.next_attempt_at = clock_.now_us() + retry_delay_us(removal.attempts);
    }
    catalog_.write([&](catalog::Connection& db) {
        if (problem)
            catalog::update_removal(db, removal);
        else
            catalog::delete_removal(db, removal.number);
    });
    return problem;
}

void LocationRemovals::attempt_due() {
    std::vector<catalog::LocationRemoval> due;
    const std::int64_t now = clock_.now_us();
    const auto find = [&](catalog::Connection& db) {
        due = catalog::due_removals(db, now, catalog::longest_wait_us, removal_batch);
    };
    // A failed removal is not due again at once, so the loop ends.
    for (catalog_.read(find); !due.empty(); catalog_.read(find))
        for (const auto& removal : due) attempt(removal);
}

}  // namespace reprieve::service
