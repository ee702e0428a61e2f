#include "catalog/lists/list_order.hpp"

#include <algorithm>

#include "base/error.hpp"
#include "base/joined.hpp"

namespace reprieve::catalog {

namespace {

OrderColumn column_of(const SortTerm& term) {
    const auto column = [&](const char* name, bool is_text, bool may_be_null) {
        return OrderColumn{name, term.descending, is_text, may_be_null};
    };
    switch (term.key) {
        case SortKey::created_at:
            return column("n", false, false);
        case SortKey::updated_at:
            return column("updated_at", false, false);
        case SortKey::name:
            return column("name", true, true);
        case SortKey::id:
            return column("id", true, false);
        case SortKey::status:
            return column("status", false, false);
        case SortKey::size:
            return column("size", false, true);
        case SortKey::disk_format:
            return column("disk_format", true, true);
        case SortKey::container_format:
            return column("container_format", true, true);
        case SortKey::visibility:
            return column("visibility", false, false);
        case SortKey::owner:
            return column("owner", true, false);
        case SortKey::min_disk:
            return column("min_disk", false, false);
        case SortKey::min_ram:
            return column("min_ram", false, false);
        case SortKey::checksum:
            return column("checksum", true, true);
        case SortKey::os_hash_value:
            return column("os_hash_value", true, true);
        case SortKey::is_protected:
            return column("is_protected", false, false);
        case SortKey::is_hidden:
            return column("is_hidden", false, false);
        case SortKey::virtual_size:
            return column("virtual_size", false, true);
        case SortKey::deleted_at:
            return column("deleted_at", false, true);
        case SortKey::scrub_after:
            return column("scrub_after", false, true);
    }
    return column("n", false, false);
}

bool is_held_still(const OrderColumn& column, const Conditions& conditions) {
    return std::any_of(conditions.tests.begin(), conditions.tests.end(), [&](const Condition& test) {
        return test.column == column.name && test.bound == Condition::Bound::equal;
    });
}

Condition stands_still(const OrderColumn& column, const Marker& marker, std::size_t at) {
    if (marker.is_null(at)) return {"i." + column.name + " IS NULL", {}, column.name, Condition::Bound::equal};
    return {"i." + column.name + " = ?", {marker.value(at)}, column.name, Condition::Bound::equal};
}

// The comparison with the smallest value replaces "IS NOT NULL", which SQLite does not use as a bound of an index. With
// "IS NOT NULL", SQLite would walk over all rows with NULL.
Condition is_not_null(const OrderColumn& column) {
    if (column.is_text) return {"i." + column.name + " >= ''", {}, column.name, Condition::Bound::lower};
    return {"i." + column.name + " >= ?", {Value(std::int64_t{INT64_MIN})}, column.name, Condition::Bound::lower};
}

// Returns the ranges of values of `column` that come after the value of the marker, in the order of the list.
std::vector<Condition> beyond(const OrderColumn& column, const Marker& marker, std::size_t at) {
    if (!column.descending) {
        if (marker.is_null(at)) return {is_not_null(column)};
        return {{"i." + column.name + " > ?", {marker.value(at)}, column.name, Condition::Bound::lower}};
    }
    if (marker.is_null(at)) return {};
    std::vector<Condition> bounds{
        {"i." + column.name + " < ?", {marker.value(at)}, column.name, Condition::Bound::upper}};
    if (column.may_be_null)
        bounds.push_back({"i." + column.name + " IS NULL", {}, column.name, Condition::Bound::equal});
    return bounds;
}

}  // namespace

std::vector<OrderColumn> order_of(const ImageQuery& query, const Conditions& conditions) {
    std::vector<OrderColumn> order;
    for (const auto& term : query.sort) {
        auto column = column_of(term);
        const bool is_repeated = std::any_of(order.begin(), order.end(),
                                             [&](const OrderColumn& before) { return before.name == column.name; });
        if (is_repeated || is_held_still(column, conditions)) continue;
        const bool is_last = column.name == "n";
        order.push_back(std::move(column));
        if (is_last) return order;
    }
    order.push_back({"n", query.sort.empty() || query.sort.back().descending, false, false});
    return order;
}

Value Marker::value(std::size_t column) const {
    if (const auto* number = std::get_if<std::int64_t>(&values[column])) return *number;
    if (const auto* text = std::get_if<std::string>(&values[column])) return std::string_view(*text);
    return {};
}

Marker find_marker(Connection& db, ListFamily family, const std::vector<OrderColumn>& order, const std::string& id) {
    const auto columns = joined(order, ", ", [](const OrderColumn& column) { return "i." + column.name; });
    auto row = db.prepare("SELECT " + columns + " FROM images AS i WHERE i.id = ?1 AND " + place_condition(family));
    if (!row.bind(id).step())
        throw Error(ErrorKind::bad_request, "the marker " + id + " is no image of this list: begin the list again");
    Marker marker;
    for (std::size_t at = 0; at < order.size(); ++at) {
        const int column = static_cast<int>(at);
        if (!order[at].is_text) {
            const auto number = row.get<std::optional<std::int64_t>>(column);
            marker.values.push_back(number ? Marker::Stored(*number) : Marker::Stored());
        } else {
            auto text = row.get<std::optional<std::string>>(column);
            marker.values.push_back(text ? Marker::Stored(std::move(*text)) : Marker::Stored());
        }
    }
    return marker;
}

std::vector<Leg> legs_after(const std::vector<OrderColumn>& order, const std::optional<Marker>& marker) {
    if (!marker) return {Leg{}};
    std::vector<Leg> legs;
    for (std::size_t from = order.size(); from-- > 0;) {
        std::vector<Condition> still;
        for (std::size_t at = 0; at < from; ++at) still.push_back(stands_still(order[at], *marker, at));
        for (auto& bound : beyond(order[from], *marker, from)) {
            Leg leg{still, from};
            leg.bounds.push_back(std::move(bound));
            legs.push_back(std::move(leg));
        }
    }
    return legs;
}

std::string order_by(const std::vector<OrderColumn>& order, std::size_t from, std::string_view number) {
    std::vector<std::string> parts;
    for (std::size_t at = from; at < order.size(); ++at)
        parts.push_back((order[at].name == "n" ? std::string(number) : "i." + order[at].name) +
                        (order[at].descending ? " DESC" : " ASC"));
    return joined(parts, ", ");
}

}  // namespace reprieve::catalog
