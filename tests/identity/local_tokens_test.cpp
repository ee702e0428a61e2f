#include "identity/local_tokens.hpp"

#include <boost/test/unit_test.hpp>

#include "catalog/identity/token_table.hpp"
#include "tests/error_of.hpp"
#include "tests/identity/identity_fixture.hpp"

using namespace reprieve;
using namespace reprieve::tests;
using identity::TokenFacts;
using identity::User;

namespace {

std::vector<std::string> names_of(const std::vector<TokenFacts::Named>& roles) {
    std::vector<std::string> names;
    for (const auto& role : roles) names.push_back(role.name);
    return names;
}

struct Tokens : IdentityFixture {
    const User ann = make_user("ann", "lab");
    const std::string lab = project_id("lab");

    std::size_t stored() {
        std::size_t count = 0;
        catalog.read([&](catalog::Connection& db) {
            auto row = db.prepare("SELECT count(*) FROM tokens");
            row.step();
            count = row.get<std::size_t>(0);
        });
        return count;
    }
};

}  // namespace

BOOST_FIXTURE_TEST_SUITE(local_tokens, Tokens)

BOOST_AUTO_TEST_CASE(a_token_tells_who_and_where_and_what) {
    directory.assign(root, {ann.id, lab, "reader"});
    const TokenFacts facts = tokens.validate(token_for(ann, lab));
    BOOST_TEST(facts.user.id == ann.id);
    BOOST_TEST(facts.user.name == "ann");
    BOOST_TEST(facts.project->id == lab);
    BOOST_TEST(facts.project->name == "lab");
    BOOST_TEST((names_of(facts.roles) == std::vector<std::string>{"member", "reader"}));
    BOOST_TEST((facts.methods == std::vector<std::string>{"password"}));
    BOOST_TEST(facts.audit_ids.size() == 1);
    BOOST_TEST(facts.issued_at == clock.now_us());
    BOOST_TEST(facts.expires_at == clock.now_us() + hour_us);
    const TokenFacts unscoped = tokens.validate(token_for(ann, ""));
    BOOST_TEST(!unscoped.project.has_value());
    BOOST_TEST(unscoped.roles.empty());
}

