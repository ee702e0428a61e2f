#include "identity/keystone/keystone_tokens.hpp"

#include <boost/test/unit_test.hpp>

#include <latch>
#include <thread>

#include "identity/authenticator.hpp"
#include "identity/keystone/keystone_sign_in.hpp"
#include "tests/error_of.hpp"
#include "tests/fake_clock.hpp"
#include "tests/hang_limit.hpp"
#include "tests/identity/keystone/fake_keystone.hpp"

namespace reprieve::identity {
BOOST_AUTO_TEST_SUITE(keystone_tokens)

namespace {

using tests::answer_of;
using tests::error_of;
using tests::FakeKeystone;

constexpr std::int64_t minute = 60 * us_per_second;
constexpr std::int64_t hour = 60 * minute;

struct Fixture {
    explicit Fixture(KeystoneTokens::Options options = {}, std::int64_t timeout_us = tests::hang_limit_us)
        : client(access(timeout_us), clock), tokens(client, clock, options) {
        keystone.service_token_expires_at = clock.now_us() + hour;
        keystone.add("alice", FakeKeystone::token_of("alice", "demo", "Member", clock.now_us() + hour));
    }

    KeystoneAccess access(std::int64_t timeout_us) const {
        return {.url = keystone.url() + "/v3/",
                .ca_file = "",
                .user = "reprieve",
                .password = "service-password",
                .user_domain = "Default",
                .project = "service",
                .project_domain = "Default",
                .timeout_us = timeout_us};
    }

    std::string refusal(const std::string& token) {
        return error_of(ErrorKind::unauthenticated, [&] { tokens.validate(token); });
    }
    std::string failure(const std::string& token) {
        return error_of(ErrorKind::unavailable, [&] { tokens.validate(token); });
    }

