#include "catalog/engine/location_key.hpp"

#include <string>
#include <vector>

#include "base/error.hpp"
#include "base/log.hpp"

namespace reprieve::catalog {
namespace {

constexpr std::size_t batch_size = 1000;
constexpr const char* no_key = "none";  // value of location_key_next; an empty text there means: no change is running

struct Names {
    std::string key, next;
};

Names stored_names(Connection& db) {
    auto row = db.prepare("SELECT location_key, location_key_next FROM catalog_state");
    row.step();
    return {row.get<std::string>(0), row.get<std::string>(1)};
}

[[noreturn]] void refuse(const std::string& message) { throw Error(ErrorKind::unavailable, message); }

/// Tells whether stored URIs must be rewritten, because not all of them are under the current key of `cipher`. Throws
/// unavailable if the keys of `cipher` do not fit the keys in `stored`.
bool is_change_needed(const Names& stored, const LocationCipher& cipher) {
    const std::string current = cipher.current_name();
    const std::string previous = cipher.previous_name();
    if (stored.key == current && stored.next.empty()) return false;
    const std::string next = current.empty() ? no_key : current;
    if (!stored.next.empty() && (stored.next != next || stored.key != previous))
        refuse(
            "an earlier change of the location key was interrupted: finish it with 'reprieve locations rotate-key', "
            "with the old key in the configuration and the same new key");
    if (stored.key == previous) return true;
    if (!previous.empty()) refuse("the locations in the catalog are not encrypted with the key in the configuration");
    if (current.empty())
        refuse("the locations in the catalog are encrypted: set catalog.location_key_file to the file with their key");
    refuse(
        "the locations in the catalog are encrypted with another key than catalog.location_key: configure that key, "
        "and change it with 'reprieve locations rotate-key'");
}

template <typename Work>
void in_transaction(Connection& db, Work work) {
    db.execute_script("BEGIN IMMEDIATE");
    try {
        work();
        db.execute_script("COMMIT");
    } catch (...) {
        if (db.in_transaction()) db.execute_script("ROLLBACK");
        throw;
    }
}

struct Row {
    std::int64_t number = 0;
    std::int64_t image = 0;
    std::string store;
    StoredUri uri;
};

std::vector<Row> rows_to_change(Connection& db, const std::string& table, std::int64_t after) {
    auto rows = db.prepare("SELECT n, image, store, uri, uri_key, uri_mark FROM " + table +
                           " WHERE n > ?1 AND uri_key <> ?2 ORDER BY n LIMIT ?3");
    rows.bind(after, db.location_cipher().current_name(), batch_size);
    std::vector<Row> found;
    while (rows.step())
        found.push_back({rows.get<std::int64_t>(0),
                         rows.get<std::int64_t>(1),
                         rows.get<std::string>(2),
                         {rows.get<std::string>(3), rows.get<std::string>(4), rows.get<std::string>(5)}});
    return found;
}

std::size_t store_anew(Connection& db, const std::string& table) {
    const LocationCipher& cipher = db.location_cipher();
    std::size_t count = 0;
    std::vector<Row> rows;
    std::int64_t after = 0;
    do {
        in_transaction(db, [&] {
            rows = rows_to_change(db, table, after);
            auto update = db.prepare("UPDATE " + table + " SET uri = ?2, uri_key = ?3, uri_mark = ?4 WHERE n = ?1");
            for (const Row& row : rows) {
                const auto uri = cipher.close(row.image, row.store, cipher.open(row.image, row.store, row.uri));
                update.bind(row.number, uri.text, uri.key_name, uri.mark).run();
            }
        });
        count += rows.size();
        if (!rows.empty()) after = rows.back().number;
    } while (!rows.empty());
    return count;
}

}  // namespace

void bring_under_key(Connection& db) {
    const LocationCipher& cipher = db.location_cipher();
    if (!is_change_needed(stored_names(db), cipher)) return;
    const std::string current = cipher.current_name();
    // Old URIs must not stay readable in free pages of the file.
    db.execute_script("PRAGMA secure_delete = ON");
    in_transaction(db, [&] {
        db.run("UPDATE catalog_state SET location_key_next = ?1", current.empty() ? std::string(no_key) : current);
    });
    const std::size_t count = store_anew(db, "image_locations") + store_anew(db, "location_removals");
    in_transaction(db, [&] { db.run("UPDATE catalog_state SET location_key = ?1, location_key_next = ''", current); });
    db.execute_script("PRAGMA wal_checkpoint(TRUNCATE); PRAGMA secure_delete = FAST");
    log_info("catalog.location_key_changed", {{"locations", count}, {"key", current.empty() ? no_key : current}});
}

}  // namespace reprieve::catalog
