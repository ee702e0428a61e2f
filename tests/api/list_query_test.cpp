#include "api/list_query.hpp"

#include <boost/test/unit_test.hpp>

#include "tests/error_of.hpp"

using namespace reprieve;
using namespace reprieve::tests;

BOOST_AUTO_TEST_SUITE(list_query)

namespace {

const Config::Limits limits;
constexpr std::int64_t seven_us = 1'763'881'200'000'000;  // 2025-11-23T07:00:00Z

ImageQuery parse(const http::Fields& fields) { return api::parse_list_query(fields, limits); }
std::string refusal(const http::Fields& fields) {
    return error_of(ErrorKind::bad_request, [&] { parse(fields); });
}
std::vector<std::string> names_of(const std::string& value) { return parse({{"name", value}}).name.value().values; }
std::vector<std::string> texts(std::initializer_list<const char*> list) { return {list.begin(), list.end()}; }

}  // namespace

BOOST_AUTO_TEST_CASE(without_parameters_the_newest_visible_images_are_asked_for) {
    const ImageQuery query = parse({});
    BOOST_TEST(query.limit == 25U);
    BOOST_TEST(!query.in_bin);
    BOOST_TEST(query.is_hidden.value() == false);
    BOOST_REQUIRE(query.sort.size() == 1U);
    BOOST_TEST((query.sort[0].key == SortKey::created_at));
    BOOST_TEST(query.sort[0].descending);
    BOOST_TEST(!query.marker.has_value());
    BOOST_TEST(!api::parse_list_query({}, limits, true).is_hidden.has_value());
    BOOST_TEST(api::parse_list_query({}, limits, true).in_bin);
}

BOOST_AUTO_TEST_CASE(a_limit_is_a_number_cut_to_the_most_that_is_given) {
    BOOST_TEST(parse({{"limit", "0"}}).limit == 0U);
    BOOST_TEST(parse({{"limit", "7"}}).limit == 7U);
    BOOST_TEST(parse({{"limit", "99999"}}).limit == 1000U);
    for (const char* bad : {"", "-1", "x", "1x", " 1", "+1", "1.5", "99999999999999999999"})
        BOOST_TEST(refusal({{"limit", bad}}) == "the parameter 'limit' must be a whole number that is not negative");
}

BOOST_AUTO_TEST_CASE(texts_are_compared_whole_or_with_a_list) {
    BOOST_TEST(names_of("a,b") == texts({"a,b"}), boost::test_tools::per_element());
    BOOST_TEST(names_of("in:a") == texts({"a"}), boost::test_tools::per_element());
    BOOST_TEST(names_of("in:a,b") == texts({"a", "b"}), boost::test_tools::per_element());
    BOOST_TEST(names_of("in:\"a,b\",c") == texts({"a,b", "c"}), boost::test_tools::per_element());
    BOOST_TEST(names_of("in:\"say \\\"hi\\\"\"") == texts({"say \"hi\""}), boost::test_tools::per_element());
    BOOST_TEST(names_of("in:") == texts({""}), boost::test_tools::per_element());
    BOOST_TEST(names_of("in:,") == texts({"", ""}), boost::test_tools::per_element());
    for (const char* bad : {"in:\"a", "in:a\"b\"", "in:\"a\"b", "in:\"a\\\""})
        BOOST_TEST(refusal({{"name", bad}}).starts_with("the parameter 'name' must be a list"));
    for (const char* name : {"id", "name", "disk_format", "container_format"})
        BOOST_TEST(refusal({{name, "in:a,b"}}) == "nothing was thrown");
    BOOST_TEST(parse({{"owner", "in:a"}}).owner.value() == "in:a");
}

