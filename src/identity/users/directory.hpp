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

// The users and projects of this appliance. There is one domain, "default". Ids are 32 hexadecimal digits. Exceptions
// are the project "default", the user "admin" and the roles: the id of each is its original name. Times are
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

/// Changes of a project. Members without a value leave the project unchanged.
struct ProjectChange {
    std::optional<std::string> name, description;
    std::optional<bool> is_enabled;
};
/// Changes of a user. Members without a value leave the user unchanged.
struct UserChange {
    std::optional<std::string> name, description, password;
    std::optional<std::string> default_project;  ///< id; empty: removes it
    std::optional<std::string> over_stored;      ///< stored hash that `password` must replace; else conflict
    std::optional<bool> is_enabled;
};

/// Users, projects, role assignments and application credentials. It does not check whether `by` may make a change: its
/// callers must. Any thread may call.
///
/// Functions throw not_found for an unknown id, except the lists. Changes throw conflict if a name is taken or if no
/// admin would be left. They throw bad_request if a name (1 to 255 characters of UTF-8, no control characters),
/// description or password is out of bounds. Every change is recorded in the audit trail as done by `by`.
class Directory {
public:
    /// All arguments must outlive this. `first_sign_in`, if given, is tidied after a new password or role, because that
    /// can make it needless.
    Directory(catalog::Catalog& catalog, Passwords& passwords, const Clock& clock,
              FirstSignIn* first_sign_in = nullptr);

    Project create_project(const Caller& by, const std::string& name, const std::string& description,
                           bool is_enabled = true);
    Project project(std::string_view id);
    std::vector<Project> projects(const std::optional<std::string>& name = {});
    Project update_project(const Caller& by, std::string_view id, const ProjectChange& change);

    /// Deletes a project and ends its tokens. `heir`, another project's id, gets its images. Without an heir, a project
    /// that owns images, in the bin or not, throws in_use with their number and bytes. The project "default" can be
    /// neither deleted nor disabled: conflict.
    void delete_project(const Caller& by, std::string_view id, const std::optional<std::string>& heir = {});

    /// `password`: nullopt for a user who cannot sign in with one. `default_project`: id of an existing project.
    User create_user(const Caller& by, const std::string& name, const std::optional<std::string>& password,
                     const std::optional<std::string>& default_project, const std::string& description,
                     bool is_enabled = true);
    User user(std::string_view id);
    std::vector<User> users(const std::optional<std::string>& name = {});

    /// Changes a user. A new password, and disabling the user, end all tokens of the user.
    User update_user(const Caller& by, std::string_view id, const UserChange& change);

    /// Deletes a user, with its tokens, assignments and application credentials. Images stay, because they belong to
    /// projects. Throws in_use, with their number and bytes, if the user is the last one of a project that owns images.
    void delete_user(const Caller& by, std::string_view id);

    /// Returns the assignments of a user, in a project, or of a user in a project. nullopt: any.
    std::vector<Assignment> assignments(const std::optional<std::string>& user,
                                        const std::optional<std::string>& project);
    void assign(const Caller& by, const Assignment& assignment);    ///< idempotent
    void unassign(const Caller& by, const Assignment& assignment);  ///< throws not_found if there is none

    /// Maximum number of application credentials of a user.
    static constexpr std::size_t max_credentials = 100;
    struct NewCredential {
        ApplicationCredential credential;
        std::string secret;  ///< shown only this once
    };

    /// Creates an application credential; sets its id and time of creation. `secret`: chosen by the client, with the
    /// bounds of a password; nullopt: random. If `credential.roles` is empty, it gets all roles of the user in the
    /// project. Throws bad_request if the user lacks one of the roles or has none, or if `expires_at` is in the past;
    /// conflict if the user has max_credentials already.
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
