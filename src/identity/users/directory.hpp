#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/clock.hpp"
#include "catalog/catalog.hpp"
#include "catalog/identity/application_credential_table.hpp"
#include "catalog/identity/project_table.hpp"
#include "catalog/identity/role_table.hpp"
#include "catalog/identity/user_table.hpp"
#include "identity/users/passwords.hpp"
#include "image/caller.hpp"

namespace reprieve::identity {

// This file has the users and projects of this appliance. There is one domain, "default". Ids are 32 hexadecimal
// digits, except for the project "default", the user "admin" and the roles, whose id is their original name. Times are
// microseconds since 1970 UTC.

using catalog::ApplicationCredential;
using catalog::Assignment;
using catalog::Project;
using catalog::User;

class FirstSignIn;

/// Names of all roles, in the order in which lists show them. The name of a role is also its id.
inline constexpr std::string_view role_names[] = {"admin", "member", "reader", "service"};

/// Throws not_found if there is no role of that name.
void require_role(const std::string& name);

/// Changes to a project. Each member that is nullopt leaves its attribute of the project unchanged.
struct ProjectChange {
    std::optional<std::string> name, description;
    std::optional<bool> is_enabled;
};
/// Changes to a user. Each member that is nullopt leaves its attribute of the user unchanged.
struct UserChange {
    std::optional<std::string> name, description, password;
    std::optional<std::string> default_project;  ///< id; empty: the user gets no default project
    std::optional<std::string> over_stored;      ///< `password` may replace only this stored hash; else conflict
    std::optional<bool> is_enabled;
};

/// Directory of users, projects, role assignments and application credentials. It does not check whether `by` may make
/// a change: the code that calls it must do that. Any thread may call.
///
/// Functions throw not_found for an unknown id, except functions that return lists. Changes throw conflict if a name is
/// taken or if no admin would be left. They throw bad_request if a name (1 to 255 characters of UTF-8, no control
/// characters), description or password is out of bounds. Every change is recorded in the audit trail as done by `by`.
class Directory {
public:
    /// All arguments must outlive this object. If `first_sign_in` is given, its end_if_unneeded() is called after each
    /// new password or role, because the first sign-in is not needed once an admin has a password.
    Directory(catalog::Catalog& catalog, Passwords& passwords, const Clock& clock,
              FirstSignIn* first_sign_in = nullptr);

    Project create_project(const Caller& by, const std::string& name, const std::string& description,
                           bool is_enabled = true);
    Project project(std::string_view id);
    std::vector<Project> projects(const std::optional<std::string>& name = {});
    Project update_project(const Caller& by, std::string_view id, const ProjectChange& change);

    /// Deletes a project and ends its tokens. The project with the id `heir` gets the images of the deleted project.
    /// Without `heir`, throws in_use, with the number and bytes of the images, if the project owns images, in the bin
    /// or not. Throws bad_request if `heir` is the project itself, and conflict for the project "default", which can be
    /// neither deleted nor disabled.
    void delete_project(const Caller& by, std::string_view id, const std::optional<std::string>& heir = {});

    /// Creates a user. `password`: nullopt for a user who cannot sign in with a password. `default_project`: id of an
    /// existing project.
    User create_user(const Caller& by, const std::string& name, const std::optional<std::string>& password,
                     const std::optional<std::string>& default_project, const std::string& description,
                     bool is_enabled = true);
    User user(std::string_view id);
    std::vector<User> users(const std::optional<std::string>& name = {});

    /// Changes a user. Ends all tokens of the user if the password changes or if the user is disabled.
    User update_user(const Caller& by, std::string_view id, const UserChange& change);

    /// Deletes a user, with the tokens, role assignments and application credentials of that user. Images stay, because
    /// they belong to projects. If the user is the last one of a project that owns images, throws in_use, with the
    /// number and bytes of these images.
    void delete_user(const Caller& by, std::string_view id);

    /// Returns the role assignments of `user` in `project`. nullopt stands for all users or all projects.
    std::vector<Assignment> assignments(const std::optional<std::string>& user,
                                        const std::optional<std::string>& project);
    void assign(const Caller& by, const Assignment& assignment);    ///< idempotent
    void unassign(const Caller& by, const Assignment& assignment);  ///< throws not_found if there is none

    /// Maximum number of application credentials of a user.
    static constexpr std::size_t max_credentials = 100;
    struct NewCredential {
        ApplicationCredential credential;
        std::string secret;  ///< shown to the client only this once
    };

    /// Creates an application credential, and sets its id and its time of creation. `secret`: chosen by the client, as
    /// long as a password may be; nullopt: random. If `credential.roles` is empty, the credential gets all roles of the
    /// user in the project. Throws bad_request if the user lacks one of the roles or has none, or if `expires_at` is in
    /// the past; conflict if the user has max_credentials already.
    NewCredential create_credential(const Caller& by, ApplicationCredential credential,
                                    const std::optional<std::string>& secret);
    ApplicationCredential credential(std::string_view id);
    std::vector<ApplicationCredential> credentials(std::string_view user, const std::optional<std::string>& name = {});
    void delete_credential(const Caller& by, std::string_view id);

private:
    catalog::Catalog& catalog_;
    Passwords& passwords_;
    const Clock& clock_;
    FirstSignIn* first_sign_in_;
};

}  // namespace reprieve::identity
