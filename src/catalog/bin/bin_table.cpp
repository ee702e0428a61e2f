#include "catalog/bin/bin_table.hpp"

#include <algorithm>

#include "base/saturating.hpp"
#include "catalog/engine/comma_list.hpp"
#include "catalog/images/image_row.hpp"
#include "image/retention.hpp"

namespace reprieve::catalog {

std::vector<Image> due_images(Connection& db, std::int64_t now_us, std::size_t limit, const DuePlace& after) {
    const std::array<Value, 5> values{to_value(now_us), to_value(saturating_add(now_us, longest_wait_us)),
                                      to_value(limit), to_value(after.scrub_after), to_value(after.number)};
    auto images = select_images(db,
                                "FROM images AS i INDEXED BY images_due WHERE i.status = 6 AND i.scrub_after <= ?1 "
                                "AND (i.scrub_after, i.n) > (?4, ?5) "
                                "AND NOT EXISTS (SELECT 1 FROM image_locations AS l WHERE l.image = i.n "
                                "AND l.next_attempt_at > ?1 AND l.next_attempt_at <= ?2) "
                                "ORDER BY i.scrub_after, i.n LIMIT ?3",
                                values);
    load_locations(db, images);
    return images;
}

std::vector<Image> half_done_images(Connection& db, std::int64_t now_us, std::size_t limit) {
    const std::array<Value, 3> values{to_value(now_us), to_value(saturating_add(now_us, longest_wait_us)),
                                      to_value(limit)};
    auto images = select_images(db,
                                "FROM images AS i INDEXED BY images_scrubbing WHERE i.status = 7 "
                                "AND NOT EXISTS (SELECT 1 FROM image_locations AS l WHERE l.image = i.n "
                                "AND l.next_attempt_at > ?1 AND l.next_attempt_at <= ?2) ORDER BY i.n LIMIT ?3",
                                values);
    load_locations(db, images);
    return images;
}

void update_status_of_removal(Connection& db, std::int64_t image_number, Status status) {
    // The column `place` names the list that shows the image. Only the change to deleted moves an image to another
    // place.
    if (status == Status::deleted)
        db.run("UPDATE images SET status = ?2, place = 3 WHERE n = ?1", image_number, status);
    else
        db.run("UPDATE images SET status = ?2 WHERE n = ?1", image_number, status);
}

std::vector<Image> bin_images(Connection& db, std::int64_t after_number, const std::optional<std::string>& owner,
                              std::size_t limit) {
    const std::array<Value, 3> values{to_value(after_number), to_value(owner), to_value(limit)};
    auto images = select_images(db,
                                "FROM images AS i INDEXED BY images_bin WHERE i.place = 1 AND i.n > ?1 "
                                "AND (?2 IS NULL OR i.owner = ?2) ORDER BY i.n LIMIT ?3",
                                values);
    load_locations(db, images);
    return images;
}

std::optional<std::int64_t> next_due_at(Connection& db) {
    auto rows = db.prepare(
        "SELECT i.scrub_after, (SELECT max(l.next_attempt_at) FROM image_locations AS l WHERE l.image = i.n) "
        "FROM images AS i INDEXED BY images_due WHERE i.status = 6 ORDER BY i.scrub_after");
    std::optional<std::int64_t> next;
    while (rows.step()) {
        const auto scrub_after = rows.get<std::int64_t>(0);
        if (next && scrub_after >= *next) break;
        const auto due = std::max(scrub_after, rows.get<std::optional<std::int64_t>>(1).value_or(scrub_after));
        next = std::min(next.value_or(due), due);
    }
    // Images in status scrubbing may have lost some of their bytes. They are due at their next attempt, whatever their
    // scrub_after.
    auto half_done = db.prepare(
        "SELECT min((SELECT max(l.next_attempt_at) FROM image_locations AS l WHERE l.image = i.n)) "
        "FROM images AS i INDEXED BY images_scrubbing WHERE i.status = 7");
    if (half_done.step()) {
        if (const auto due = half_done.get<std::optional<std::int64_t>>(0)) next = std::min(next.value_or(*due), *due);
    }
    return next;
}

std::vector<BlockedImage> blocked_images(Connection& db, std::size_t limit) {
    auto rows = db.prepare(
        "SELECT i.id, coalesce(i.name, ''), l.last_error, l.attempts, l.next_attempt_at, l.blocked_by "
        "FROM image_locations AS l "
        "INDEXED BY image_locations_blocked JOIN images AS i ON i.n = l.image WHERE l.attempts > 0 ORDER BY l.n LIMIT "
        "?1");
    rows.bind(limit);
    std::vector<BlockedImage> blocked;
    while (rows.step())
        blocked.push_back({rows.get<std::string>(0), rows.get<std::string>(1), rows.get<std::string>(2),
                           rows.get<int>(3), rows.get<std::int64_t>(4), from_column(rows.get<std::string>(5))});
    return blocked;
}

void end_waits(Connection& db) {
    db.run("UPDATE image_locations INDEXED BY image_locations_blocked SET next_attempt_at = 0 WHERE attempts > 0");
    db.run("UPDATE location_removals SET next_attempt_at = 0 WHERE attempts > 0");
}

std::size_t shift_deadlines(Connection& db, std::int64_t before_us, std::int64_t after_us) {
    struct Move {
        std::int64_t number, scrub_after;
    };
    std::vector<Move> moves;
    for (auto rows = db.prepare("SELECT n, scrub_after, retention FROM images WHERE status = 6 "
                                "UNION ALL SELECT n, scrub_after, retention FROM images WHERE status = 7");
         rows.step();) {
        const auto scrub_after = rows.get<std::int64_t>(1);
        const auto moved = deadline_after_step(scrub_after, rows.get<std::int64_t>(2), before_us, after_us);
        if (moved != scrub_after) moves.push_back({rows.get<std::int64_t>(0), moved});
    }
    auto update = db.prepare("UPDATE images SET scrub_after = ?2 WHERE n = ?1");
    for (const auto& move : moves) update.bind(move.number, move.scrub_after).run();
    return moves.size();
}

}  // namespace reprieve::catalog
