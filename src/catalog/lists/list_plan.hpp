#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "catalog/lists/list_conditions.hpp"
#include "catalog/lists/list_order.hpp"

namespace reprieve::catalog {

/// Limits, in rows, at which ListPlan changes from one way to the next. Testing an image takes about 1 us, a step along
/// an index 0.15 us, and a page may take some milliseconds. Unit tests set small limits.
struct PlanLimits {
    std::size_t first_walk_per_image = 4;  ///< rows of the first walk, for each image of a page …
    std::size_t first_walk_more = 200;     ///< … plus this many
    std::size_t few = 3'000;               ///< a filter that leaves fewer images: take, test and sort them
    std::size_t collected = 30'000;        ///< a filter that leaves fewer images: collect their numbers
    std::size_t looked_up = 60'000;        ///< longest walk that looks images up among the collected ones
    double dense_share = 0.1;              ///< of all images; a filter that leaves a larger share is not collected
    std::size_t few_in_part = 300;         ///< a part of a view with fewer images is taken before any walk
};

/// Query plan that finds the images of one page, in order. The best plan depends on how many images each filter leaves,
/// and SQLite does not know that. So this class looks before it chooses:
///
/// 1. Walk the index of the sort for a moment, testing every image. Filters that many images pass end here.
/// 2. Count the images that each filter leaves, up to a few thousand. If one leaves few, take these, test and sort
///    them.
/// 3. If a filter leaves some ten thousand, collect their numbers. Then walk the index of the sort and look each number
///    up among them, without touching the other images. In the order of creation, sort the collected numbers instead.
/// 4. In the order of creation, a filter's own index may have that order. Step 3 skips such filters. Walk the index of
///    the sparsest one, testing the other filters.
/// 5. Otherwise the filters leave so many images that a walk as in step 1 finds a page soon enough. Walk on until the
///    page is full.
///
/// If no index has the order of the sort, all images (of the part) are tested and sorted.
///
/// A part of a view is one more filter, with two differences. A part with few images is taken before step 1. Walks use
/// an index that holds only the part, if there is one in the order of the sort.
class ListPlan {
public:
    /// Plans a page of the images in `part`, or of all images if `part` is null. Throws bad_request if the marker is
    /// not an image outside the bin (for a list of the bin: in it). Requires: the arguments outlive this object.
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
        std::optional<std::size_t> count;  ///< of images; nullopt if there are PlanLimits::few or more
        double share = 0;                  ///< of all images, if `count` is nullopt; 0 if that is not known
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
    std::optional<std::size_t> part_driver_;  // index into conditions_.drivers; nullopt if the part has none
    std::optional<std::string> walk_index_;   // the index in the order of the sort; nullopt if there is none
    std::optional<Condition> walk_still_;     // the test on the first column of walk_index_, if a part has it
};

}  // namespace reprieve::catalog
