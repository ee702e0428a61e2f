#include "service/images/stores.hpp"

#include "base/error.hpp"
#include "catalog/images/image_table.hpp"
#include "catalog/operation/space_table.hpp"

namespace reprieve::service {

std::vector<Stores::Entry> Stores::list() const {
    std::vector<Entry> entries;
    for (const std::string& name : stores_.names())
        entries.push_back(
            {name, stores_.config(name), name == stores_.default_name(), stores_.at(name).is_read_only()});
    return entries;
}

Stores::Overview Stores::overview() const {
    Overview overview;
    std::map<std::string, StoreUsage> usage;
    catalog_.read([&](catalog::Connection& db) {
        overview.totals = catalog::totals(db);
        overview.by_status = catalog::count_by_status(db);
        usage = catalog::usage_by_store(db);
    });
    for (Entry& entry : list()) {
        Overview::StoreSpace row{std::move(entry), {}, {}, {}};
        row.usage = usage[row.store.name];
        try {
            row.space = stores_.at(row.store.name).space();
        } catch (const Error& error) {
            row.error = error.what();
        }
        overview.stores.push_back(std::move(row));
    }
    return overview;
}

std::optional<std::uint64_t> Stores::allocated(const Location& location) const {
    if (location.state != Location::State::stored) return {};
    try {
        // A location in a read-only store takes no space here, and its server could make the caller wait.
        if (stores_.at(location.store).is_read_only()) return 0;
        return stores_.at(location.store).stat(location.uri).allocated;
    } catch (const Error&) {
        return {};
    }
}

std::string Stores::not_ready_reason() {
    try {
        catalog_.read([](catalog::Connection& db) { catalog::totals(db); });
        stores_.default_store().space();
        return {};
    } catch (const Error& error) {
        return error.what();
    }
}

}  // namespace reprieve::service
