#include "api/list_query.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <set>

#include "base/error.hpp"
#include "base/percent_encoding.hpp"
#include "base/timestamp.hpp"

namespace reprieve::api {
namespace {

using std::string;
using std::string_view;

// Maximum number of filters by tags, properties and times together. Each of these filters adds a level to the WHERE
// clause, and SQLite accepts at most 1000 levels. This limit is far below that, and above what clients ask for.
constexpr std::size_t max_repeated_filters = 64;
// Maximum number of values in all filters of the form "in:a,b" together. Each image of a list is compared with all of
// these values.
constexpr std::size_t max_listed_values = 256;
// A longer text cannot be found: names, ids and tags have at most 255 characters, each of at most 4 bytes.
constexpr std::size_t max_search_bytes = 1020;

[[noreturn]] void refuse_value(string_view parameter, const string& expected) {
    throw Error(ErrorKind::bad_request, "the parameter '" + string(parameter) + "' must be " + expected);
}

std::int64_t read_number(string_view name, string_view text) {
    std::int64_t number = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
    if (error != std::errc{} || end != text.data() + text.size() || number < 0)
        refuse_value(name, "a whole number that is not negative");
    return number;
}

bool read_truth(string_view name, string_view text) {
    if (text == "true" || text == "True") return true;
    if (text == "false" || text == "False") return false;
    refuse_value(name, "true or false");
}

/// Parses a list such as `a,"b,c",d`. A value in double quotes may contain commas, and quotes after a backslash.
std::vector<string> read_list(string_view name, string_view text) {
    std::vector<string> values(1);
    for (std::size_t i = 0; i < text.size(); ++i) {
        if (text[i] == ',') {
            values.emplace_back();
        } else if (text[i] == '"') {
            if (!values.back().empty()) refuse_value(name, "a list with a comma before every opening quotation mark");
            for (++i; i < text.size() && text[i] != '"'; ++i) {
                if (text[i] == '\\' && i + 1 < text.size()) ++i;
                values.back() += text[i];
            }
            if (i == text.size()) refuse_value(name, "a list whose quotation marks are closed");
            if (i + 1 < text.size() && text[i + 1] != ',')
                refuse_value(name, "a list with a comma after every closing quotation mark");
        } else {
            values.back() += text[i];
        }
    }
    return values;
}

TextFilter read_text_filter(string_view name, string_view text) {
    constexpr string_view in = "in:";
    if (!text.starts_with(in)) return {{string(text)}};
    return {read_list(name, text.substr(in.size()))};
}

TimeComparison read_time_comparison(string_view name, string_view text) {
    using Operator = TimeComparison::Operator;
    constexpr std::array<std::pair<string_view, Operator>, 6> operators{{{"eq:", Operator::equal},
                                                                         {"neq:", Operator::not_equal},
                                                                         {"gt:", Operator::greater},
                                                                         {"gte:", Operator::greater_or_equal},
                                                                         {"lt:", Operator::less},
                                                                         {"lte:", Operator::less_or_equal}}};
    TimeComparison comparison;
    for (const auto& [prefix, op] : operators) {
        if (!text.starts_with(prefix)) continue;
        comparison.op = op;
        text.remove_prefix(prefix.size());
        break;
    }
    const auto time = parse_timestamp(text);
    if (!time)
        refuse_value(name, "a time such as 2026-11-23T07:00:00Z, alone or after eq:, neq:, gt:, gte:, lt: or lte:");
    comparison.time_us = *time;
    return comparison;
}

SortKey read_sort_key(string_view text) {
    constexpr std::array<std::pair<string_view, SortKey>, 19> keys{{
        {"created_at", SortKey::created_at},
        {"updated_at", SortKey::updated_at},
        {"name", SortKey::name},
        {"id", SortKey::id},
        {"status", SortKey::status},
        {"size", SortKey::size},
        {"disk_format", SortKey::disk_format},
        {"container_format", SortKey::container_format},
        {"visibility", SortKey::visibility},
        {"owner", SortKey::owner},
        {"min_disk", SortKey::min_disk},
        {"min_ram", SortKey::min_ram},
        {"checksum", SortKey::checksum},
        {"os_hash_value", SortKey::os_hash_value},
        {"protected", SortKey::is_protected},
        {"os_hidden", SortKey::is_hidden},
        {"virtual_size", SortKey::virtual_size},
        {"deleted_at", SortKey::deleted_at},
        {"scrub_after", SortKey::scrub_after},
    }};
    for (const auto& [name, key] : keys) {
        if (name == text) return key;
    }
    refuse_value("sort_key", "a field of an image, such as name, size or created_at; not '" + string(text) + "'");
}

bool read_descending(string_view text) {
    if (text == "desc") return true;
    if (text == "asc") return false;
    refuse_value("sort_dir", "asc or desc");
}

/// Reader of the sort order. Clients send it as sort=key:dir,… or as sort_key and sort_dir. Each of these parameters
/// can be repeated.
class SortReader {
public:
    void add_sort(string_view text) {
        for (const string& part : read_list("sort", text)) {
            const auto colon = part.find(':');
            const bool descending = colon == string::npos || read_descending(string_view(part).substr(colon + 1));
            terms_.push_back({read_sort_key(string_view(part).substr(0, colon)), descending});
        }
    }
    void add_key(string_view text) { keys_.push_back(read_sort_key(text)); }
    void add_direction(string_view text) { directions_.push_back(read_descending(text)); }

