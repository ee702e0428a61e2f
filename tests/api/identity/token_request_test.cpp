#include "api/identity/token_request.hpp"

#include <boost/test/unit_test.hpp>

#include "base/error.hpp"

using namespace reprieve;

BOOST_AUTO_TEST_SUITE(token_request)

namespace {

/// Parses the body of a sign-in. `identity` and `scope` are JSON; an empty scope is left out.
identity::SignInRequest parse(const std::string& identity, const std::string& scope = {}) {
    const std::string more = scope.empty() ? "" : R"(, "scope": )" + scope;
    return api::parse_token_request(
        api::JsonObject::parse(R"({"auth": {"identity": )" + identity + more + "}}", "auth"));
}

std::string password(const std::string& user) {
    return R"({"methods": ["password"], "password": {"user": )" + user + "}}";
}

const std::string alice = password(R"({"name": "alice", "password": "s3cret"})");

void refused(ErrorKind kind, const std::string& identity, const std::string& scope = {}) {
    BOOST_CHECK_EXCEPTION(parse(identity, scope), Error, [&](const Error& error) {
        BOOST_TEST(std::string(error.what()).find("s3cret") == std::string::npos);
        return error.kind() == kind;
    });
}

}  // namespace

BOOST_AUTO_TEST_CASE(a_password_comes_with_the_user_by_name_or_by_id) {
    for (const char* domain : {"", R"(, "domain": {"id": "default"})", R"(, "domain": {"name": "Default"})",
                               R"(, "domain": {"name": "default"})", R"(, "domain": null)"}) {
        const auto request = parse(password(R"({"name": "alice", "password": "s3cret")" + std::string(domain) + "}"));
        BOOST_TEST(request.password.value().user.name.value() == "alice");
        BOOST_TEST(!request.password->user.id);
        BOOST_TEST(request.password->password == "s3cret");
        BOOST_TEST((!request.token && !request.application_credential && !request.project && !request.is_unscoped));
    }
    const auto by_id = parse(password(R"({"id": "4f", "name": "ignored", "password": "s3cret"})"));
    BOOST_TEST(by_id.password->user.id.value() == "4f");
    BOOST_TEST(!by_id.password->user.name);
}

BOOST_AUTO_TEST_CASE(a_token_and_an_application_credential_sign_in_too) {
    BOOST_TEST(parse(R"({"methods": ["token"], "token": {"id": "t"}})").token.value() == "t");
    const auto by_id = parse(R"({"methods": ["application_credential"],
                                 "application_credential": {"id": "c", "secret": "s"}})");
    BOOST_TEST(by_id.application_credential.value().credential.id.value() == "c");
    BOOST_TEST(by_id.application_credential->secret == "s");
    const auto by_name = parse(R"({"methods": ["application_credential"], "application_credential":
                                   {"name": "robot", "secret": "s", "user": {"name": "alice"}}})");
    BOOST_TEST(by_name.application_credential.value().credential.name.value() == "robot");
    BOOST_TEST(by_name.application_credential->user.name.value() == "alice");
}

BOOST_AUTO_TEST_CASE(a_scope_is_a_project_or_nothing) {
    BOOST_TEST(parse(alice, R"({"project": {"id": "p"}})").project.value().id.value() == "p");
    const auto named = parse(alice, R"({"project": {"name": "lab", "domain": {"id": "default"}}})");
    BOOST_TEST(named.project.value().name.value() == "lab");
    BOOST_TEST(!named.is_unscoped);
    for (const char* scope : {R"("unscoped")", R"({"unscoped": {}})", "{}"})
        BOOST_TEST(parse(alice, scope).is_unscoped);
    BOOST_TEST(!parse(alice, "null").is_unscoped);
}

BOOST_AUTO_TEST_CASE(what_there_is_not_here_is_unauthenticated_and_says_so) {
    for (const char* scope :
         {R"({"domain": {"id": "default"}})", R"({"system": {"all": true}})", R"({"OS-TRUST:trust": {"id": "t"}})",
          R"({"project": {"name": "lab", "domain": {"id": "other"}}})"})
        refused(ErrorKind::unauthenticated, alice, scope);
    refused(ErrorKind::unauthenticated,
            password(R"({"name": "alice", "password": "s3cret", "domain": {"name": "other"}})"));
    refused(ErrorKind::unauthenticated, R"({"methods": ["totp"], "totp": {"user": {}}})");
    refused(ErrorKind::unauthenticated, R"({"methods": ["external"]})");
}

BOOST_AUTO_TEST_CASE(what_makes_no_sense_is_a_bad_request_that_names_the_field) {
    for (const char* identity :
         {"{}", R"({"methods": []})", R"({"methods": "password"})", R"({"methods": [1]})",
          R"({"methods": ["password", "token"]})", R"({"methods": ["password"]})",
          R"({"methods": ["password"], "password": []})", R"({"methods": ["password"], "password": {"user": 1}})",
          R"({"methods": ["token"], "token": {}})", R"({"methods": ["token"], "token": {"id": 5}})",
          R"({"methods": ["application_credential"], "application_credential": {"id": "c"}})",
          R"({"methods": ["application_credential"], "application_credential": {"name": "c", "secret": "s3cret"}})"})
        refused(ErrorKind::bad_request, identity);
    for (const char* user : {R"({"password": "s3cret"})", R"({"name": "alice"})",
                             R"({"name": 1, "password": "s3cret"})", R"({"name": "alice", "password": ["s3cret"]})",
                             R"({"name": "alice", "password": "s3cret", "domain": "default"})"})
        refused(ErrorKind::bad_request, password(user));
    refused(ErrorKind::bad_request, alice, "5");
    refused(ErrorKind::bad_request, alice, R"("all")");
    refused(ErrorKind::bad_request, alice, R"({"project": "lab"})");
    BOOST_CHECK_EXCEPTION(parse(password(R"({"name": "alice"})")), Error, [](const Error& error) {
        return std::string(error.what()).find("auth.identity.password.user.password") != std::string::npos;
    });
    for (const char* body : {"", "nonsense", "[]", "5", "{}", R"({"auth": 5})", R"({"auth": )"})
        BOOST_CHECK_THROW(api::JsonObject::parse(body, "auth"), Error);
}

BOOST_AUTO_TEST_SUITE_END()
