#include "catalog/lists/list_conditions.hpp"

#include <algorithm>
#include <array>
#include <iterator>

#include "base/clock.hpp"
#include "base/joined.hpp"

namespace reprieve::catalog {

namespace {

constexpr std::array live_indexes{
    "created_at",   "updated_at",       "name",         "id",       "status",   "size",    "virtual_size",
    "disk_format",  "container_format", "visibility",   "owner",    "min_disk", "min_ram", "checksum",
    "os_hash_algo", "os_hash_value",    "is_protected", "is_hidden"};
constexpr std::array bin_indexes{"deleted_at", "scrub_after", "name", "owner", "size"};

class Builder {
public:
    explicit Builder(ListFamily family) : family_(family) {}

    void equal(const std::string& column, const Value& value) {
        add({"i." + column + " = ?", {value}, column, Condition::Bound::equal}, true);
    }

    void one_of(const std::string& column, std::vector<Value> values) {
        if (values.size() == 1) return equal(column, values.front());
        if (values.empty()) {
            result_.is_never = true;
            return;
        }
        const std::string marks = joined(values, ", ", [](const Value&) { return "?"; });
        add({"i." + column + " IN (" + marks + ")", std::move(values), column, Condition::Bound::none}, false);
    }

    /// Adds tests on one column. The tests allow one range of values, which an index can walk.
    void range(std::vector<Condition> tests) {
        Driver driver;
        std::vector<std::string> parts;
        for (auto& test : tests) {
            if (test.bound != Condition::Bound::none) {
                parts.push_back(test.sql);
                driver.values.insert(driver.values.end(), test.values.begin(), test.values.end());
                driver.covered.push_back(result_.tests.size());
            }
            result_.tests.push_back(test);
        }
        if (parts.empty()) return;
        driver.where = joined(parts, " AND ");
        add_column_driver(tests.front().column, std::move(driver));
    }

    void tag(const std::string& tag) {
        add_child_driver("image_tags AS d INDEXED BY image_tags_tag", "d.tag = ?", {to_value(tag)});
        result_.tests.push_back({"EXISTS (SELECT 1 FROM image_tags AS x WHERE x.image = i.n AND x.tag = ?)",
                                 {to_value(tag)},
                                 "",
                                 Condition::Bound::none});
    }

    void property(const std::string& name, const std::string& value) {
        add_child_driver("image_properties AS d INDEXED BY image_properties_value", "d.name = ? AND d.value = ?",
                         {to_value(name), to_value(value)});
        result_.tests.push_back(
            {"EXISTS (SELECT 1 FROM image_properties AS x WHERE x.image = i.n AND x.name = ? AND x.value = ?)",
             {to_value(name), to_value(value)},
             "",
             Condition::Bound::none});
    }

    /// Adds a search for a part of the name, the id or a tag. No index finds a part of a text, so every image is
    /// tested.
    void search(const std::string& part) {
        result_.tests.push_back(
            {"(instr(lower(ifnull(i.name, '')), lower(?)) > 0 OR instr(i.id, lower(?)) > 0 OR EXISTS "
             "(SELECT 1 FROM image_tags AS x WHERE x.image = i.n AND instr(lower(x.tag), lower(?)) > 0))",
             {to_value(part), to_value(part), to_value(part)},
             "",
             Condition::Bound::none});
    }

    void member(const std::string& project, const std::optional<MemberStatus>& status) {
        std::vector<Value> values{to_value(project)};
        if (status) values.push_back(to_value(*status));
        const char* and_status = status ? " AND d.status = ?" : "";
        add_child_driver("image_members AS d INDEXED BY image_members_member", std::string("d.member = ?") + and_status,
                         values);
        result_.tests.push_back({std::string("EXISTS (SELECT 1 FROM image_members AS d WHERE d.image = i.n "
                                             "AND d.member = ?") +
                                     and_status + ")",
                                 values, "", Condition::Bound::none});
    }