    std::vector<SortTerm> finish() {
        if (!terms_.empty() && (!keys_.empty() || !directions_.empty()))
            throw Error(ErrorKind::bad_request, "use either 'sort' or 'sort_key' and 'sort_dir', not both");
        if (terms_.empty()) {
            if (keys_.empty()) keys_.push_back(SortKey::created_at);
            if (directions_.empty()) directions_.push_back(true);
            if (directions_.size() == 1) directions_.resize(keys_.size(), directions_.front());
            if (directions_.size() != keys_.size())
                throw Error(ErrorKind::bad_request, "give one sort_dir, or as many as there are sort_keys");
            for (std::size_t i = 0; i < keys_.size(); ++i) terms_.push_back({keys_[i], directions_[i]});
        }
        std::set<SortKey> seen;
        std::erase_if(terms_, [&](const SortTerm& term) { return !seen.insert(term.key).second; });
        return terms_;
    }

private:
    std::vector<SortTerm> terms_;
    std::vector<SortKey> keys_;
    std::vector<bool> directions_;
};

void read_status(ImageQuery& query, string_view text) {
    std::vector<Status> statuses;
    for (const string& name : read_text_filter("status", text).values) {
        // An unknown name must find no image, so use the status `deleted`: no list contains deleted images.
        statuses.push_back(status_from(name).value_or(Status::deleted));
    }
    if (statuses == std::vector{Status::pending_delete})
        query.in_bin = true;
    else
        query.status = statuses;
}

void read_visibility(ImageQuery& query, string_view text) {
    query.with_community = text == "all";
    if (query.with_community) return;
    query.visibility = visibility_from(text);
    if (!query.visibility) refuse_value("visibility", "one of public, private, shared, community, all");
}

void read_size(ImageQuery& query, string_view name, string_view text) {
    const auto bytes = static_cast<std::uint64_t>(read_number(name, text));
    if (name != "size_max") query.size_min = std::max(query.size_min.value_or(0), bytes);
    if (name != "size_min") query.size_max = std::min(query.size_max.value_or(bytes), bytes);
}

void read_member_status(ImageQuery& query, string_view text) {
    query.member_status = member_status_from(text);
    if (!query.member_status && text != "all") refuse_value("member_status", "one of pending, accepted, rejected, all");
}

void read_search(ImageQuery& query, string_view text) {
    if (text.size() > max_search_bytes)
        refuse_value("search",
                     "a part of a name, an id or a tag, of at most " + std::to_string(max_search_bytes) + " bytes");
    if (!text.empty()) query.search = text;
}

/// Reads the parameter into the query if it is a known filter; returns false if it is not.
bool read_filter(ImageQuery& query, const string& name, const string& text) {
    if (name == "id")
        query.id = read_text_filter(name, text);
    else if (name == "name")
        query.name = read_text_filter(name, text);
    else if (name == "disk_format")
        query.disk_format = read_text_filter(name, text);
    else if (name == "container_format")
        query.container_format = read_text_filter(name, text);
    else if (name == "status")
        read_status(query, text);
    else if (name == "visibility")
        read_visibility(query, text);
    else if (name == "owner")
        query.owner = text;
    else if (name == "checksum")
        query.checksum = text;
    else if (name == "os_hash_algo")
        query.os_hash_algo = text;
    else if (name == "os_hash_value")
        query.os_hash_value = text;
    else if (name == "protected")
        query.is_protected = read_truth(name, text);
    else if (name == "os_hidden")
        query.is_hidden = read_truth(name, text);
    else if (name == "min_disk")
        query.min_disk = read_number(name, text);
    else if (name == "min_ram")
        query.min_ram = read_number(name, text);
    else if (name == "size" || name == "size_min" || name == "size_max")
        read_size(query, name, text);
    else if (name == "created_at")
        query.created_at.push_back(read_time_comparison(name, text));
    else if (name == "updated_at")
        query.updated_at.push_back(read_time_comparison(name, text));
    else if (name == "tag")
        query.tags.push_back(text);
    else if (name == "member_status")
        read_member_status(query, text);
    else if (name == "search")
        read_search(query, text);
    else
        return false;
    return true;
}

std::size_t listed_values(const ImageQuery& query) {
    std::size_t count = 0;
    const auto add = [&](std::size_t values) { count += values > 1 ? values : 0; };
    for (const auto* filter : {&query.id, &query.name, &query.disk_format, &query.container_format})
        if (*filter) add((*filter)->values.size());
    if (query.status) add(query.status->size());
    return count;
}

void check_bounds(const ImageQuery& query) {
    const std::size_t filters =
        query.tags.size() + query.properties.size() + query.created_at.size() + query.updated_at.size();
    if (filters > max_repeated_filters)
        throw Error(ErrorKind::bad_request, "a list takes at most " + std::to_string(max_repeated_filters) +
                                                " filters by tags, properties and times together; this one has " +
                                                std::to_string(filters));
    if (const std::size_t values = listed_values(query); values > max_listed_values)
        throw Error(ErrorKind::bad_request, "a list takes at most " + std::to_string(max_listed_values) +
                                                " values in all in: together; this one has " + std::to_string(values) +
                                                ": send several requests");
}

void check_order(const ImageQuery& query) {
    if (query.in_bin) return;
    for (const SortTerm& term : query.sort)
        if (term.key == SortKey::deleted_at || term.key == SortKey::scrub_after)
            throw Error(ErrorKind::bad_request, "only the recycle bin can be sorted by deleted_at and scrub_after");
}

}  // namespace

ImageQuery parse_list_query(const http::Fields& parameters, const Config::Limits& limits, bool in_bin) {
    ImageQuery query;
    query.in_bin = in_bin;
    query.limit = limits.page_default;
    SortReader sort;
    for (const auto& [name, text] : parameters) {
        if (name == "limit")
            query.limit = std::min(static_cast<std::uint64_t>(read_number(name, text)), limits.page_max);
        else if (name == "marker")
            query.marker = text;
        else if (name == "sort")
            sort.add_sort(text);
        else if (name == "sort_key")
            sort.add_key(text);
        else if (name == "sort_dir")
            sort.add_direction(text);
        else if (name == "changes-since")
            throw Error(ErrorKind::bad_request, "changes-since is no filter of this API: use updated_at=gt:TIME");
        else if (!read_filter(query, name, text))
            query.properties[name] = text;
    }
    query.sort = sort.finish();
    if (!query.is_hidden && !query.in_bin) query.is_hidden = false;
    check_bounds(query);
    check_order(query);
    return query;
}

string page_query(const http::Fields& parameters, const string& marker) {
    string text;
    const auto add = [&](string_view name, string_view value) {
        if (!text.empty()) text += '&';
        text += percent_encode(name) + '=' + percent_encode(value);
    };
    for (const auto& [name, value] : parameters) {
        if (name != "marker") add(name, value);
    }
    if (!marker.empty()) add("marker", marker);
    return text;
}

}  // namespace reprieve::api
