#pragma once

#include <optional>
#include <string>
#include <vector>

#include "catalog/engine/connection.hpp"
#include "image/image_query.hpp"

namespace reprieve::catalog {

/// The two lists of images: `live` has the images outside the bin, `bin` those in it. Each list has its own set of
/// indexes.
enum class ListFamily { live, bin };

/// Returns the SQL condition for images of that list, "i.place = 0" or "i.place = 1". The indexes of the list are
/// partial indexes with this condition. In all SQL of lists, the table images is called i.
std::string place_condition(ListFamily family);

/// Returns the name of the index for lists of that family on that column of the table images; nullopt if there is none.
/// The column "n" is the row number, which is the order of creation.
std::optional<std::string> index_on(ListFamily family, std::string_view column);

/// Returns the name of the index for lists of that family that holds the images with the same value in the column
/// `still` in the order of `column`; nullopt if there is none.
std::optional<std::string> index_within(ListFamily family, std::string_view still, std::string_view column);

/// One test on an image, as a condition in SQL.
struct Condition {
    enum class Bound { none, lower, upper, equal };
    std::string sql;  ///< the condition, with a "?" for each of `values`
    std::vector<Value> values;
    std::string column;         ///< the column that the test restricts; empty if none
    Bound bound = Bound::none;  ///< whether the test gives `column` a lower or upper limit, or one value
};

/// A way to find the images that pass a filter, by an index: the SQL "SELECT `number` FROM `from` WHERE `where`". It
/// may also find images of the other list (the bin, or outside it).
struct Driver {
    std::string from;
    std::string where;
    std::vector<Value> values;         ///< one for each "?" of `where`
    std::string number;                ///< SQL expression for images.n, the row number
    std::string join;                  ///< SQL that joins the table images as i; empty if `from` has it
    bool is_by_number = false;         ///< the SQL finds the images in the order of images.n
    std::vector<std::size_t> covered;  ///< tests that all found images pass, as indexes into Conditions::tests
};

/// Filters of a list, as tests on an image, and the drivers: SQL that finds the images that pass a test.
struct Conditions {
    std::vector<Condition> tests;  ///< an image of the list passes all of them
    std::vector<Driver> drivers;   ///< for those tests that have an index
    bool is_never = false;         ///< true: no image can pass all tests
};

/// Returns the conditions for the filters of `query`. The texts in the result are views into `query`.
Conditions conditions_of(const ImageQuery& query);

/// Returns the conditions for an image of the list `family` to be in `part`. The texts in the result are views into
/// `part`.
Conditions conditions_of(const ViewPart& part, ListFamily family);

/// Returns the conditions for images that pass both `left` and `right`. Sets is_never if `left` and `right` ask for
/// different values of one column.
Conditions both(Conditions left, Conditions right);

}  // namespace reprieve::catalog
