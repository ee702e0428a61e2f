#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "identity/local_tokens.hpp"
#include "identity/sign_in/sign_in_request.hpp"
#include "identity/users/directory.hpp"
#include "identity/users/first_sign_in.hpp"

namespace reprieve::identity {

/// Signs users in. Any thread may call.
///
/// A wrong user, a wrong password and a user that is disabled are the same answer (unauthenticated) after the same
/// work. After a few failures for a user (or application credential) or from an address, the next attempts of either
/// wait: too_many_requests, with how long, without any scrypt; the waits double up to a bound (attempt_throttle.hpp),
/// and a success ends those of the user. Of addresses of IPv6 all of one /64 count as one, and those of this machine,
/// which many may share, not at all.
class SignIn {
public:
    /// `first_sign_in` takes the one-time secrets; without it there are none.
    SignIn(catalog::Catalog& catalog, Directory& directory, LocalTokens& tokens, Passwords& passwords,
           const Clock& clock, FirstSignIn* first_sign_in = nullptr);
    ~SignIn();

    /// Throws unauthenticated, also where the user has no role in the project, too_many_requests, and bad_request where
    /// not exactly one method is set. A token made from a token ends with it, and one of an application credential
    /// stays that: it is for its project and roles alone.
    LocalTokens::NewToken sign_in(const SignInRequest& request);

    /// A user changes its own password, slowed down as a sign-in is. Throws unauthenticated for a wrong old one.
    void change_password(const Caller& user, const std::string& old_password, const std::string& new_password);

    /// The enabled projects in which the user has a role, by name.
    std::vector<Project> projects_of(std::string_view user);

private:
    class Impl;
    std::unique_ptr<Impl> impl_;
};

}  // namespace reprieve::identity