BOOST_AUTO_TEST_CASE(every_known_filter_finds_its_place) {
    const ImageQuery query = parse({{"id", "i"},
                                    {"disk_format", "raw"},
                                    {"container_format", "bare"},
                                    {"status", "active"},
                                    {"visibility", "community"},
                                    {"owner", "lab"},
                                    {"checksum", "c"},
                                    {"os_hash_algo", "sha512"},
                                    {"os_hash_value", "h"},
                                    {"protected", "True"},
                                    {"os_hidden", "true"},
                                    {"min_disk", "1"},
                                    {"min_ram", "2"},
                                    {"tag", "a"},
                                    {"tag", "b"},
                                    {"member_status", "all"},
                                    {"marker", "m"},
                                    {"os_distro", "debian"}});
    BOOST_TEST(query.id.value().values.at(0) == "i");
    BOOST_TEST(query.disk_format.value().values.at(0) == "raw");
    BOOST_TEST(query.container_format.value().values.at(0) == "bare");
    BOOST_TEST((query.status.value() == std::vector{Status::active}));
    BOOST_TEST((query.visibility == Visibility::community));
    BOOST_TEST(query.owner.value() == "lab");
    BOOST_TEST(query.checksum.value() == "c");
    BOOST_TEST(query.os_hash_algo.value() == "sha512");
    BOOST_TEST(query.os_hash_value.value() == "h");
    BOOST_TEST(query.is_protected.value());
    BOOST_TEST(query.is_hidden.value());
    BOOST_TEST(query.min_disk.value() == 1);
    BOOST_TEST(query.min_ram.value() == 2);
    BOOST_TEST(query.tags == texts({"a", "b"}), boost::test_tools::per_element());
    BOOST_TEST(query.marker.value() == "m");
    BOOST_TEST(query.properties.size() == 1U);
    BOOST_TEST(query.properties.at("os_distro") == "debian");
}

BOOST_AUTO_TEST_CASE(sizes_make_a_range) {
    const ImageQuery range = parse({{"size_min", "10"}, {"size_max", "20"}});
    BOOST_TEST(range.size_min.value() == 10U);
    BOOST_TEST(range.size_max.value() == 20U);
    const ImageQuery exact = parse({{"size", "5"}});
    BOOST_TEST(exact.size_min.value() == 5U);
    BOOST_TEST(exact.size_max.value() == 5U);
    const ImageQuery narrowed = parse({{"size_min", "10"}, {"size_min", "12"}, {"size_max", "20"}, {"size_max", "15"}});
    BOOST_TEST(narrowed.size_min.value() == 12U);
    BOOST_TEST(narrowed.size_max.value() == 15U);
}

BOOST_AUTO_TEST_CASE(times_are_compared_with_every_operator) {
    using Operator = TimeComparison::Operator;
    const std::vector<std::pair<std::string, Operator>> operators{{"", Operator::equal},
                                                                  {"eq:", Operator::equal},
                                                                  {"neq:", Operator::not_equal},
                                                                  {"gt:", Operator::greater},
                                                                  {"gte:", Operator::greater_or_equal},
                                                                  {"lt:", Operator::less},
                                                                  {"lte:", Operator::less_or_equal}};
    for (const auto& [prefix, op] : operators) {
        const auto found = parse({{"created_at", prefix + "2025-11-23T07:00:00Z"}}).created_at.at(0);
        BOOST_TEST((found.op == op), prefix);
        BOOST_TEST(found.time_us == seven_us);
    }
    const auto both =
        parse({{"updated_at", "gt:2025-11-23T06:00:00Z"}, {"updated_at", "lt:2025-11-23T08:00:00+01:00"}});
    BOOST_TEST(both.updated_at.size() == 2U);
    BOOST_TEST(both.updated_at[1].time_us == seven_us);
    for (const char* bad : {"", "gt:", "ge:2025-11-23T07:00:00Z", "yesterday", "2025-13-01"})
        BOOST_TEST(refusal({{"created_at", bad}}).starts_with("the parameter 'created_at' must be a time"));
}

BOOST_AUTO_TEST_CASE(a_status_can_be_any_word_and_the_bin_is_asked_for_by_its_own) {
    BOOST_TEST((parse({{"status", "in:active,queued"}}).status.value() == std::vector{Status::active, Status::queued}));
    BOOST_TEST((parse({{"status", "nonsense"}}).status.value() == std::vector{Status::deleted}));
    const ImageQuery bin = parse({{"status", "pending_delete"}});
    BOOST_TEST(bin.in_bin);
    BOOST_TEST(!bin.status.has_value());
    BOOST_TEST(!bin.is_hidden.has_value());
}

