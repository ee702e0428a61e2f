#include "catalog/lists/list_page.hpp"

#include <algorithm>
#include <functional>

#include "base/joined.hpp"
#include "catalog/lists/list_order.hpp"

namespace reprieve::catalog {
namespace {

using Numbers = std::vector<std::int64_t>;

/// Sorts `numbers` (images.n) in the order of `query`, removes repeated numbers, and returns the first ones, as many as
/// a page holds.
Numbers first_page_of(Connection& db, const ImageQuery& query, Numbers numbers) {
    const auto order = order_of(query, conditions_of(query));
    if (order.size() == 1) {
        if (order.front().descending)
            std::sort(numbers.begin(), numbers.end(), std::greater<>());
        else
            std::sort(numbers.begin(), numbers.end());
        numbers.erase(std::unique(numbers.begin(), numbers.end()), numbers.end());
        numbers.resize(std::min(numbers.size(), query.limit));
        return numbers;
    }
    const std::string list =
        "[" + joined(numbers, ",", [](std::int64_t number) { return std::to_string(number); }) + "]";
    auto rows = db.prepare(
        "SELECT i.n FROM (SELECT DISTINCT value FROM json_each(?1)) AS found CROSS JOIN images AS i NOT INDEXED "
        "ON i.n = found.value ORDER BY " +
        order_by(order, 0, "i.n") + " LIMIT ?2");
    rows.bind(list, query.limit);
    Numbers first;
    while (rows.step()) first.push_back(rows.get<std::int64_t>(0));
    return first;
}

}  // namespace

std::vector<std::int64_t> find_page(Connection& db, const ImageQuery& query, const PlanLimits& limits) {
    if (!query.view) return ListPlan(db, query, nullptr, limits).run();
    Numbers found;
    for (const ViewPart& part : *query.view) {
        const Numbers of_part = ListPlan(db, query, &part, limits).run();
        found.insert(found.end(), of_part.begin(), of_part.end());
    }
    return first_page_of(db, query, std::move(found));
}

}  // namespace reprieve::catalog
