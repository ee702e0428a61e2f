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

/// One column that a list is sorted by. NULL sorts before all values, so it comes last in descending order.
struct OrderColumn {
    std::string name;  ///< a column of images; "n" is always the last one
    bool descending = false;
    bool is_text = false;
    bool may_be_null = false;
};

/// Returns the columns that `query` sorts by. The last one is n, in the direction of the last sort term, so that the
/// order is total. Omits columns that change nothing: repeated ones, those after n, and those that a filter restricts
/// to one value.
std::vector<OrderColumn> order_of(const ImageQuery& query, const Conditions& conditions);

/// Position after which a page begins: the values of the marker image, one for each column of the order.
struct Marker {
    using Stored = std::variant<std::monostate, std::int64_t, std::string>;
    std::vector<Stored> values;

    /// Returns the value of a column, by its index in the order. A text is a view of this object.
    Value value(std::size_t column) const;
    bool is_null(std::size_t column) const { return values[column].index() == 0; }
};

/// Returns the position of the image with that id. Throws bad_request if it is not in that list.
Marker find_marker(Connection& db, ListFamily family, const std::vector<OrderColumn>& order, const std::string& id);

/// A range of the list that one walk along an index finds: `bounds` fix the columns before `from` at one value each and
/// may limit the column `from`. The images are in the order of the columns from `from` on.
struct Leg {
    std::vector<Condition> bounds;
    std::size_t from = 0;
};

/// Returns the legs that together are the list after the marker, in order. Without a marker, returns one leg for all.
std::vector<Leg> legs_after(const std::vector<OrderColumn>& order, const std::optional<Marker>& marker);

/// Returns the ORDER BY of the columns from `from` on, such as "i.name ASC, i.n ASC". `number` is the expression for
/// images.n.
std::string order_by(const std::vector<OrderColumn>& order, std::size_t from, std::string_view number);

}  // namespace reprieve::catalog