BOOST_AUTO_TEST_CASE(an_order_is_asked_for_in_either_of_two_ways) {
    const auto terms = [](const http::Fields& fields) {
        std::string text;
        for (const SortTerm& term : parse(fields).sort)
            text += std::to_string(static_cast<int>(term.key)) + (term.descending ? "d " : "a ");
        return text;
    };
    BOOST_TEST(terms({{"sort", "name:asc,size"}}) == "2a 5d ");
    BOOST_TEST(terms({{"sort", "name:asc"}, {"sort", "size:desc"}}) == "2a 5d ");
    BOOST_TEST(terms({{"sort_key", "name"}}) == "2d ");
    BOOST_TEST(terms({{"sort_dir", "asc"}}) == "0a ");
    BOOST_TEST(terms({{"sort_key", "name"}, {"sort_key", "size"}, {"sort_dir", "asc"}}) == "2a 5a ");
    BOOST_TEST(terms({{"sort_key", "name"}, {"sort_key", "size"}, {"sort_dir", "asc"}, {"sort_dir", "desc"}}) ==
               "2a 5d ");
    BOOST_TEST(terms({{"sort", "name:asc,name:desc,id"}}) == "2a 3d ");
    for (const char* key :
         {"created_at", "updated_at", "name", "id", "status", "size", "disk_format", "container_format", "visibility",
          "owner", "min_disk", "min_ram", "checksum", "os_hash_value", "protected", "os_hidden", "virtual_size"})
        BOOST_TEST(refusal({{"sort_key", key}}) == "nothing was thrown");
}

BOOST_AUTO_TEST_CASE(an_order_that_cannot_be_is_refused) {
    BOOST_TEST(refusal({{"sort", "name"}, {"sort_key", "name"}}).starts_with("use either 'sort'"));
    BOOST_TEST(refusal({{"sort", "name"}, {"sort_dir", "asc"}}).starts_with("use either 'sort'"));
    BOOST_TEST(refusal({{"sort_key", "a b"}}).find("not 'a b'") != std::string::npos);
    for (const char* bad : {"", "name:up", "name:", "name,", ":asc", "nothing"})
        BOOST_TEST(refusal({{"sort", bad}}) != "nothing was thrown", bad);
    BOOST_TEST(refusal({{"sort_dir", "ASC"}}) == "the parameter 'sort_dir' must be asc or desc");
    BOOST_TEST(
        refusal({{"sort_key", "name"}, {"sort_dir", "asc"}, {"sort_dir", "asc"}}).starts_with("give one sort_dir"));
}

BOOST_AUTO_TEST_CASE(words_that_are_none_of_the_allowed_are_refused) {
    BOOST_TEST(!parse({{"visibility", "all"}}).visibility.has_value());
    const http::Fields bad{{"visibility", "secret"}, {"protected", "yes"}, {"os_hidden", "1"}, {"member_status", "x"},
                           {"min_ram", "x"},         {"min_disk", "-1"},   {"size_min", "x"},  {"size_max", ""}};
    for (const auto& field : bad)
        BOOST_TEST(refusal({field}).starts_with("the parameter '" + field.first + "' must be"));
    BOOST_TEST(refusal({{"changes-since", "x"}}).starts_with("changes-since is no filter"));
}

BOOST_AUTO_TEST_CASE(the_query_of_a_neighbour_keeps_what_the_client_sent) {
    const http::Fields fields{{"tag", "a b"}, {"marker", "old"}, {"tag", "\xc3\xa9&="}, {"limit", "2"}};
    BOOST_TEST(api::page_query(fields, "") == "tag=a%20b&tag=%C3%A9%26%3D&limit=2");
    BOOST_TEST(api::page_query(fields, "new") == "tag=a%20b&tag=%C3%A9%26%3D&limit=2&marker=new");
    BOOST_TEST(api::page_query({}, "") == "");
    BOOST_TEST(api::page_query({}, "m") == "marker=m");
}

BOOST_AUTO_TEST_SUITE_END()
