#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "catalog/list_conditions.hpp"
#include "catalog/list_order.hpp"

namespace reprieve::catalog {

/// Finds the images of one page, in order. SQLite has no idea how many images a filter leaves, and the right plan
/// depends on just that; so this looks before it chooses:
///
/// 1. Walk the index of the sort for a moment, testing every image. Filters that many images pass end here.
/// 2. Count what each filter leaves, up to a few thousand. Where one leaves few: take those, test, sort.
/// 3. By order of creation: where a filter's own index is in that order, walk the sparsest of those, testing the rest.
/// 4. Where a filter leaves some ten thousands: collect their numbers, and walk the index of the sort looking each up
///    among them, without touching the images.
/// 5. Else the filters leave so many that the walk of step 1 finds a page soon enough: walk on.
class ListPlan {
public:
    ListPlan(Connection& db, const ImageQuery& query);

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

    void bound_by_creation_time();
    std::optional<Numbers> walk(std::optional<std::size_t> budget);
    bool walk_leg(const Leg& leg, std::optional<std::size_t>& budget, Numbers& found);
    Numbers walk_driver(const Driver& driver);
    Numbers sort_few(const Driver& driver);
    std::optional<Numbers> collect(const Driver& driver);
    Numbers pick_by_number(Numbers numbers);
    std::optional<Numbers> pick_by_walk(const Numbers& numbers);
    bool passes(std::int64_t number);
    Estimate estimate(const Driver& driver);
    Numbers choose();

    Connection& db_;
    const ImageQuery& query_;
    const ListFamily family_;
    Conditions conditions_;
    const std::vector<OrderColumn> order_;
    std::optional<Marker> marker_;
    std::vector<Leg> legs_;
};

}  // namespace reprieve::catalog
