#pragma once

#include <optional>
#include <string>
#include <vector>

#include "catalog/engine/connection.hpp"
#include "image/image_query.hpp"

namespace reprieve::catalog {

/// The two lists: the images outside the bin, and those in it. Each has its own family of indexes.
enum class ListFamily { live, bin };

/// Returns "i.place = 0" or "i.place = 1", the condition of the family's partial indexes. In all SQL of lists, the
/// table images is called i.
std::string place_condition(ListFamily family);

/// Returns the name of the index of that family on that column of images ("n": the order of creation); nullopt if there
/// is none.
std::optional<std::string> index_on(ListFamily family, std::string_view column);

/// Returns the name of the index of that family in which the images with one value of the column `still` are in the
/// order of `column`; nullopt if there is none.
std::optional<std::string> index_within(ListFamily family, std::string_view still, std::string_view column);

/// One test on an image.
struct Condition {
    enum class Bound { none, lower, upper, equal };
    std::string sql;  ///< with a "?" for each of `values`
    std::vector<Value> values;
    std::string column;         ///< the column of images that it bounds; empty if none
    Bound bound = Bound::none;  ///< how it bounds that column
};

/// A filter whose images an index can enumerate: "SELECT `number` FROM `from` WHERE `where`" finds them. It may also
/// find images of the other list.
struct Driver {
    std::string from;
    std::string where;
    std::vector<Value> values;         ///< one for each "?" of `where`
    std::string number;                ///< the expression for images.n
    std::string join;                  ///< joins the table images as i; empty if `from` has it
    bool is_by_number = false;         ///< its rows come in the order of n
    std::vector<std::size_t> covered;  ///< indexes into Conditions::tests: the tests that all its rows pass
};

/// Filters of a list, as tests, and the drivers that can enumerate the images of a test.
struct Conditions {
    std::vector<Condition> tests;  ///< all must hold
    std::vector<Driver> drivers;   ///< for those tests that have an index
    bool is_never = false;         ///< no image can pass
};

/// Returns the conditions for the filters of `query`. Their values are views of `query`.
Conditions conditions_of(const ImageQuery& query);

/// Returns the conditions for being in `part`. Their values are views of `part`.
Conditions conditions_of(const ViewPart& part, ListFamily family);

/// Returns the conditions of both. Sets is_never if they ask for two different values of one column.
Conditions both(Conditions left, Conditions right);

}  // namespace reprieve::catalog