    void never() { result_.is_never = true; }
    Conditions take() { return std::move(result_); }

private:
    void add(Condition test, bool is_by_number) {
        add_column_driver(test.column, {"", test.sql, test.values, "", "", is_by_number, {result_.tests.size()}});
        result_.tests.push_back(std::move(test));
    }

    void add_child_driver(const char* from, std::string where, std::vector<Value> values) {
        result_.drivers.push_back({from,
                                   std::move(where),
                                   std::move(values),
                                   "d.image",
                                   " CROSS JOIN images AS i NOT INDEXED ON i.n = d.image",
                                   true,
                                   {result_.tests.size()}});
    }

    void add_column_driver(const std::string& column, Driver driver) {
        const auto index = index_on(family_, column);
        if (!index) return;
        driver.from = "images AS i INDEXED BY " + *index;
        driver.where = place_condition(family_) + " AND " + driver.where;
        driver.number = "i.n";
        result_.drivers.push_back(std::move(driver));
    }

    ListFamily family_;
    Conditions result_;
};

// Times are stored in microseconds, but compared as clients see them: in whole seconds.
std::vector<Condition> comparisons(const std::string& column, const TimeComparison& wanted) {
    using Operator = TimeComparison::Operator;
    constexpr std::int64_t second = us_per_second;
    const std::int64_t first = wanted.time_us - ((wanted.time_us % second) + second) % second;
    const std::int64_t last = first + second - 1;
    const auto test = [&](const char* sign, std::int64_t time, Condition::Bound bound) {
        return Condition{"i." + column + sign, {to_value(time)}, column, bound};
    };
    const auto from = [&](std::int64_t time) { return test(" >= ?", time, Condition::Bound::lower); };
    const auto to = [&](std::int64_t time) { return test(" <= ?", time, Condition::Bound::upper); };
    switch (wanted.op) {
        case Operator::equal:
            return {from(first), to(last)};
        case Operator::not_equal:
            return {{"i." + column + " NOT BETWEEN ? AND ?",
                     {to_value(first), to_value(last)},
                     column,
                     Condition::Bound::none}};
        case Operator::greater:
            return {from(last + 1)};
        case Operator::greater_or_equal:
            return {from(first)};
        case Operator::less:
            return {to(first - 1)};
        case Operator::less_or_equal:
            return {to(last)};
    }
    return {};
}

void add_comparisons(Builder& builder, const std::string& column, const std::vector<TimeComparison>& wanted) {
    std::vector<Condition> tests;
    for (const auto& one : wanted)
        for (auto& test : comparisons(column, one)) tests.push_back(std::move(test));
    if (!tests.empty()) builder.range(std::move(tests));
}

void add_size(Builder& builder, const ImageQuery& query) {
    // Largest size that the catalog can store. A larger minimum matches no image.
    constexpr std::uint64_t most = INT64_MAX;
    std::vector<Condition> tests;
    if (query.size_min && *query.size_min > most) return builder.never();
    if (query.size_min) tests.push_back({"i.size >= ?", {to_value(*query.size_min)}, "size", Condition::Bound::lower});
    if (query.size_max)
        tests.push_back({"i.size <= ?", {to_value(std::min(*query.size_max, most))}, "size", Condition::Bound::upper});
    if (!tests.empty()) builder.range(std::move(tests));
}

void add_status(Builder& builder, const ImageQuery& query) {
    if (!query.status) return;
    const auto& wanted = *query.status;
    if (query.in_bin) {
        // Clients see both statuses of images in the bin, pending_delete and scrubbing, as pending_delete.
        const bool all = std::any_of(wanted.begin(), wanted.end(), [](Status status) {
            return status == Status::pending_delete || status == Status::scrubbing;
        });
        return all ? void() : builder.never();
    }
    std::vector<Value> values;
    for (const Status status : wanted)
        if (status < Status::pending_delete) values.push_back(to_value(status));
    builder.one_of("status", std::move(values));
}

template <typename T>
void add_equal(Builder& builder, const std::string& column, const std::optional<T>& value) {
    if (value) builder.equal(column, to_value(*value));
}

void add_texts(Builder& builder, const std::string& column, const std::optional<TextFilter>& filter) {
    if (filter) builder.one_of(column, std::vector<Value>(filter->values.begin(), filter->values.end()));
}

}  // namespace

std::string place_condition(ListFamily family) { return family == ListFamily::live ? "i.place = 0" : "i.place = 1"; }

std::optional<std::string> index_on(ListFamily family, std::string_view column) {
    const std::string base = family == ListFamily::live ? "images_live" : "images_bin";
    if (column == "n") return base;
    const auto holds = [&](const auto& columns) {
        return std::find(columns.begin(), columns.end(), column) != columns.end();
    };
    if (family == ListFamily::live ? !holds(live_indexes) : !holds(bin_indexes)) return std::nullopt;
    return base + "_" + std::string(column);
}

std::optional<std::string> index_within(ListFamily family, std::string_view still, std::string_view column) {
    const bool is_walked = still == "owner" || (still == "visibility" && family == ListFamily::live);
    if (!is_walked) return std::nullopt;
    if (column == "n") return index_on(family, still);
    if (column == "name" && family == ListFamily::live) return *index_on(family, still) + "_name";
    return std::nullopt;
}

Conditions conditions_of(const ImageQuery& query) {
    Builder builder(query.in_bin ? ListFamily::bin : ListFamily::live);
    // The filters that usually leave the fewest images come first.
    add_texts(builder, "id", query.id);
    add_texts(builder, "name", query.name);
    add_equal(builder, "checksum", query.checksum);
    add_equal(builder, "os_hash_value", query.os_hash_value);
    for (const auto& tag : query.tags) builder.tag(tag);
    for (const auto& [name, value] : query.properties) builder.property(name, value);
    add_equal(builder, "owner", query.owner);
    add_size(builder, query);
    add_comparisons(builder, "created_at", query.created_at);
    add_comparisons(builder, "updated_at", query.updated_at);
    add_equal(builder, "min_disk", query.min_disk);
    add_equal(builder, "min_ram", query.min_ram);
    add_texts(builder, "disk_format", query.disk_format);
    add_texts(builder, "container_format", query.container_format);
    add_status(builder, query);
    add_equal(builder, "visibility", query.visibility);
    add_equal(builder, "is_protected", query.is_protected);
    add_equal(builder, "is_hidden", query.is_hidden);
    add_equal(builder, "os_hash_algo", query.os_hash_algo);
    if (query.search) builder.search(*query.search);
    return builder.take();
}

Conditions conditions_of(const ViewPart& part, ListFamily family) {
    Builder builder(family);
    if (part.member) builder.member(*part.member, part.member_status);
    add_equal(builder, "owner", part.owner);
    add_equal(builder, "visibility", part.visibility);
    return builder.take();
}

Conditions both(Conditions left, Conditions right) {
    const auto contradicts = [&](const Condition& test) {
        return std::any_of(left.tests.begin(), left.tests.end(), [&](const Condition& other) {
            return test.bound == Condition::Bound::equal && other.bound == Condition::Bound::equal &&
                   test.column == other.column && test.values != other.values;
        });
    };
    left.is_never = left.is_never || right.is_never || std::any_of(right.tests.begin(), right.tests.end(), contradicts);
    const std::size_t shift = left.tests.size();
    for (Driver& driver : right.drivers) {
        for (std::size_t& covered : driver.covered) covered += shift;
        left.drivers.push_back(std::move(driver));
    }
    left.tests.insert(left.tests.end(), std::make_move_iterator(right.tests.begin()),
                      std::make_move_iterator(right.tests.end()));
    return left;
}

}  // namespace reprieve::catalog