BOOST_AUTO_TEST_CASE(what_is_no_token_lets_nobody_in) {
    const std::string token = token_for(ann, lab);
    std::string forged = token;
    forged.back() = forged.back() == '0' ? '1' : '0';
    for (const std::string& wrong : {std::string(), forged, token.substr(1), token.substr(0, 63), token + "0",
                                     std::string(100'000, 'a'), std::string("' OR 1=1 --"), std::string("\0", 1)})
        BOOST_TEST(error_of(ErrorKind::unauthenticated, [&] { tokens.validate(wrong); }) ==
                   "the token is unknown, expired or revoked; sign in again");
    BOOST_TEST(is_valid(token));
}

BOOST_AUTO_TEST_CASE(a_token_ends_with_its_time) {
    const std::string token = token_for(ann, lab);
    clock.advance_us(hour_us - 1);
    BOOST_TEST(is_valid(token));
    clock.advance_us(1);
    BOOST_TEST(!is_valid(token));
}

BOOST_AUTO_TEST_CASE(a_revoked_token_ends_alone) {
    const std::string first = token_for(ann, lab), second = token_for(ann, lab);
    tokens.revoke(first, root);
    BOOST_TEST(!is_valid(first));
    BOOST_TEST(is_valid(second));
    BOOST_TEST(
        error_of(ErrorKind::unauthenticated, [&] { tokens.revoke(first, root); }).starts_with("the token is unknown"));
}

BOOST_AUTO_TEST_CASE(with_a_token_ends_what_was_made_from_it_and_nothing_else_is_made) {
    const std::string first = token_for(ann, lab), other = token_for(ann, lab);
    const identity::TokenFacts of_first = tokens.validate(first);
    const auto child = tokens.issue(of_first, root);
    const auto grandchild = tokens.issue(child.facts, root);
    BOOST_TEST(is_valid(grandchild.token));
    tokens.revoke(first, root);
    BOOST_TEST(!is_valid(child.token));
    BOOST_TEST(!is_valid(grandchild.token));
    BOOST_TEST(is_valid(other));
    BOOST_TEST(throws(ErrorKind::unauthenticated, [&] { tokens.issue(of_first, root); }));
}

BOOST_AUTO_TEST_CASE(a_role_that_is_taken_away_counts_at_once) {
    directory.assign(root, {ann.id, lab, "reader"});
    const std::string token = token_for(ann, lab);
    directory.unassign(root, {ann.id, lab, "member"});
    BOOST_TEST((names_of(tokens.validate(token).roles) == std::vector<std::string>{"reader"}));
    directory.unassign(root, {ann.id, lab, "reader"});
    BOOST_TEST(!is_valid(token));
}

BOOST_AUTO_TEST_CASE(a_token_of_a_credential_has_no_more_than_the_credential) {
    directory.assign(root, {ann.id, lab, "reader"});
    const auto robot = directory.create_credential(
        root,
        {.name = "robot", .user = ann.id, .project = lab, .roles = {"reader"}, .expires_at = clock.now_us() + 100}, {});
    TokenFacts facts;
    facts.user = {ann.id, ""};
    facts.project = {lab, ""};
    facts.application_credential = robot.credential.id;
    const std::string token = tokens.issue(facts, identity::caller_of(facts)).token;
    const TokenFacts found = tokens.validate(token);
    BOOST_TEST((names_of(found.roles) == std::vector<std::string>{"reader"}));
    BOOST_TEST(!found.may_make_credentials);
    BOOST_TEST(found.application_credential.value() == robot.credential.id);
    const std::string second = tokens.issue(facts, identity::caller_of(facts)).token;
    clock.advance_us(100);
    BOOST_TEST(!is_valid(token), "the credential has expired");
    directory.delete_credential(root, robot.credential.id);
    BOOST_TEST(error_of(ErrorKind::unauthenticated, [&] {
                   tokens.issue(facts, identity::caller_of(facts));
               }).starts_with("the user or the project was deleted"));
    BOOST_TEST(stored() == 0);
}

BOOST_AUTO_TEST_CASE(nobody_who_is_gone_gets_a_token) {
    directory.update_user(root, ann.id, {.is_enabled = false});
    BOOST_TEST(error_of(ErrorKind::unauthenticated, [&] { token_for(ann, lab); }) ==
               "the user or the project was deleted or disabled meanwhile");
    directory.update_user(root, ann.id, {.is_enabled = true});
    directory.update_project(root, lab, {.is_enabled = false});
    BOOST_TEST(error_of(ErrorKind::unauthenticated, [&] { token_for(ann, lab); }) ==
               "the user or the project was deleted or disabled meanwhile");
}

BOOST_AUTO_TEST_CASE(expired_tokens_go_with_new_ones_and_at_the_start) {
    for (int i = 0; i < 10; ++i) token_for(ann, lab);
    clock.advance_us(hour_us);
    token_for(ann, lab);
    BOOST_TEST(stored() == 3);
    token_for(ann, lab);
    BOOST_TEST(stored() == 2);
    clock.advance_us(hour_us);
    tokens.purge_expired();
    BOOST_TEST(stored() == 0);
}

BOOST_AUTO_TEST_CASE(one_user_cannot_fill_the_catalog_with_tokens) {
    const std::string oldest = token_for(ann, lab);
    catalog.write([&](catalog::Connection& db) {
        catalog::Token token{"", "a", "", ann.id, lab, {}, {}, clock.now_us(), clock.now_us() + 2 * hour_us};
        for (std::size_t i = 1; i < catalog::max_tokens_of_user; ++i) {
            token.hash = "hash " + std::to_string(i);
            catalog::insert_token(db, token);
        }
    });
    BOOST_TEST(is_valid(oldest));
    clock.advance_us(1);
    const std::string newest = token_for(ann, lab);
    BOOST_TEST(stored() == catalog::max_tokens_of_user);
    BOOST_TEST(is_valid(newest));
    BOOST_TEST(!is_valid(oldest));
}

BOOST_AUTO_TEST_SUITE_END()
