#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "catalog/lists/list_conditions.hpp"
#include "catalog/lists/list_order.hpp"

namespace reprieve::catalog {

/// Where one way of ListPlan gives way to the next, in rows. An image tested costs about 1 us, a step along an index
/// 0.15 us, and a page may take some milliseconds. Tests make them small.
struct PlanLimits {
    std::size_t first_walk_per_image = 4;  ///< walked at first, for each image of the page …
    std::size_t first_walk_more = 200;     ///< … and once
    std::size_t few = 3'000;               ///< taken, tested and sorted
    std::size_t collected = 30'000;        ///< collected from a filter's index
    std::size_t looked_up = 60'000;        ///< walked, and looked up among the collected
    double dense_share = 0.1;              ///< of all images: what such a filter leaves is not worth collecting
    std::size_t few_in_part = 300;         ///< images in a part of a view: taken before anything is walked
};

/// Finds the images of one page, in order. SQLite has no idea how many images a filter leaves, and the right plan
/// depends on just that; so this looks before it chooses:
///
/// 1. Walk the index of the sort for a moment, testing every image. Filters that many images pass end here.
/// 2. Count what each filter leaves, up to a few thousand. Where one leaves few: take those, test, sort.
/// 3. By order of creation: where a filter's own index is in that order, walk the sparsest of those, testing the rest.
/// 4. Where a filter leaves some ten thousands: collect their numbers, and walk the index of the sort looking each up
///    among them, without touching the images.
/// 5. Else the filters leave so many that the walk of step 1 finds a page soon enough: walk on.
///
/// A part of a view is a filter like others, save that a part that holds few images is taken at once, and that the
/// walks are on an index that has the part alone, where there is one for the sort.
class ListPlan {
public:
    /// For the images of `part`, else for all. What is given outlives this.
    ListPlan(Connection& db, const ImageQuery& query, const ViewPart* part, const PlanLimits& limits);

    /// images.n of the page.
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
        std::optional<std::size_t> count;  ///< exact, where it is small
        double share = 0;                  ///< of all images; where it is not
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
    std::optional<std::size_t> part_driver_;  // its place among the drivers
    std::optional<std::string> walk_index_;   // in the order of the sort; nothing where there is none
    std::optional<Condition> walk_still_;     // what stands still on it
};

}  // namespace reprieve::catalog
