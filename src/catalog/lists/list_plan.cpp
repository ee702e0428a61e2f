#include "catalog/lists/list_plan.hpp"

#include <algorithm>
#include <unordered_set>

namespace reprieve::catalog {

namespace {

ListFamily family_of(const ImageQuery& query) { return query.in_bin ? ListFamily::bin : ListFamily::live; }

}  // namespace

// order_ depends on `query` only. It keeps a sort column that has a single value in `part`, because the marker may be
// in another part and have another value in this column.
ListPlan::ListPlan(Connection& db, const ImageQuery& query, const ViewPart* part, const PlanLimits& limits)
    : db_(db),
      query_(query),
      limits_(limits),
      family_(family_of(query)),
      conditions_(conditions_of(query)),
      order_(order_of(query, conditions_)) {
    if (query.marker) marker_ = find_marker(db, family_, order_, *query.marker);
    legs_ = legs_after(order_, marker_);
    walk_index_ = index_on(family_, order_.front().name);
    if (part != nullptr) narrow_to(*part);
}

void ListPlan::narrow_to(const ViewPart& part) {
    Conditions of_part = conditions_of(part, family_);
    for (const auto& test : of_part.tests) {
        const auto index = index_within(family_, test.column, order_.front().name);
        if (!index) continue;
        walk_index_ = index;
        walk_still_ = test;
        break;
    }
    if (!of_part.drivers.empty()) part_driver_ = conditions_.drivers.size();
    conditions_ = both(std::move(conditions_), std::move(of_part));
}

std::vector<std::int64_t> ListPlan::run() {
    if (query_.limit == 0 || conditions_.is_never) return {};
    if (is_by_number()) bound_by_creation_time();
    if (auto found = take_small_part()) return *found;
    if (!walk_index_) {
        const Driver all{
            "images AS i INDEXED BY " + *index_on(family_, "n"), place_condition(family_), {}, "i.n", "", true, {}};
        return sort_few(part_driver_ ? conditions_.drivers[*part_driver_] : all);
    }
    if (conditions_.tests.size() == (walk_still_ ? 1 : 0)) return *walk(std::nullopt);
    if (auto found = walk(limits_.first_walk_per_image * query_.limit + limits_.first_walk_more)) return *found;
    return choose();
}

ListPlan::Numbers ListPlan::choose() {
    std::vector<Estimate> estimates;
    for (const auto& driver : conditions_.drivers) {
        estimates.push_back(estimate(driver));
        if (estimates.back().count.value_or(limits_.few) < limits_.few / 10) break;
    }
    const auto fewest = std::min_element(estimates.begin(), estimates.end(), [](const auto& left, const auto& right) {
        return left.count.value_or(SIZE_MAX) < right.count.value_or(SIZE_MAX);
    });
    if (fewest != estimates.end() && fewest->count) return sort_few(*fewest->driver);

    for (const auto& each : estimates) {
        if (is_by_number() && each.driver->is_by_number) continue;
        if (each.share > limits_.dense_share) continue;
        auto numbers = collect(*each.driver);
        if (!numbers) continue;
        if (is_by_number()) return pick_by_number(std::move(*numbers));
        if (auto found = pick_by_walk(*numbers)) return *found;
        return sort_few(*each.driver);
    }
    if (is_by_number()) {
        const Estimate* sparsest = nullptr;
        for (const auto& each : estimates)
            if (each.driver->is_by_number && (sparsest == nullptr || each.share < sparsest->share)) sparsest = &each;
        if (sparsest != nullptr) return walk_driver(*sparsest->driver);
    }
    return *walk(std::nullopt);
}

// Returns nullopt if the plan is not for a part of a view, or if the part has many images.
std::optional<ListPlan::Numbers> ListPlan::take_small_part() {
    if (!part_driver_) return std::nullopt;
    const Driver& driver = conditions_.drivers[*part_driver_];
    return count_up_to(driver, limits_.few_in_part) < limits_.few_in_part ? std::optional(sort_few(driver))
                                                                          : std::nullopt;
}

Statement ListPlan::prepare(const Text& text) {
    auto statement = db_.prepare(text.sql);
    int index = 0;
    for (const auto& value : text.values) statement.bind_value(++index, value);
    return statement;
}

// Adds the tests that `driver` (if not null) does not cover, joined by AND, or `otherwise` if there are none.
void ListPlan::add_tests(Text& text, const Driver* driver, std::string_view otherwise) const {
    bool is_first = true;
    for (std::size_t at = 0; at < conditions_.tests.size(); ++at) {
        if (driver != nullptr && std::find(driver->covered.begin(), driver->covered.end(), at) != driver->covered.end())
            continue;
        if (!is_first) text.add(" AND ");
        text.add(conditions_.tests[at]);
        is_first = false;
    }
    if (is_first) text.add(otherwise);
}

// Adds FROM and WHERE of a walk through `leg`, along the index of the first sort column.
void ListPlan::add_leg(Text& text, const Leg& leg) const {
    text.add(" FROM images AS i INDEXED BY " + *walk_index_ + " WHERE " + place_condition(family_));
    if (walk_still_) {
        text.add(" AND ");
        text.add(*walk_still_);
    }
    for (const auto& bound : leg.bounds) {
        text.add(" AND ");
        text.add(bound);
    }
}

// Returns a SELECT of the images of `driver` that pass all tests, without an order.
ListPlan::Text ListPlan::select_by(const Driver& driver) const {
    Text text;
    text.add("SELECT i.n FROM " + driver.from + driver.join + " WHERE ");
    text.add(driver.where, driver.values);
    text.add(" AND " + place_condition(family_) + " AND ");
    add_tests(text, &driver, "1");
    return text;
}

// created_at grows with n, except after the clock was set back; then it falls by at most created_at_lag. So a bound on
// created_at, widened by this lag, also gives a bound on n. The test on created_at itself stays, because the bound on n
// is wider.
void ListPlan::bound_by_creation_time() {
    if (family_ != ListFamily::live || query_.created_at.empty()) return;
    auto state = db_.prepare("SELECT created_at_lag FROM catalog_state");
    state.step();
    const auto lag = state.get<std::int64_t>(0);
    std::vector<Condition> bounds;
    const auto bound = [&](const char* sql, std::int64_t time, const char* sign, Condition::Bound side) {
        auto row = db_.prepare(sql);
        if (row.bind(time).step()) bounds.push_back({sign, {Value(row.get<std::int64_t>(0))}, "n", side});
    };
    for (const auto& test : conditions_.tests) {
        if (test.column != "created_at" || test.bound == Condition::Bound::none) continue;
        const auto time = std::get<std::int64_t>(test.values.front());
        std::int64_t shifted = 0;
        if (test.bound != Condition::Bound::lower && !__builtin_add_overflow(time, lag, &shifted))
            bound(
                "SELECT i.n FROM images AS i INDEXED BY images_live_created_at WHERE i.place = 0 AND i.created_at > ?1 "
                "ORDER BY i.created_at, i.n LIMIT 1",
                shifted, "i.n < ?", Condition::Bound::upper);
        if (test.bound != Condition::Bound::upper && !__builtin_sub_overflow(time, lag, &shifted))
            bound(
                "SELECT i.n FROM images AS i INDEXED BY images_live_created_at WHERE i.place = 0 AND i.created_at < ?1 "
                "ORDER BY i.created_at DESC, i.n DESC LIMIT 1",
                shifted, "i.n > ?", Condition::Bound::lower);
    }
    // Keeps only the narrowest bound on each side, so that SQLite cannot choose a wider one.
    for (auto& leg : legs_)
        for (const auto& each : bounds) {
            const auto same_side = std::find_if(leg.bounds.begin(), leg.bounds.end(), [&](const Condition& other) {
                return other.column == "n" && other.bound == each.bound;
            });
            if (same_side == leg.bounds.end()) {
                leg.bounds.push_back(each);
                continue;
            }
            const bool is_narrower = each.bound == Condition::Bound::upper ? each.values < same_side->values
                                                                           : each.values > same_side->values;
            if (is_narrower) *same_side = each;
        }
}

// Returns nullopt if the page is not known after `budget` rows. Without a budget, always finds the page.
std::optional<ListPlan::Numbers> ListPlan::walk(std::optional<std::size_t> budget) {
    Numbers found;
    for (const auto& leg : legs_) {
        if (!walk_leg(leg, budget, found)) return std::nullopt;
        if (found.size() >= query_.limit) break;
    }
    return found;
}

bool ListPlan::walk_leg(const Leg& leg, std::optional<std::size_t>& budget, Numbers& found) {
    const auto& first = order_.front();
    const auto is_bound = [&](Condition::Bound side) {
        return std::any_of(leg.bounds.begin(), leg.bounds.end(), [&](const Condition& bound) {
            return bound.column == first.name && (bound.bound == side || bound.bound == Condition::Bound::equal);
        });
    };
    Text text;
    text.add("SELECT i.n, ");
    add_tests(text, nullptr, "1");
    add_leg(text, leg);
    // The walk starts at the marker, if there is one. A filter on the sort column limits the other end, or both.
    for (const auto& test : conditions_.tests)
        if (test.column == first.name && test.bound != Condition::Bound::none && !is_bound(test.bound)) {
            text.add(" AND ");
            text.add(test);
        }
    text.add(" ORDER BY " + order_by(order_, leg.from, "i.n") + " LIMIT ?");
    const auto wanted = query_.limit - found.size();
    const auto rows_allowed = budget                      ? static_cast<std::int64_t>(*budget) + 1
                              : conditions_.tests.empty() ? static_cast<std::int64_t>(wanted)
                                                          : std::int64_t{-1};
    text.values.emplace_back(rows_allowed);
    auto rows = prepare(text);
    while (found.size() < query_.limit && rows.step()) {
        if (budget && (*budget)-- == 0) return false;
        if (rows.get<bool>(1)) found.push_back(rows.get<std::int64_t>(0));
    }
    return true;
}

ListPlan::Numbers ListPlan::walk_driver(const Driver& driver) {
    Text text = select_by(driver);
    for (const auto& bound : legs_.front().bounds)
        text.add(" AND " + driver.number + bound.sql.substr(3), bound.values);
    text.add(" ORDER BY " + order_by(order_, 0, driver.number) + " LIMIT ?");
    text.values.push_back(to_value(query_.limit));
    Numbers found;
    for (auto rows = prepare(text); rows.step();) found.push_back(rows.get<std::int64_t>(0));
    return found;
}

ListPlan::Numbers ListPlan::sort_few(const Driver& driver) {
    Text text = select_by(driver);
    text.add(" AND (");
    for (const auto& leg : legs_) {
        text.add(&leg == &legs_.front() ? "(" : " OR (");
        for (const auto& bound : leg.bounds) {
            if (&bound != &leg.bounds.front()) text.add(" AND ");
            // The "+" keeps SQLite from taking another index than the driver's.
            text.add("+");
            text.add(bound);
        }
        text.add(leg.bounds.empty() ? "1)" : ")");
    }
    text.add(") ORDER BY " + order_by(order_, 0, "i.n") + " LIMIT ?");
    text.values.push_back(to_value(query_.limit));
    Numbers found;
    for (auto rows = prepare(text); rows.step();) found.push_back(rows.get<std::int64_t>(0));
    return found;
}

// Returns all numbers that the driver finds; nullopt if they are too many.
std::optional<ListPlan::Numbers> ListPlan::collect(const Driver& driver) {
    Text text;
    text.add("SELECT " + driver.number + " FROM " + driver.from + " WHERE ");
    text.add(driver.where, driver.values);
    text.add(" LIMIT ?");
    text.values.push_back(to_value(limits_.collected));
    Numbers numbers;
    for (auto rows = prepare(text); rows.step();) numbers.push_back(rows.get<std::int64_t>(0));
    if (numbers.size() >= limits_.collected) return std::nullopt;
    return numbers;
}

ListPlan::Numbers ListPlan::pick_by_number(Numbers numbers) {
    if (order_.front().descending)
        std::sort(numbers.begin(), numbers.end(), std::greater<>());
    else
        std::sort(numbers.begin(), numbers.end());
    const auto is_after_marker = [&](std::int64_t number) {
        if (!marker_) return true;
        const auto last = std::get<std::int64_t>(marker_->values.front());
        return order_.front().descending ? number < last : number > last;
    };
    Numbers found;
    for (const auto number : numbers) {
        if (found.size() >= query_.limit) break;
        if (is_after_marker(number) && passes(number)) found.push_back(number);
    }
    return found;
}

// Returns nullopt if the walk exceeds PlanLimits::looked_up.
std::optional<ListPlan::Numbers> ListPlan::pick_by_walk(const Numbers& numbers) {
    const std::unordered_set<std::int64_t> among(numbers.begin(), numbers.end());
    Numbers found;
    std::size_t walked = 0;
    for (const auto& leg : legs_) {
        Text text;
        text.add("SELECT i.n");
        add_leg(text, leg);
        text.add(" ORDER BY " + order_by(order_, leg.from, "i.n"));
        auto rows = prepare(text);
        while (rows.step()) {
            if (++walked > limits_.looked_up) return std::nullopt;
            const auto number = rows.get<std::int64_t>(0);
            if (!among.contains(number) || !passes(number)) continue;
            found.push_back(number);
            if (found.size() >= query_.limit) return found;
        }
    }
    return found;
}

bool ListPlan::passes(std::int64_t number) {
    Text text;
    text.add("SELECT 1 FROM images AS i NOT INDEXED WHERE i.n = ?", {Value(number)});
    text.add(" AND " + place_condition(family_) + " AND ");
    add_tests(text, nullptr, "1");
    return prepare(text).step();
}

std::size_t ListPlan::count_up_to(const Driver& driver, std::size_t most) {
    Text text;
    text.add("SELECT count(*) FROM (SELECT 1 FROM " + driver.from + " WHERE ");
    text.add(driver.where, driver.values);
    text.add(" LIMIT ?)");
    text.values.push_back(to_value(most));
    auto row = prepare(text);
    row.step();
    return row.get<std::size_t>(0);
}

ListPlan::Estimate ListPlan::estimate(const Driver& driver) {
    Text text;
    if (!driver.is_by_number) {
        const auto count = count_up_to(driver, limits_.few);
        if (count < limits_.few) return {&driver, count, 0};
        return {&driver, std::nullopt, 0};
    }
    // Reads the numbers of the first images that the filter index `driver` finds, in the order of the list. Many
    // numbers in a small range mean that matching images are frequent where the list begins.
    text.add("SELECT count(*), min(n), max(n) FROM (SELECT " + driver.number + " AS n FROM " + driver.from + " WHERE ");
    text.add(driver.where, driver.values);
    text.add(std::string(" ORDER BY ") + driver.number + (order_.back().descending ? " DESC" : " ASC") + " LIMIT ?)");
    text.values.push_back(to_value(limits_.few));
    auto row = prepare(text);
    row.step();
    const auto count = row.get<std::size_t>(0);
    if (count < limits_.few) return {&driver, count, 0};
    const auto span = row.get<std::int64_t>(2) - row.get<std::int64_t>(1) + 1;
    return {&driver, std::nullopt, static_cast<double>(count) / static_cast<double>(span)};
}

}  // namespace reprieve::catalog
