#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "catalog/lists/list_conditions.hpp"
#include "catalog/lists/list_order.hpp"

namespace reprieve::catalog {

/// Limits, in rows, at which ListPlan changes from one way of finding a page to the next. They are chosen so that a
/// page takes some milliseconds at most: testing an image takes about 1 us, a step along an index 0.15 us. Unit tests
/// set small limits.
struct PlanLimits {
    std::size_t first_walk_per_image = 4;  ///< rows that the first walk may read, for each image of a page
    std::size_t first_walk_more = 200;     ///< rows that the first walk may read in addition
    std::size_t few = 3'000;               ///< if a filter leaves fewer images, all of these are tested and sorted
    std::size_t collected = 30'000;        ///< if a filter leaves fewer images, their row numbers are collected
    std::size_t looked_up = 60'000;        ///< rows that a walk may look up among the collected numbers
    double dense_share = 0.1;              ///< if a filter leaves a larger share of all images, none are collected
    std::size_t few_in_part = 300;         ///< if a part of a view has fewer images, it is sorted before any walk
};

/// Query plan that finds the images of one page, in order. The best way depends on how many images each filter leaves,
/// and SQLite does not know that. So this class tries these steps in turn:
///
/// 1. Walk along the index that has the order of the list, for a limited number of rows, and test every image. If many
///    images pass the filters, this finds the page.
/// 2. Count the images that each filter leaves, up to a few thousand. If one filter leaves few images, test and sort
///    these.
/// 3. If a filter leaves up to some ten thousand images, collect their row numbers. Then walk along the index of step 1
///    and look each number up among the collected ones, without reading the other images. If the list is in the order
///    of creation, sort the collected numbers instead.
/// 4. If the list is in the order of creation, the index of a filter may have the same order. Step 3 skips such
///    filters. Walk along the index of the filter that leaves the smallest share of images, and test the other filters.
/// 5. Otherwise the filters leave so many images that a walk as in step 1 finds a page soon enough. Walk on until the
///    page is full.
///
/// If no index has the order of the list, all images (of the part) are tested and sorted.
///
/// If the page is of one part of a view, the part is one more filter, with two differences. A part with few images is
/// tested and sorted before step 1. Walks use an index that holds only the part, if there is one in the order of the
/// list.
class ListPlan {
public:
    /// Plans a page of the images in `part`, or of all images if `part` is null. Throws bad_request if the marker, the
    /// image after which the page begins, is not in the list: outside the bin, or in the bin for a list of the bin.
    /// Requires: the arguments outlive this object.
    ListPlan(Connection& db, const ImageQuery& query, const ViewPart* part, const PlanLimits& limits);

    /// Returns the numbers (images.n) of the images on the page, in order.
    std::vector<std::int64_t> run();

private:
    struct Text {
        std::string sql;
        std::vector<Value> values;
        void add(std::string_view text) { sql += text; }
        void add(const Condition& condition) {
            sql += condition.sql;
            values.insert(values.end(), condition.values.begin(), condition.values.end());
        }
        void add(std::string_view text, const std::vector<Value>& bound) {
            sql += text;
            values.insert(values.end(), bound.begin(), bound.end());
        }
    };
    struct Estimate {
        const Driver* driver;
        std::optional<std::size_t> count;  ///< number of images; nullopt if it is PlanLimits::few or more
        double share = 0;                  ///< share of all images, if `count` is nullopt; 0 if not known
    };
    using Numbers = std::vector<std::int64_t>;

    bool is_by_number() const { return order_.size() == 1; }
    Statement prepare(const Text& text);
    void add_tests(Text& text, const Driver* driver, std::string_view otherwise) const;
    void add_leg(Text& text, const Leg& leg) const;
    Text select_by(const Driver& driver) const;

    void narrow_to(const ViewPart& part);
    std::optional<Numbers> take_small_part();
    void bound_by_creation_time();
    std::optional<Numbers> walk(std::optional<std::size_t> budget);
    bool walk_leg(const Leg& leg, std::optional<std::size_t>& budget, Numbers& found);
    Numbers walk_driver(const Driver& driver);
    Numbers sort_few(const Driver& driver);
    std::optional<Numbers> collect(const Driver& driver);
    Numbers pick_by_number(Numbers numbers);
    std::optional<Numbers> pick_by_walk(const Numbers& numbers);
    bool passes(std::int64_t number);
    std::size_t count_up_to(const Driver& driver, std::size_t most);
    Estimate estimate(const Driver& driver);
    Numbers choose();

    Connection& db_;
    const ImageQuery& query_;
    const PlanLimits limits_;
    const ListFamily family_;
    Conditions conditions_;
    const std::vector<OrderColumn> order_;
    std::optional<Marker> marker_;
    std::vector<Leg> legs_;
    std::optional<std::size_t> part_driver_;  // the driver of the part, as an index into conditions_.drivers
    std::optional<std::string> walk_index_;   // the index that has the order of the list; nullopt: none
    std::optional<Condition> walk_still_;     // restricts the first column of walk_index_ to one value
};

}  // namespace reprieve::catalog
