#include "catalog/engine/schema.hpp"

#include <charconv>

#include "base/error.hpp"

namespace reprieve::catalog {

namespace {

constexpr std::int64_t application_id = 0x52507276;  // "RPrv"; never changes

std::int64_t pragma(Connection& db, const char* sql) {
    auto statement = db.prepare(sql);
    return statement.step() ? statement.get<std::int64_t>(0) : 0;
}

std::int64_t number_of(const EmbeddedText& migration) {
    std::int64_t number = 0;
    std::from_chars(migration.name.data(), migration.name.data() + migration.name.size(), number);
    return number;
}

void require_our_file(Connection& db, std::int64_t version, std::int64_t newest) {
    const bool is_empty = pragma(db, "SELECT count(*) FROM sqlite_schema") == 0;
    if (!is_empty && pragma(db, "PRAGMA application_id") != application_id)
        throw Error(ErrorKind::unavailable,
                    "catalog.db in the data folder is a database of another program: choose another data folder");
    if (version > newest)
        throw Error(ErrorKind::unavailable, "the catalog has schema " + std::to_string(version) +
                                                ", this version knows up to " + std::to_string(newest) +
                                                ": start the newer version, or restore a backup");
}

}  // namespace

void bring_up_to_date(Connection& db) {
    const auto migrations = embedded_migrations();
    const auto newest = migrations.empty() ? 0 : number_of(migrations.back());
    const auto version = pragma(db, "PRAGMA user_version");
    require_our_file(db, version, newest);
    db.execute_script("PRAGMA auto_vacuum = NONE; PRAGMA journal_mode = WAL;");
    for (const auto& migration : migrations) {
        const auto number = number_of(migration);
        if (number <= version) continue;
        db.execute_script("BEGIN IMMEDIATE");
        try {
            db.execute_script(std::string(migration.text));
            db.execute_script("PRAGMA application_id = " + std::to_string(application_id) +
                              "; PRAGMA user_version = " + std::to_string(number) + "; COMMIT");
        } catch (...) {
            if (db.in_transaction()) db.execute_script("ROLLBACK");
            throw;
        }
    }
}

}  // namespace reprieve::catalog
