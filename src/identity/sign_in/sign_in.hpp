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

/// Sign-in with this appliance's own accounts. Any thread may call.
///
/// A wrong user, a wrong password and a disabled user give the same answer (unauthenticated) after the same work, so
/// that a client cannot find out which users exist.
///
/// Failures are throttled per user (or application credential) and per address; see sign_in_throttle.hpp. A throttled
/// attempt fails with too_many_requests, which says how many seconds to wait, before any password is hashed (scrypt).
class SignIn {
public:
    /// All arguments must outlive this object. `first_sign_in` redeems one-time secrets; if it is null, one-time
    /// secrets are refused.
    SignIn(catalog::Catalog& catalog, Directory& directory, LocalTokens& tokens, Passwords& passwords,
           const Clock& clock, FirstSignIn* first_sign_in = nullptr);
    ~SignIn();

    /// Checks the request's secret and issues a token. A token made from another token ends when the other one ends. A
    /// token made with an application credential is limited to that credential's project and roles, and so is every
    /// token made from it. Throws unauthenticated if the secret is wrong or the user has no role in the project;
    /// too_many_requests if the user or the address must wait; bad_request unless exactly one method is set.
    LocalTokens::NewToken sign_in(const SignInRequest& request);

    /// Changes the password of `user` and ends all tokens of that user. Throttled like a sign-in. Throws
    /// unauthenticated if `old_password` is wrong, bad_request if `new_password` is too short or too long
    /// (users/passwords.hpp), conflict if the password has been changed in the meantime.
    void change_password(const Caller& user, const std::string& old_password, const std::string& new_password);

    /// Returns the enabled projects in which the user (an id) has a role, sorted by name.
    std::vector<Project> projects_of(std::string_view user);

private:
    class Impl;
    std::unique_ptr<Impl> impl_;
};

}  // namespace reprieve::identity
