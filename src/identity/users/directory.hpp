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

// The users and projects of this appliance. There is one domain, "default". Ids are 32 hexadecimal digits, save those
// of the project "default", the user "admin" and the roles, whose ids are their first names. Times are microseconds
// since 1970 UTC.

using catalog::ApplicationCredential;
using catalog::Assignment;
using catalog::Project;
using catalog::User;

class FirstSignIn;

/// The roles there are, in this order; the names are the ids.
inline constexpr std::string_view role_names[] = {"admin", "member", "reader", "service"};

/// Throws not_found.
void require_role(const std::string& name);

/// What a change leaves alone is not set.
struct ProjectChange {
    std::optional<std::string> name, description;
    std::optional<bool> is_enabled;
};
struct UserChange {
    std::optional<std::string> name, description, password;
    std::optional<std::string> default_project;  ///< id; empty: none any more
    std::optional<std::string> over_stored;  ///< as it is stored, what `password` replaces: conflict where it is not
    std::optional<bool> is_enabled;
};

/// Users, projects, who has which role where, and application credentials. It asks nobody whether he may: its callers
/// do. Any thread may call. What is unknown throws not_found, a name that is taken conflict, a name (1 to 255
/// characters of UTF-8, none that steers a terminal), description or password out of its bounds bad_request, and what
/// would leave nobody who is an admin conflict. What changes something is in the audit trail, with `by`, who does it.
class Directory {
public:
    /// `first_sign_in` is told of every new password, where it is given.
    Directory(catalog::Catalog& catalog, Passwords& passwords, const Clock& clock,
              FirstSignIn* first_sign_in = nullptr);

    Project create_project(const Caller& by, const std::string& name, const std::string& description,
                           bool is_enabled = true);
    Project project(std::string_view id);
    std::vector<Project> projects(const std::optional<std::string>& name = {});
    Project update_project(const Caller& by, std::string_view id, const ProjectChange& change);

    /// Throws in_use, with how many images and how many bytes it owns, in the bin or not, where it owns any and
    /// `heir` (a project's id) is not given; else they are the heir's. The project "default" stays, and stays enabled:
    /// conflict. Tokens for it end, as they do where a change disables it.
    void delete_project(const Caller& by, std::string_view id, const std::optional<std::string>& heir = {});

    /// `password` where the user has one.
    User create_user(const Caller& by, const std::string& name, const std::optional<std::string>& password,
                     const std::optional<std::string>& default_project, const std::string& description,
                     bool is_enabled = true);
    User user(std::string_view id);
    std::vector<User> users(const std::optional<std::string>& name = {});

    /// A new password, or the end of is_enabled, ends every token of the user.
    User update_user(const Caller& by, std::string_view id, const UserChange& change);

    /// Images belong to projects, so nothing of the user's is left without an owner, save where the user is the last
    /// one of a project that owns images: then in_use, with what it owns. The user's tokens, assignments and
    /// application credentials end.
    void delete_user(const Caller& by, std::string_view id);

    /// Of one user, of one project, or of both.
    std::vector<Assignment> assignments(const std::optional<std::string>& user,
                                        const std::optional<std::string>& project);
    void assign(const Caller& by, const Assignment& assignment);  ///< twice is fine
    void unassign(const Caller& by, const Assignment& assignment);

    /// Returns the credential, and its secret, which is shown this once. `secret` where the client chose it: a password
    /// as any. Without roles it has all that the user has there; one that the user has not is bad_request. A user has
    /// at most max_credentials: conflict.
    static constexpr std::size_t max_credentials = 100;
    struct NewCredential {
        ApplicationCredential credential;
        std::string secret;
    };
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
