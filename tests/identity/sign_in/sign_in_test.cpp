#include "identity/sign_in/sign_in.hpp"

#include <boost/test/unit_test.hpp>
#include <thread>

#include "base/log.hpp"
#include "tests/error_of.hpp"
#include "tests/identity/identity_fixture.hpp"

using namespace reprieve;
using namespace reprieve::tests;
using identity::SignInRequest;
using identity::TokenFacts;
using identity::User;
using Key = identity::SignInRequest::Key;

namespace {

const std::string right = "the right one", wrong = "a wrong one", outside = "192.0.2.7";

SignInRequest by_password(const Key& user, const std::string& password, const std::string& address = outside) {
    SignInRequest request;
    request.password = SignInRequest::Password{user, password};
    request.address = address;
    return request;
}
Key named(const std::string& name) { return {{}, name}; }
Key with_id(const std::string& id) { return {id, {}}; }

struct SignIns : IdentityFixture {
    std::vector<std::string> log;

    SignIns() {
        set_log_sink([this](std::string_view line) { log.emplace_back(line); });
    }
    SignIns(const SignIns&) = delete;
    SignIns& operator=(const SignIns&) = delete;
    ~SignIns() { set_log_sink({}); }

    User ann = make_user("ann", right, "lab");
    std::string lab = project_id("lab");

    std::string refusal(const SignInRequest& request, ErrorKind kind = ErrorKind::unauthenticated) {
        return error_of(kind, [&] { sign_in.sign_in(request); });
    }
    TokenFacts facts_of(const SignInRequest& request) { return tokens.validate(sign_in.sign_in(request).token); }
};

const std::string refused = "the user or the password is wrong";

}  // namespace

BOOST_FIXTURE_TEST_SUITE(sign_in_with_passwords, SignIns)

BOOST_AUTO_TEST_CASE(a_user_signs_in_by_name_or_by_id) {
    for (const Key& key : {named("ann"), with_id(ann.id)}) {
        const TokenFacts facts = facts_of(by_password(key, right));
        BOOST_TEST(facts.user.id == ann.id);
        BOOST_TEST(facts.project->id == lab, "the only project there is for her");
        BOOST_TEST(facts.roles.front().name == "member");
        BOOST_TEST((facts.methods == std::vector<std::string>{"password"}));
        BOOST_TEST(facts.expires_at == clock.now_us() + hour_us);
    }
    SignInRequest longer = by_password(named("ann"), right);
    longer.lifetime_us = 5 * hour_us;
    BOOST_TEST(facts_of(longer).expires_at == clock.now_us() + 5 * hour_us);
}

BOOST_AUTO_TEST_CASE(whoever_is_refused_is_told_the_same_after_the_same_work) {
    const User gone = make_user("bob", right, "lab");
    directory.update_user(root, gone.id, {.is_enabled = false});
    make_user("robot", "lab");
    const std::vector<SignInRequest> requests{by_password(named("ann"), wrong),
                                              by_password(with_id(ann.id), wrong),
                                              by_password(named("nobody"), right),
                                              by_password(with_id("nobody"), right),
                                              by_password(named("bob"), right),
                                              by_password(named("robot"), ""),
                                              by_password(named("ann"), ""),
                                              by_password(Key{}, right),
                                              by_password(named("ann"), std::string(5000, 'x'))};
    for (const auto& request : requests) {
        const std::uint64_t before = passwords.runs();
        BOOST_TEST(refusal(request) == refused);
        BOOST_TEST(passwords.runs() == before + 1);
    }
}

BOOST_AUTO_TEST_CASE(the_project_is_the_one_asked_for_or_the_usual_one) {
    const std::string shop = project_id("shop");
    directory.assign(root, {ann.id, shop, "reader"});
    SignInRequest request = by_password(named("ann"), right);
    BOOST_TEST(!facts_of(request).project.has_value(), "two, and none is the default");
    directory.update_user(root, ann.id, {.default_project = shop});
    BOOST_TEST(facts_of(request).project->id == shop);
    request.project = named("lab");
    BOOST_TEST(facts_of(request).project->id == lab);
    request.project = with_id(lab);
    BOOST_TEST(facts_of(request).project->id == lab);
    request.project.reset();
    request.is_unscoped = true;
    BOOST_TEST(!facts_of(request).project.has_value());
    BOOST_TEST((sign_in.projects_of(ann.id).size() == 2));
    BOOST_TEST(sign_in.projects_of(ann.id)[1].name == "shop");
}

BOOST_AUTO_TEST_CASE(a_project_in_which_the_user_has_no_role_is_as_one_that_is_not_there) {
    project_id("closed");
    SignInRequest request = by_password(named("ann"), right);
    const std::string no_role = "there is no such project, or the user has no role in it";
    for (const Key& project : {named("closed"), named("nowhere"), with_id("nowhere"), with_id("default"), Key{}}) {
        request.project = project;
        BOOST_TEST(refusal(request) == no_role);
    }
    request.project = named("lab");
    directory.update_project(root, lab, {.is_enabled = false});
    BOOST_TEST(refusal(request) == no_role);
    BOOST_TEST(sign_in.projects_of(ann.id).empty());
}

