#pragma once

#include <string>

#include "catalog/images/image_table.hpp"
#include "identity/authenticator.hpp"
#include "identity/local_tokens.hpp"
#include "identity/sign_in/sign_in.hpp"
#include "identity/users/directory.hpp"
#include "identity/users/first_sign_in.hpp"
#include "identity/users/passwords.hpp"
#include "tests/catalog/catalog_fixture.hpp"
#include "tests/fake_clock.hpp"

namespace reprieve::tests {

/// Users and projects of an appliance after its first start, with the calls that most tests make.
struct IdentityFixture : CatalogFixture {
    FakeClock clock;
    identity::Passwords passwords;
    identity::FirstSignIn first_sign_in{catalog, clock, folder / "first-sign-in"};
    identity::Directory directory{catalog, passwords, clock, &first_sign_in};
    identity::LocalTokens tokens{catalog, clock, hour_us};
    identity::SignIn sign_in{catalog, directory, tokens, passwords, clock, &first_sign_in};

    /// Caller for changes whose author does not matter.
    const Caller root;

    /// Creates a user with that role in the project. Creates the project if it is missing.
    identity::User make_user(const std::string& name, const std::string& password, const std::string& project_name,
                             const std::string& role = "member") {
        const auto user = directory.create_user(root, name, password, {}, "");
        directory.assign(root, {user.id, project_id(project_name), role});
        return user;
    }
    /// Creates a member of the project without a password, which saves the time of scrypt.
    identity::User make_user(const std::string& name, const std::string& project_name) {
        const auto user = directory.create_user(root, name, {}, {}, "");
        directory.assign(root, {user.id, project_id(project_name), "member"});
        return user;
    }
    std::string project_id(const std::string& name) {
        const auto found = directory.projects(name);
        return found.empty() ? directory.create_project(root, name, "").id : found.front().id;
    }
    std::string token_for(const identity::User& user, const std::string& project) {
        identity::TokenFacts facts;
        facts.user = {user.id, user.name};
        if (!project.empty()) facts.project = {project, ""};
        facts.methods = {"password"};
        return tokens.issue(facts, identity::caller_of(facts)).token;
    }
    bool is_valid(const std::string& token) {
        try {
            tokens.validate(token);
            return true;
        } catch (const Error& error) {
            if (error.kind() != ErrorKind::unauthenticated) throw;
            return false;
        }
    }
    void store_image(const std::string& owner, std::uint64_t bytes) {
        Image image = new_image();
        image.owner = owner;
        image.size = bytes;
        image.status = Status::active;
        insert(image);
    }
};

}  // namespace reprieve::tests
