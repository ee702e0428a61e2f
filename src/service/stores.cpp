#include "service/stores.hpp"

#include "base/error.hpp"
#include "catalog/image_table.hpp"

namespace reprieve::service {

std::vector<Stores::Entry> Stores::list() const {
    std::vector<Entry> entries;
    for (const std::string& name : stores_.names())
        entries.push_back({name, stores_.description(name), name == stores_.default_name()});
    return entries;
}

std::optional<std::uint64_t> Stores::allocated(const Location& location) const {
    if (location.state != Location::State::stored) return {};
    try {
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