BOOST_AUTO_TEST_CASE(exactly_one_method_is_used) {
    SignInRequest both = by_password(named("ann"), right);
    both.token = "x";
    BOOST_TEST(refusal(both, ErrorKind::bad_request) == "sign in with exactly one method");
    BOOST_TEST(refusal(SignInRequest{}, ErrorKind::bad_request) == "sign in with exactly one method");
}

BOOST_AUTO_TEST_CASE(who_fails_again_and_again_waits_and_costs_nothing) {
    for (int i = 0; i < 6; ++i) BOOST_TEST(refusal(by_password(named("ann"), wrong)) == refused);
    const std::uint64_t before = passwords.runs();
    for (const Key& key : {named("ann"), with_id(ann.id)})
        BOOST_TEST(refusal(by_password(key, right), ErrorKind::too_many_requests) ==
                   "too many sign-ins have failed; try again in 1 s");
    BOOST_TEST(passwords.runs() == before);
    // The user can still sign in from other addresses.
    for (const char* address : {"198.51.100.1", "127.0.0.1"}) facts_of(by_password(named("ann"), right, address));
    clock.advance_us(us_per_second);
    facts_of(by_password(named("ann"), right));
    BOOST_TEST(refusal(by_password(named("ann"), wrong)) == refused);
    facts_of(by_password(named("ann"), right));
}

BOOST_AUTO_TEST_CASE(an_address_that_tries_many_names_waits_and_others_do_not) {
    for (int i = 0; i < 21; ++i) refusal(by_password(named("name " + std::to_string(i)), wrong));
    BOOST_TEST(refusal(by_password(named("ann"), right), ErrorKind::too_many_requests).starts_with("too many"));
    facts_of(by_password(named("ann"), right, "192.0.2.8"));
    // A success from the address does not clear its failures.
    clock.advance_us(us_per_second);
    facts_of(by_password(named("ann"), right));
    BOOST_TEST(refusal(by_password(named("x"), wrong)) == refused);
    BOOST_TEST(refusal(by_password(named("ann"), right), ErrorKind::too_many_requests).starts_with("too many"));
    clock.advance_us(2 * us_per_second);
    BOOST_TEST(refusal(by_password(named("x"), wrong)) == refused);
    BOOST_TEST(refusal(by_password(named("ann"), right), ErrorKind::too_many_requests).starts_with("too many"));
}

BOOST_AUTO_TEST_CASE(an_address_from_which_people_sign_in_all_day_never_waits) {
    for (int i = 0; i < 25; ++i) facts_of(by_password(named("ann"), right));
}

BOOST_AUTO_TEST_CASE(attempts_at_the_same_time_win_nothing) {
    const std::uint64_t before = passwords.runs();
    std::vector<std::thread> threads;
    for (int i = 0; i < 24; ++i)
        threads.emplace_back([&] {
            try {
                sign_in.sign_in(by_password(named("ann"), wrong));
            } catch (const Error&) {
            }
        });
    for (auto& thread : threads) thread.join();
    BOOST_TEST(passwords.runs() - before <= 7U,
               "those that are free, the first that makes others wait, and one beside");
}

BOOST_AUTO_TEST_CASE(a_wrong_name_is_in_no_log) {
    refusal(by_password(named("my password, in the wrong field"), wrong));
    for (const std::string& line : log) BOOST_TEST(line.find("password, in") == std::string::npos);
    BOOST_TEST(!log.empty());
    BOOST_TEST(log.back().find("sign_in.failed peer=192.0.2.7") != std::string::npos);
}

BOOST_AUTO_TEST_CASE(a_password_is_changed_with_the_old_one_as_slowly_as_one_signs_in) {
    const std::string token = token_for(ann, lab);
    Caller ann_herself = identity::caller_of(tokens.validate(token));
    ann_herself.address = outside;
    BOOST_TEST(error_of(ErrorKind::unauthenticated, [&] {
                   sign_in.change_password(ann_herself, wrong, "a third one");
               }) == "the old password is wrong");
    BOOST_TEST(is_valid(token));
    sign_in.change_password(ann_herself, right, "a third one");
    BOOST_TEST(!is_valid(token));
    BOOST_TEST(refusal(by_password(named("ann"), right)) == refused);
    facts_of(by_password(named("ann"), "a third one"));
    for (int i = 0; i < 6; ++i)
        error_of(ErrorKind::unauthenticated, [&] { sign_in.change_password(ann_herself, wrong, right); });
    BOOST_TEST(error_of(ErrorKind::too_many_requests, [&] {
                   sign_in.change_password(ann_herself, "a third one", right);
               }).starts_with("too many"));
}

