#include "identity/users/directory.hpp"

#include <algorithm>

#include "base/error.hpp"
#include "base/random.hpp"
#include "catalog/operation/event_table.hpp"
#include "identity/users/directory_rules.hpp"
#include "identity/users/first_sign_in.hpp"
#include "identity/users/names.hpp"

// This file has the roles and the application credentials. Users are in directory_users.cpp, projects in
// directory_projects.cpp.

namespace reprieve::identity {
namespace {

constexpr std::size_t secret_bytes = 32;

/// Returns the roles for the new `credential`: its own `roles`, or all roles of the user in the project if these are
/// empty. Throws bad_request if the user lacks one of them, or has no role in the project.
std::vector<std::string> granted(catalog::Connection& db, const ApplicationCredential& credential) {
    const auto own = catalog::roles_of(db, credential.user, credential.project);
    if (own.empty())
        throw Error(ErrorKind::bad_request,
                    "the user has no role in the project, so that an application credential could do nothing there");
    for (const std::string& role : credential.roles) {
        if (std::find(own.begin(), own.end(), role) == own.end())
            throw Error(ErrorKind::bad_request, "an application credential cannot have the role '" + role +
                                                    "', which its user lacks in the project");
    }
    return credential.roles.empty() ? own : credential.roles;
}

Event role_event(const Caller& by, std::int64_t now_us, const char* action, const Assignment& assignment) {
    return done_by(by, now_us, action, assignment.user, {}, assignment.role + " in the project " + assignment.project);
}

}  // namespace

void require_role(const std::string& name) {
    if (std::find(std::begin(role_names), std::end(role_names), name) == std::end(role_names))
        throw Error(ErrorKind::not_found, "there is no role '" + name + "': use admin, member, reader or service");
}

Directory::Directory(catalog::Catalog& catalog, Passwords& passwords, const Clock& clock, FirstSignIn* first_sign_in)
    : catalog_(catalog), passwords_(passwords), clock_(clock), first_sign_in_(first_sign_in) {}

std::vector<Assignment> Directory::assignments(const std::optional<std::string>& user,
                                               const std::optional<std::string>& project) {
    return catalog_.read([&](catalog::Connection& db) { return catalog::list_assignments(db, user, project); });
}

void Directory::assign(const Caller& by, const Assignment& assignment) {
    require_role(assignment.role);
    catalog_.write([&](catalog::Connection& db) {
        require_user(db, assignment.user);
        require_project(db, assignment.project);
        catalog::insert_assignment(db, assignment);
        catalog::record_event(db, role_event(by, clock_.now_us(), "role.add", assignment));
    });
    if (first_sign_in_ != nullptr) first_sign_in_->end_if_unneeded();
}

void Directory::unassign(const Caller& by, const Assignment& assignment) {
    catalog_.write([&](catalog::Connection& db) {
        if (!catalog::delete_assignment(db, assignment))
            throw Error(ErrorKind::not_found, "the user lacks the role '" + assignment.role + "' in the project");
        require_some_admin(db);
        catalog::record_event(db, role_event(by, clock_.now_us(), "role.remove", assignment));
    });
}

Directory::NewCredential Directory::create_credential(const Caller& by, ApplicationCredential credential,
                                                      const std::optional<std::string>& secret) {
    check_name("application credential", credential.name);
    check_description(credential.description);
    for (const std::string& role : credential.roles) require_role(role);
    credential.created_at = clock_.now_us();
    if (credential.expires_at && *credential.expires_at <= credential.created_at)
        throw Error(ErrorKind::bad_request, "expires_at is in the past");
    credential.id = new_id();
    const std::string shown = secret ? *secret : random_hex(secret_bytes);
    const std::string stored = passwords_.hash(shown);
    catalog_.write([&](catalog::Connection& db) {
        require_user(db, credential.user);
        require_project(db, credential.project);
        credential.roles = granted(db, credential);
        const auto others = catalog::list_credentials(db, credential.user, std::nullopt);
        if (others.size() >= max_credentials)
            throw Error(ErrorKind::conflict, "a user has at most " + std::to_string(max_credentials) +
                                                 " application credentials; delete one first");
        for (const auto& other : others) {
            if (other.name == credential.name)
                throw Error(ErrorKind::conflict,
                            "the user has an application credential '" + credential.name + "' already");
        }
        catalog::insert_credential(db, credential, stored);
        catalog::record_event(db, done_by(by, credential.created_at, "credential.create", credential.id, {},
                                          credential.name + " of the user " + credential.user));
    });
    return {std::move(credential), shown};
}

ApplicationCredential Directory::credential(std::string_view id) {
    auto found = catalog_.read([&](catalog::Connection& db) { return catalog::find_credential(db, id); });
    if (!found) throw Error(ErrorKind::not_found, "there is no application credential with id " + std::string(id));
    return std::move(*found);
}

std::vector<ApplicationCredential> Directory::credentials(std::string_view user,
                                                          const std::optional<std::string>& name) {
    return catalog_.read([&](catalog::Connection& db) { return catalog::list_credentials(db, user, name); });
}

void Directory::delete_credential(const Caller& by, std::string_view id) {
    catalog_.write([&](catalog::Connection& db) {
        const auto credential = catalog::find_credential(db, id);
        if (!credential)
            throw Error(ErrorKind::not_found, "there is no application credential with id " + std::string(id));
        catalog::delete_credential(db, id);
        catalog::record_event(db, done_by(by, clock_.now_us(), "credential.delete", credential->id, {},
                                          credential->name + " of the user " + credential->user));
    });
}

}  // namespace reprieve::identity