    tests::FakeClock clock;
    FakeKeystone keystone;
    KeystoneClient client;
    KeystoneTokens tokens;
};

bool contains(const std::string& text, const std::string& part) { return text.find(part) != std::string::npos; }

}  // namespace

BOOST_FIXTURE_TEST_CASE(a_token_that_keystone_knows_says_who_it_is, Fixture) {
    const TokenFacts facts = tokens.validate("alice");
    BOOST_TEST(facts.user.id == "alice-id");
    BOOST_TEST(facts.user.name == "alice");
    BOOST_TEST(facts.project->id == "demo-id");
    BOOST_TEST(facts.expires_at == clock.now_us() + hour);
    const Caller caller = caller_of(facts);
    BOOST_TEST(caller.is_member);
    BOOST_TEST(!caller.is_admin);
    BOOST_TEST(
        contains(keystone.last_sign_in, R"("scope":{"project":{"domain":{"name":"Default"},"name":"service"}})"));
}

BOOST_FIXTURE_TEST_CASE(a_token_that_keystone_does_not_know_is_refused_and_asked_about_once, Fixture) {
    for (int i = 0; i < 3; ++i) BOOST_TEST(contains(refusal("made-up"), "sign in again"));
    BOOST_TEST(keystone.validations == 1);
    clock.advance_us(10 * us_per_second);
    refusal("made-up");
    BOOST_TEST(keystone.validations == 2);
}

BOOST_FIXTURE_TEST_CASE(a_text_that_can_be_no_token_is_refused_without_a_question, Fixture) {
    for (const std::string& token : {std::string(), std::string("a b"), std::string("a\r\nX-Evil: 1"),
                                     std::string("\xc3\xa4"), std::string("a\0b", 3), std::string(9000, 'x')})
        BOOST_TEST(contains(refusal(token), "sign in again"));
    BOOST_TEST(keystone.validations == 0);
    BOOST_TEST(keystone.sign_ins == 0);
}

BOOST_FIXTURE_TEST_CASE(a_revoked_token_is_refused_within_the_cache_time, Fixture) {
    tokens.validate("alice");
    keystone.remove("alice");
    clock.advance_us(5 * minute - 1);
    tokens.validate("alice");
    BOOST_TEST(keystone.validations == 1);
    clock.advance_us(1);
    refusal("alice");
}

BOOST_AUTO_TEST_CASE(a_cache_time_of_0_asks_for_every_request) {
    Fixture f({.cache_time_us = 0});
    f.tokens.validate("alice");
    f.tokens.validate("alice");
    BOOST_TEST(f.keystone.validations == 2);
    f.keystone.remove("alice");
    f.refusal("alice");
    f.refusal("alice");
    BOOST_TEST(f.keystone.validations == 4);
}

BOOST_FIXTURE_TEST_CASE(an_answer_is_never_kept_beyond_the_end_of_the_token, Fixture) {
    keystone.add("short", FakeKeystone::token_of("bob", "demo", "reader", clock.now_us() + 7 * us_per_second));
    tokens.validate("short");
    keystone.remove("short");
    // The token ends after its remaining time, even if the wall clock goes back.
    clock.step_us(-hour);
    clock.advance_us(7 * us_per_second);
    refusal("short");
}

BOOST_AUTO_TEST_CASE(what_is_kept_is_bounded_and_made_up_tokens_push_out_no_good_one) {
    Fixture f({.max_cached = 2});
    f.tokens.validate("alice");
    for (int i = 0; i < 5; ++i) f.refusal("made-up-" + std::to_string(i));
    f.tokens.validate("alice");
    BOOST_TEST(f.keystone.validations == 6);
    f.refusal("made-up-0");
    BOOST_TEST(f.keystone.validations == 7);
}

BOOST_FIXTURE_TEST_CASE(a_scope_that_is_no_project_gives_no_roles, Fixture) {
    auto body = FakeKeystone::token_of("carol", "", "", clock.now_us() + hour);
    body["token"]["domain"] = {{"id", "default"}, {"name", "Default"}};
    body["token"]["roles"] = {{{"id", "1"}, {"name", "admin"}}};
    keystone.add("domain", body);
    const TokenFacts facts = tokens.validate("domain");
    BOOST_TEST(!facts.project.has_value());
    BOOST_TEST(!caller_of(facts).is_admin);
    BOOST_TEST(!caller_of(facts).is_reader);
}

BOOST_FIXTURE_TEST_CASE(an_application_credential_is_seen, Fixture) {
    auto body = FakeKeystone::token_of("carol", "demo", "member", clock.now_us() + hour);
    body["token"]["application_credential"] = {{"id", "ac"}, {"name", "robot"}, {"restricted", true}};
    keystone.add("robot", body);
    BOOST_TEST(tokens.validate("robot").application_credential.value() == "ac");
    BOOST_TEST(!tokens.validate("robot").may_make_credentials);
}

BOOST_FIXTURE_TEST_CASE(an_answer_that_says_nothing_lets_nobody_in, Fixture) {
    const auto good = FakeKeystone::token_of("x", "demo", "admin", clock.now_us() + hour);
    std::vector<std::string> bodies{"", "[]", "{", "{}", R"({"token": 1})", R"({"token": {}})"};
    for (const char* pointer : {"/token/user", "/token/user/id", "/token/expires_at", "/token/project/id",
                                "/token/roles", "/token/roles/0/name", "/token/issued_at"}) {
        auto body = good;
        body[nlohmann::json::json_pointer(pointer)] = 1;
        bodies.push_back(body.dump());
    }
    auto long_name = good;
    long_name["token"]["user"]["id"] = std::string(256, 'x');
    bodies.push_back(long_name.dump());
    keystone.intercept = [&](const std::string& request) {
        return request.starts_with("POST") ? std::string() : answer_of("200 OK", bodies.front());
    };
    for (; !bodies.empty(); bodies.erase(bodies.begin()))
        BOOST_TEST(contains(failure("t" + std::to_string(bodies.size())), "cannot be read"), bodies.front());
}

BOOST_FIXTURE_TEST_CASE(the_service_signs_in_again_before_its_token_ends, Fixture) {
    tokens.validate("alice");
    clock.advance_us(54 * minute);
    tokens.validate("alice");
    BOOST_TEST(keystone.sign_ins == 1);
    clock.advance_us(6 * minute);
    keystone.service_token_expires_at = clock.now_us() + hour;
    tokens.validate("alice");
    BOOST_TEST(keystone.sign_ins == 2);
}

BOOST_FIXTURE_TEST_CASE(a_service_token_that_keystone_revokes_is_replaced_once, Fixture) {
    tokens.validate("alice");
    keystone.end_service_tokens();
    clock.advance_us(5 * minute);
    tokens.validate("alice");
    BOOST_TEST(keystone.sign_ins == 2);
    keystone.intercept = [](const std::string& request) {
        return request.starts_with("POST") ? std::string() : answer_of("401 Unauthorized", "{}");
    };
    clock.advance_us(5 * minute);
    BOOST_TEST(contains(failure("alice"), "Keystone answers 401"));
    BOOST_TEST(keystone.sign_ins == 3);
}

BOOST_FIXTURE_TEST_CASE(a_wrong_password_names_the_keys_and_is_not_tried_over_and_over, Fixture) {
    keystone.password = "changed";
    const std::string refusal = error_of(ErrorKind::bad_request, [&] { client.sign_in(); });
    for (const char* key : {"auth.keystone_user", "auth.keystone_password", "auth.keystone_project"})
        BOOST_TEST(contains(refusal, key));
    BOOST_TEST(!contains(refusal, "service-password"));
    BOOST_TEST(contains(failure("alice"), "refuses to sign in"));
    BOOST_TEST(contains(failure("alice"), "refuses to sign in"));
    BOOST_TEST(keystone.sign_ins == 2);
    keystone.password = "service-password";
    clock.advance_us(30 * us_per_second);
    tokens.validate("alice");
}

BOOST_FIXTURE_TEST_CASE(a_url_that_is_no_keystones_is_told_at_once, Fixture) {
    keystone.intercept = [](const std::string&) { return answer_of("404 Not Found", "{}"); };
    BOOST_TEST(contains(error_of(ErrorKind::bad_request, [&] { client.sign_in(); }), "auth.keystone_url"));
}

BOOST_FIXTURE_TEST_CASE(a_keystone_that_fails_lets_in_only_whom_it_has_let_in_a_moment_ago, Fixture) {
    tokens.validate("alice");
    keystone.intercept = [](const std::string&) { return answer_of("500 Internal Server Error", "{}"); };
    BOOST_TEST(contains(failure("bob"), "Keystone answers 500"));
    tokens.validate("alice");
    keystone.intercept = [](const std::string&) { return answer_of("403 Forbidden", "{}"); };
    BOOST_TEST(contains(failure("bob"), "give it the role"));
    keystone.intercept = nullptr;
    refusal("bob");
}

BOOST_AUTO_TEST_CASE(a_keystone_that_hangs_is_waited_for_no_longer_than_the_timeout) {
    Fixture f({}, 50'000);
    std::latch end(1);
    f.keystone.intercept = [&](const std::string&) {
        end.wait();
        return std::string();
    };
    BOOST_TEST(contains(f.failure("alice"), "no answer in time"));
    end.count_down();
}

BOOST_FIXTURE_TEST_CASE(requests_with_one_token_ask_once, Fixture) {
    tokens.validate("alice");
    clock.advance_us(5 * minute);
    std::latch all_started(8);
    keystone.intercept = [&](const std::string&) {
        all_started.wait();
        return std::string();
    };
    std::vector<std::jthread> threads;
    std::atomic<int> good = 0;
    for (int i = 0; i < 8; ++i)
        threads.emplace_back([&] {
            all_started.count_down();
            good += tokens.validate("alice").user.name == "alice";
        });
    threads.clear();
    BOOST_TEST(good == 8);
    // One was before the threads. The second one served all eight, because late threads found its answer cached.
    BOOST_TEST(keystone.validations == 2);
}

BOOST_FIXTURE_TEST_CASE(the_service_signs_in_once_for_all_that_ask_first, Fixture) {
    std::vector<std::jthread> threads;
    for (int i = 0; i < 6; ++i) threads.emplace_back([&, i] { refusal("made-up-" + std::to_string(i)); });
    threads.clear();
    BOOST_TEST(keystone.validations == 6);
    BOOST_TEST(keystone.sign_ins == 1);
}

BOOST_AUTO_TEST_CASE(a_flood_of_tokens_is_turned_away_beyond_a_bound) {
    Fixture f({.max_running = 1, .max_waiting = 0});
    f.tokens.validate("alice");
    std::latch asked(1);
    std::latch end(1);
    f.keystone.intercept = [&](const std::string&) {
        asked.count_down();
        end.wait();
        return std::string();
    };
    std::jthread first([&] { f.refusal("made-up-1"); });
    asked.wait();
    BOOST_TEST(contains(f.failure("made-up-2"), "too many requests wait"));
    BOOST_TEST(f.tokens.validate("alice").user.name == "alice");
    end.count_down();
    first.join();
    f.keystone.intercept = nullptr;
    BOOST_TEST(contains(f.refusal("made-up-3"), "sign in again"));
}

BOOST_FIXTURE_TEST_CASE(who_signs_in_with_a_password_gets_a_token_and_who_fails_waits, Fixture) {
    KeystoneSignIn sign_in(client, tokens, clock);
    const KeystoneClient::Person alice{"alice", "Default", "service-password", "demo", "Default"};
    BOOST_TEST(sign_in.sign_in(alice, "192.0.2.1").token == "service-0");
    BOOST_TEST(contains(keystone.last_sign_in, R"("name":"alice")"));
    auto wrong = alice;
    wrong.password = "wrong";
    const auto refusal_of = [&](ErrorKind kind) {
        return error_of(kind, [&] { sign_in.sign_in(wrong, "192.0.2.1"); });
    };
    for (int i = 0; i < 6; ++i) BOOST_TEST(contains(refusal_of(ErrorKind::unauthenticated), "refuses the sign-in"));
    const int asked = keystone.sign_ins;
    BOOST_TEST(!refusal_of(ErrorKind::too_many_requests).starts_with("another kind"));
    BOOST_TEST(keystone.sign_ins == asked);
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace reprieve::identity