BOOST_AUTO_TEST_SUITE_END()

BOOST_FIXTURE_TEST_SUITE(sign_in_with_tokens, SignIns)

BOOST_AUTO_TEST_CASE(a_token_leads_to_another_project_and_lives_no_longer) {
    const std::string shop = project_id("shop");
    directory.assign(root, {ann.id, shop, "reader"});
    const std::string first = token_for(ann, lab);
    const std::string first_audit = tokens.validate(first).audit_ids.front();
    clock.advance_us(hour_us / 2);
    SignInRequest request;
    request.token = first;
    BOOST_TEST(facts_of(request).project->id == lab);
    request.project = named("shop");
    const TokenFacts facts = facts_of(request);
    BOOST_TEST(facts.project->id == shop);
    BOOST_TEST(facts.roles.front().name == "reader");
    BOOST_TEST((facts.methods == std::vector<std::string>{"password", "token"}));
    BOOST_TEST((facts.audit_ids.size() == 2 && facts.audit_ids[1] == first_audit));
    BOOST_TEST(facts.expires_at == clock.now_us() + hour_us / 2);
    request.project = named("default");
    BOOST_TEST(refusal(request).starts_with("there is no such project"));
    request.token = "no token";
    BOOST_TEST(refusal(request).starts_with("the token is unknown"));
}

BOOST_AUTO_TEST_SUITE_END()

BOOST_FIXTURE_TEST_SUITE(sign_in_with_application_credentials, SignIns)

BOOST_AUTO_TEST_CASE(a_robot_signs_in_with_less_than_its_user_and_stays_there) {
    const std::string shop = project_id("shop");
    directory.assign(root, {ann.id, shop, "member"});
    directory.assign(root, {ann.id, lab, "reader"});
    const auto robot = directory.create_credential(
        root,
        {.name = "robot", .user = ann.id, .project = lab, .roles = {"reader"}, .expires_at = clock.now_us() + hour_us},
        {});
    SignInRequest request;
    request.application_credential = SignInRequest::Credential{with_id(robot.credential.id), {}, robot.secret};
    TokenFacts facts = facts_of(request);
    BOOST_TEST(facts.project->id == lab);
    BOOST_TEST((facts.roles.size() == 1 && facts.roles.front().name == "reader"));
    BOOST_TEST((facts.methods == std::vector<std::string>{"application_credential"}));
    BOOST_TEST(!facts.may_make_credentials);

    request.application_credential->credential = named("robot");
    request.application_credential->user = named("ann");
    const auto made = sign_in.sign_in(request);
    SignInRequest again;
    again.token = made.token;
    facts = facts_of(again);
    BOOST_TEST((facts.roles.size() == 1 && facts.project->id == lab && facts.application_credential.has_value()));
    const std::string own = "an application credential is valid only for its own project";
    again.project = named("shop");
    BOOST_TEST(refusal(again) == own);
    again.project.reset();
    again.is_unscoped = true;
    BOOST_TEST(refusal(again) == own);
    request.project = named("shop");
    BOOST_TEST(refusal(request) == own);
    request.project = named("lab");
    facts_of(request);

    request.application_credential->user = named("admin");
    BOOST_TEST(refusal(request) == "the application credential or its secret is wrong");
    request.application_credential = SignInRequest::Credential{with_id(robot.credential.id), {}, robot.secret + "0"};
    BOOST_TEST(refusal(request) == "the application credential or its secret is wrong");
    request.application_credential->secret = robot.secret;
    clock.advance_us(hour_us);
    const std::uint64_t before = passwords.runs();
    BOOST_TEST(refusal(request) == "the application credential or its secret is wrong");
    BOOST_TEST(passwords.runs() == before + 1);
}

BOOST_AUTO_TEST_CASE(a_robot_loses_what_its_user_loses) {
    const auto robot = directory.create_credential(
        root, {.name = "robot", .user = ann.id, .project = lab, .roles = {"member"}}, "a secret of ours");
    SignInRequest request;
    request.application_credential = SignInRequest::Credential{with_id(robot.credential.id), {}, "a secret of ours"};
    BOOST_TEST(caller_of(facts_of(request)).is_member);
    directory.assign(root, {ann.id, lab, "reader"});
    directory.unassign(root, {ann.id, lab, "member"});
    BOOST_TEST(caller_of(facts_of(request)).is_reader);
    BOOST_TEST(!caller_of(facts_of(request)).is_member);
    directory.assign(root, {ann.id, lab, "service"});
    directory.unassign(root, {ann.id, lab, "reader"});
    BOOST_TEST(refusal(request) == "the user of the application credential has lost all of its roles in the project");
}

BOOST_AUTO_TEST_SUITE_END()
