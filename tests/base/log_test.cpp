#include "base/log.hpp"

#include <boost/test/unit_test.hpp>
#include <nlohmann/json.hpp>
#include <string>
#include <thread>
#include <vector>

#include "base/error.hpp"

using namespace reprieve;

BOOST_AUTO_TEST_SUITE(structured_log)

namespace {

/// Collects the lines of the log. The destructor resets the log to its default.
struct Lines {
    std::vector<std::string> lines;

    explicit Lines(const char* format, const char* level = "info") {
        configure_log(level, format);
        set_log_sink([this](std::string_view line) { lines.emplace_back(line); });
    }
    Lines(const Lines&) = delete;
    Lines& operator=(const Lines&) = delete;
    ~Lines() {
        set_log_sink({});
        configure_log("info", "text");
    }

    /// Returns the only line, without its time. Requires: there is exactly one.
    std::string only() const {
        BOOST_REQUIRE_EQUAL(lines.size(), 1U);
        const std::size_t space = lines[0].find(' ');
        return lines[0].substr(space + 1);
    }
};

}  // namespace

BOOST_AUTO_TEST_CASE(a_line_of_text_holds_time_level_event_and_fields) {
    const Lines log("text");
    log_info("image.deleted", {{"image", "4c1a"}, {"by", "Ann Smith"}, {"bytes", 1024U}, {"step", -3}, {"last", true}});
    BOOST_TEST(log.only() == R"(info  image.deleted image=4c1a by="Ann Smith" bytes=1024 step=-3 last=true)");
    BOOST_TEST(log.lines[0].substr(0, 2) == "20");
    BOOST_TEST(log.lines[0].find("Z ") == std::string("2026-11-23T07:00:00.123").size());
}

BOOST_AUTO_TEST_CASE(a_message_comes_before_the_fields) {
    const Lines log("text");
    log_error("store.failed", "the disk is full", {{"store", std::string("local")}});
    BOOST_TEST(log.only() == R"(error store.failed message="the disk is full" store=local)");
}

BOOST_AUTO_TEST_CASE(a_line_of_json_holds_the_same) {
    const Lines log("json");
    log_warning("store.slow", "slow", {{"store", "local"}, {"seconds", 12}, {"alone", false}});
    BOOST_REQUIRE_EQUAL(log.lines.size(), 1U);
    const auto line = nlohmann::json::parse(log.lines[0]);
    BOOST_TEST(line["time"].get<std::string>().size() == 24U);
    BOOST_TEST(line["level"] == "warning");
    BOOST_TEST(line["event"] == "store.slow");
    BOOST_TEST(line["message"] == "slow");
    BOOST_TEST(line["store"] == "local");
    BOOST_TEST(line["seconds"] == 12);
    BOOST_TEST(line["alone"] == false);
}

BOOST_AUTO_TEST_CASE(a_value_cannot_forge_a_line_or_a_field) {
    const Lines log("text");
    log_info("login.failed", {{"user", "x\n2026-01-01T00:00:00.000Z info  login.ok user=admin"},
                              {"agent", "a b\" user=root\r\x1b[2J"},
                              {"name", "x\xE2\x80\xAE\xC2\x9By"},
                              {"none", ""}});
    BOOST_TEST(log.only() == R"(info  login.failed user="x\n2026-01-01T00:00:00.000Z info  login.ok user=admin" )"
                             R"(agent="a b\" user=root\u000d\u001b[2J" name="x\u202e\u009by" none="")");
}

BOOST_AUTO_TEST_CASE(a_line_of_json_is_valid_whatever_the_value) {
    std::string all;
    for (int c = 0; c < 256; ++c) all += static_cast<char>(c);
    for (const std::string& value :
         {all, std::string("\xC3"), std::string("\xED\xA0\x80"), std::string("\xF4\x90\x80\x80"),
          std::string("\xC0\xAF"), std::string(max_log_value_bytes - 1, 'a') + "é", std::string("€ 𝄞 é")}) {
        const Lines log("json");
        log_info("test", {{"value", value}});
        BOOST_REQUIRE_EQUAL(log.lines.size(), 1U);
        BOOST_TEST(nlohmann::json::accept(log.lines[0]));
        BOOST_TEST(log.lines[0].find('\n') == std::string::npos);
    }
    const Lines log("json");
    log_info("test", {{"value", "€ 𝄞 é\xFF\\"}});
    BOOST_TEST(nlohmann::json::parse(log.lines.at(0))["value"] == "€ 𝄞 é\uFFFD\\");
}

BOOST_AUTO_TEST_CASE(a_long_value_is_cut) {
    const Lines log("text");
    log_info("test", {{"value", std::string(1'000'000, 'a')}});
    BOOST_TEST(log.lines.at(0).size() < max_log_value_bytes + 100);
    BOOST_TEST(log.lines.at(0).ends_with("a…\""));
}

BOOST_AUTO_TEST_CASE(what_is_below_the_level_is_not_written) {
    const Lines log("text", "warning");
    log_debug("no");
    log_info("no", "not this", {});
    log_warning("yes");
    log_error("yes");
    BOOST_TEST(log.lines.size() == 2U);
}

BOOST_AUTO_TEST_CASE(unknown_words_are_refused) {
    BOOST_CHECK_THROW(configure_log("loud", "text"), Error);
    BOOST_CHECK_THROW(configure_log("info", "xml"), Error);
}

BOOST_AUTO_TEST_CASE(lines_of_many_threads_stay_whole_while_the_format_changes) {
    const Lines log("text");
    std::vector<std::thread> threads;
    for (int t = 0; t < 4; ++t)
        threads.emplace_back([t] {
            for (int i = 0; i < 200; ++i) {
                log_info("test", {{"thread", t}, {"value", "a b"}});
                if (i % 50 == 0) configure_log("info", t % 2 == 0 ? "json" : "text");
            }
        });
    for (std::thread& thread : threads) thread.join();
    BOOST_TEST(log.lines.size() == 800U);
    for (const std::string& line : log.lines)
        BOOST_TEST((nlohmann::json::accept(line) || line.ends_with("value=\"a b\"")), line);
}

BOOST_AUTO_TEST_SUITE_END()
