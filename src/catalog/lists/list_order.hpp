#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "catalog/engine/connection.hpp"
#include "catalog/lists/list_conditions.hpp"
#include "image/image_query.hpp"

namespace reprieve::catalog {

/// One column of the order. NULL sorts before all values, so last in descending order.
struct OrderColumn {
    std::string name;  ///< of images; "n" is always the last
    bool descending = false;
    bool is_text = false;
    bool may_be_null = false;
};

/// The columns that `query` sorts by, without those that change nothing (repeated ones, what follows n, what a
/// filter holds at one value); ends with n, in the direction of the last term, so that the order is total.
std::vector<OrderColumn> order_of(const ImageQuery& query, const Conditions& conditions);

/// Where a page begins: the values of the marker, one for each column of the order.
struct Marker {
    using Stored = std::variant<std::monostate, std::int64_t, std::string>;
    std::vector<Stored> values;

    Value value(std::size_t column) const;
    bool is_null(std::size_t column) const { return values[column].index() == 0; }
};

/// Throws bad_request where there is no image with that id in that list.
Marker find_marker(Connection& db, ListFamily family, const std::vector<OrderColumn>& order, const std::string& id);

/// A part of the order that one walk along an index serves: the columns before `from` stand still, the others follow.
/// "After the marker" is a few of them, one after the other.
struct Leg {
    std::vector<Condition> bounds;
    std::size_t from = 0;
};
std::vector<Leg> legs_after(const std::vector<OrderColumn>& order, const std::optional<Marker>& marker);

/// "i.name ASC, i.n ASC" for the columns from `from` on; `number` stands for images.n.
std::string order_by(const std::vector<OrderColumn>& order, std::size_t from, std::string_view number);

}  // namespace reprieve::catalog
