#pragma once

#include <optional>
#include <string>
#include <vector>

#include "catalog/engine/connection.hpp"
#include "image/image_query.hpp"

namespace reprieve::catalog {

/// Which of the two lists is asked: their images, and their family of indexes.
enum class ListFamily { live, bin };

/// "place = 0" or "place = 1", as the partial indexes say it. The table images is called i in all of a list's SQL.
std::string place_condition(ListFamily family);

/// The index of that family on that column of images ("n" for the order of creation); nothing where there is none.
std::optional<std::string> index_on(ListFamily family, std::string_view column);

/// The index of that family that has the images with one value in the column `still` in the order of `column`; nothing
/// where there is none.
std::optional<std::string> index_within(ListFamily family, std::string_view still, std::string_view column);

/// One test on an image, in SQL with a "?" for each of `values`.
struct Condition {
    enum class Bound { none, lower, upper, equal };
    std::string sql;
    std::vector<Value> values;
    std::string column;         ///< the column of images that it bounds; empty where none
    Bound bound = Bound::none;  ///< how it bounds that column
};

/// A filter that an index can enumerate: "FROM `from` WHERE `where`" gives the images that pass it (and others that
/// are in another list), by `number`.
struct Driver {
    std::string from;
    std::string where;
    std::vector<Value> values;
    std::string number;                ///< the expression for images.n
    std::string join;                  ///< what brings images in as i; empty where it is there
    bool is_by_number = false;         ///< its rows come in the order of n
    std::vector<std::size_t> covered;  ///< the tests that its rows pass, by their place in Conditions::tests
};

struct Conditions {
    std::vector<Condition> tests;  ///< all must hold
    std::vector<Driver> drivers;   ///< of those tests that have an index
    bool is_never = false;         ///< no image can pass
};

/// What the filters of `query` say. The values look into `query`.
Conditions conditions_of(const ImageQuery& query);

/// What it takes to be in `part`. The values look into `part`.
Conditions conditions_of(const ViewPart& part, ListFamily family);

/// Both. No image passes where they ask for two values of one column.
Conditions both(Conditions left, Conditions right);

}  // namespace reprieve::catalog
