#include "catalog/engine/change_watch.hpp"

#include <sqlite3.h>

#include <algorithm>
#include <array>
#include <string_view>

namespace reprieve::catalog {
namespace {

struct TableTopics {
    std::string_view table;
    Topics topics;
};

/// Returns the topics for a change of a row of `table`. Returns no topics if no client sees the table, or if the table
/// only changes together with another one that has topics.
Topics topics_of(std::string_view table, bool is_insert) {
    static const std::array known{
        TableTopics{"images", {Topic::images}},
        TableTopics{"image_members", {Topic::images}},
        TableTopics{"image_locations", {Topic::uploads}},
        TableTopics{"uploads", {Topic::uploads}},
        TableTopics{"scrub_runs", {Topic::scrubber}},
        TableTopics{"events", {Topic::events}},
        TableTopics{"space_samples", {Topic::space}},
        TableTopics{"users", {Topic::people, Topic::sessions}},
        TableTopics{"projects", {Topic::people, Topic::sessions}},
        TableTopics{"role_assignments", {Topic::people, Topic::sessions}},
        TableTopics{"application_credentials", {Topic::people, Topic::sessions}},
        TableTopics{"tokens", {Topic::sessions}},
    };
    const auto found = std::find_if(known.begin(), known.end(), [&](const auto& each) { return each.table == table; });
    if (found == known.end()) return {};
    Topics topics = found->topics;
    if (is_insert) topics.remove({Topic::sessions});  // a new row ends no session
    return topics;
}

void on_row(void* watch, sqlite3*, int operation, const char*, const char* table, sqlite3_int64, sqlite3_int64) {
    static_cast<ChangeWatch*>(watch)->note(topics_of(table, operation == SQLITE_INSERT));
}

}  // namespace

// Uses the preupdate hook, because SQLite does not call the update hook for tables WITHOUT ROWID.
ChangeWatch::ChangeWatch(Connection& connection) : connection_(connection) {
    sqlite3_preupdate_hook(connection_.database().getHandle(), on_row, this);
}

ChangeWatch::~ChangeWatch() { sqlite3_preupdate_hook(connection_.database().getHandle(), nullptr, nullptr); }

}  // namespace reprieve::catalog
