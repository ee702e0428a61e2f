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
    std::string name;  ///< a column of the table images
    bool descending = false;
    bool is_text = false;
    bool may_be_null = false;
};

/// Returns the columns that `query` sorts by. The last column is n, the row number, in the direction of the last sort
/// term, so that no two images are equal in the order. Omits columns that change nothing: repeated columns, columns
/// after n, and columns that a filter restricts to one value.
std::vector<OrderColumn> order_of(const ImageQuery& query, const Conditions& conditions);

/// Position after which a page begins. It holds the values of one image, the marker, in the columns of the order.
struct Marker {
    using Stored = std::variant<std::monostate, std::int64_t, std::string>;
    std::vector<Stored> values;

    /// Returns the value in a column. `column` is the index of the column in the order. A text is a view into this
    /// object.
    Value value(std::size_t column) const;
    bool is_null(std::size_t column) const { return values[column].index() == 0; }
};

/// Returns the position of the image with that id. Throws bad_request if the image is not in the list `family`.
Marker find_marker(Connection& db, ListFamily family, const std::vector<OrderColumn>& order, const std::string& id);

/// A part of the list that one walk along an index finds. `from` is the index of a sort column. `bounds` restrict each
/// sort column before it to one value, and may restrict the column `from` to a range. The images of a leg are sorted by
/// the columns from `from` on.
struct Leg {
    std::vector<Condition> bounds;
    std::size_t from = 0;
};

/// Returns the legs that together are the part of the list after the marker, in the order of the list. Without a
/// marker, returns one leg for the whole list.
std::vector<Leg> legs_after(const std::vector<OrderColumn>& order, const std::optional<Marker>& marker);

/// Returns the terms of ORDER BY for the columns of `order` from the index `from` on, such as "i.name ASC, i.n ASC".
/// `number` is the SQL expression for images.n.
std::string order_by(const std::vector<OrderColumn>& order, std::size_t from, std::string_view number);

}  // namespace reprieve::catalog
