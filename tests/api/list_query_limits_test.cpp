#include "api/list_query.hpp"

#include <boost/test/unit_test.hpp>

#include "base/error.hpp"
#include "tests/catalog/catalog_fixture.hpp"
#include "tests/error_of.hpp"

using namespace reprieve;
using namespace reprieve::tests;

BOOST_AUTO_TEST_SUITE(list_query_limits)

namespace {

ImageQuery parse(const http::Fields& parameters, bool in_bin = false) {
    return api::parse_list_query(parameters, Config::Limits{}, in_bin);
}

std::string refusal(const http::Fields& parameters) {
    return error_of(ErrorKind::bad_request, [&] { parse(parameters); });
}

/// Returns a filter with that many values: "in:0,1,2…"
std::string list_of(std::size_t values) {
    std::string text = "in:0";
    for (std::size_t i = 1; i < values; ++i) text += ',' + std::to_string(i);
    return text;
}

/// Returns as many filters as a list accepts, of every kind.
http::Fields most_filters() {
    http::Fields parameters{{"id", list_of(128)}, {"name", list_of(128)}, {"size_min", "1"}, {"size_max", "9"}};
    for (const char* name : {"owner", "checksum", "os_hash_algo", "os_hash_value"}) parameters.emplace_back(name, "x");
    for (int i = 0; i < 16; ++i) {
        parameters.emplace_back("tag", std::to_string(i));
        parameters.emplace_back("p" + std::to_string(i), "x");
        parameters.emplace_back("created_at", "gt:2026-11-23T07:00:00Z");
        parameters.emplace_back("updated_at", "neq:2026-11-23T07:00:00Z");
    }
    return parameters;
}

}  // namespace

BOOST_FIXTURE_TEST_CASE(the_longest_query_is_one_that_the_catalog_can_answer, CatalogFixture) {
    for (const bool in_bin : {false, true}) {
        auto parameters = most_filters();
        parameters.emplace_back("sort", "status,size,name");
        BOOST_TEST(list(parse(parameters, in_bin)).empty());
    }
}

BOOST_AUTO_TEST_CASE(more_filters_are_refused_with_the_limit) {
    for (const char* name : {"tag", "more"}) {
        auto parameters = most_filters();
        parameters.emplace_back(name, "x");
        BOOST_TEST(refusal(parameters).find("at most 64 filters") != std::string::npos);
    }
}

BOOST_AUTO_TEST_CASE(more_values_are_refused_with_the_limit) {
    BOOST_TEST(refusal({{"name", list_of(257)}}).find("at most 256 values") != std::string::npos);
    BOOST_TEST(refusal({{"id", list_of(200)}, {"status", "in:" + std::string(60, ',')}}).find("at most 256 values") !=
               std::string::npos);
    BOOST_TEST(parse({{"name", list_of(256)}, {"disk_format", "raw"}}).name->values.size() == 256U);
}

BOOST_AUTO_TEST_CASE(only_the_bin_is_sorted_by_what_only_the_bin_has) {
    for (const char* key : {"deleted_at", "scrub_after"}) {
        BOOST_TEST(refusal({{"sort_key", key}}).find("only the recycle bin") != std::string::npos);
        BOOST_TEST(refusal({{"sort", "name:asc," + std::string(key)}}).find("only the recycle bin") !=
                   std::string::npos);
        BOOST_TEST(parse({{"sort_key", key}}, true).sort.size() == 1U);
        BOOST_TEST(parse({{"sort_key", key}, {"status", "pending_delete"}}).in_bin);
    }
}

BOOST_AUTO_TEST_SUITE_END()
