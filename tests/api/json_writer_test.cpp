#include "api/json_writer.hpp"

#include <boost/test/unit_test.hpp>
#include <nlohmann/json.hpp>

using reprieve::api::JsonWriter;

BOOST_AUTO_TEST_SUITE(json_writer)

namespace {

std::string quoted(std::string_view text) { return JsonWriter().value(text).take(); }

}  // namespace

BOOST_AUTO_TEST_CASE(commas_come_by_themselves) {
    JsonWriter json;
    json.begin_object().field("a", 1).key("b").begin_array().value("x").value(true).null();
    json.begin_object().end_object().begin_array().end_array().end_array().field("c", false).end_object();
    BOOST_TEST(json.take() == R"({"a":1,"b":["x",true,null,{},[]],"c":false})");
}

BOOST_AUTO_TEST_CASE(numbers_are_whole_to_their_ends) {
    JsonWriter json;
    json.begin_array().value(INT64_MIN).value(INT64_MAX).value(UINT64_MAX).value(0).end_array();
    BOOST_TEST(json.take() == "[-9223372036854775808,9223372036854775807,18446744073709551615,0]");
}

BOOST_AUTO_TEST_CASE(what_is_missing_is_null_and_what_is_json_already_stays) {
    JsonWriter json;
    json.begin_object()
        .field("none", std::optional<std::string>())
        .field("some", std::optional<std::uint64_t>(5))
        .key("raw")
        .raw("[1, 2]")
        .end_object();
    BOOST_TEST(json.take() == R"({"none":null,"some":5,"raw":[1, 2]})");
}

BOOST_AUTO_TEST_CASE(quotes_backslashes_and_control_characters_are_escaped) {
    BOOST_TEST(quoted("") == "\"\"");
    BOOST_TEST(quoted("say \"hi\" \\ /") == R"("say \"hi\" \\ /")");
    BOOST_TEST(quoted("a\nb\tc\r") == R"("a\nb\u0009c\u000d")");
    BOOST_TEST(quoted(std::string_view("\0\x1f\x7f", 3)) == "\"\\u0000\\u001f\x7f\"");
    BOOST_TEST(quoted("\xc3\xa9\xf0\x9f\x90\xa7") == "\"\xc3\xa9\xf0\x9f\x90\xa7\"");
}

BOOST_AUTO_TEST_CASE(every_text_reads_back_as_it_was) {
    for (int c = 0; c < 128; ++c) {
        const std::string text = std::string("<") + static_cast<char>(c) + ">" + static_cast<char>(c);
        JsonWriter json;
        json.begin_object().field(text, text).end_object();
        BOOST_TEST(nlohmann::json::parse(json.take()) == nlohmann::json({{text, text}}), c);
    }
}

BOOST_AUTO_TEST_SUITE_END()
