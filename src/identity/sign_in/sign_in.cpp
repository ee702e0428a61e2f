#include "identity/sign_in/sign_in.hpp"

#include <algorithm>

#include "base/error.hpp"
#include "base/log.hpp"
#include "identity/authenticator.hpp"
#include "identity/sign_in/scope.hpp"
#include "identity/sign_in/sign_in_throttle.hpp"
#include "image/role.hpp"

namespace reprieve::identity {
namespace {

/// User or application credential whose secret is to be checked.
struct Candidate {
    std::string throttle_key;  ///< key for the throttle; set even if there is no such user or credential
    std::optional<catalog::User> user;
    std::optional<ApplicationCredential> credential;
    std::string stored;  ///< scrypt hash of the right secret; empty: no secret is right

    /// Tells whether the user is enabled and the credential has not expired. Call it only after the secret was checked,
    /// so that timing does not tell whether the user is enabled.
    bool may_sign_in(std::int64_t now_us) const {
        if (!user || !user->is_enabled) return false;
        return !credential || !credential->expires_at || *credential->expires_at > now_us;
    }
};

std::string text_of(const SignInRequest::Key& key) {
    return key.id ? "id " + *key.id : "name " + key.name.value_or("");
}

Candidate find_candidate(catalog::Connection& db, const SignInRequest::Password& password) {
    Candidate found{"unknown user, " + text_of(password.user), find_user(db, password.user), {}, ""};
    if (!found.user) return found;
    found.throttle_key = "user " + found.user->id;
    found.stored = catalog::password_of(db, found.user->id);
    return found;
}

Candidate find_candidate(catalog::Connection& db, const SignInRequest::Credential& asked) {
    Candidate found{"unknown credential, " + text_of(asked.credential) + " of " + text_of(asked.user), {}, {}, ""};
    if (asked.credential.id) {
        found.credential = catalog::find_credential(db, *asked.credential.id);
    } else if (const auto user = find_user(db, asked.user); user && asked.credential.name) {
        auto named = catalog::list_credentials(db, user->id, asked.credential.name);
        if (!named.empty()) found.credential = std::move(named.front());
    }
    if (!found.credential) return found;
    found.throttle_key = "credential " + found.credential->id;
    found.user = catalog::find_user(db, found.credential->user);
    found.stored = catalog::secret_of(db, found.credential->id);
    return found;
}

}  // namespace

class SignIn::Impl {
public:
    Impl(catalog::Catalog& catalog_to_use, Directory& directory_to_use, LocalTokens& tokens_to_use,
         Passwords& passwords_to_use, const Clock& clock_to_use, FirstSignIn* first)
        : catalog(catalog_to_use),
          directory(directory_to_use),
          tokens(tokens_to_use),
          passwords(passwords_to_use),
          clock(clock_to_use),
          first_sign_in(first),
          throttle(clock) {}

    LocalTokens::NewToken by_secret(const SignInRequest& request) {
        const auto find = [&](catalog::Connection& db) {
            return request.password ? find_candidate(db, *request.password)
                                    : find_candidate(db, *request.application_credential);
        };
        const std::string& secret =
            request.password ? request.password->password : request.application_credential->secret;
        Candidate candidate = catalog.read([&](catalog::Connection& db) { return find(db); });
        attempt(candidate.throttle_key, request.address, [&](const std::function<void()>& at_turn) {
            if (!passwords.verify(secret, candidate.stored, at_turn) || !candidate.may_sign_in(clock.now_us()))
                throw Error(ErrorKind::unauthenticated, request.password
                                                            ? "the user or the password is wrong"
                                                            : "the application credential or its secret is wrong");
        });
        TokenFacts facts = begin(candidate.user.value(), request.password ? "password" : "application_credential");
        if (candidate.credential) {
            restrict_to(request, *candidate.credential, facts);
        } else {
            choose(request, std::nullopt, facts);
        }
        auto made = issue(request, std::move(facts));
        // If the password was changed between the check and the issue of the token, that change ended all older tokens
        // but not this one.
        Candidate now = catalog.read([&](catalog::Connection& db) { return find(db); });
        if (now.stored != candidate.stored) {
            tokens.revoke(made.token, signed_in(request, made.facts));
            throw Error(ErrorKind::unauthenticated, "the password was changed meanwhile; sign in again");
        }
        return made;
    }

    LocalTokens::NewToken by_token(const SignInRequest& request) {
        TokenFacts facts = tokens.validate(*request.token);
        if (std::find(facts.methods.begin(), facts.methods.end(), "token") == facts.methods.end())
            facts.methods.emplace_back("token");
        const std::optional<std::string> project = facts.project ? std::optional(facts.project->id) : std::nullopt;
        if (facts.application_credential) {
            restrict_to(request, directory.credential(*facts.application_credential), facts);
        } else {
            choose(request, project, facts);
        }
        // The new token keeps the expiry of the old one, so that nobody can extend a session without end.
        const Caller by = signed_in(request, facts);
        return tokens.issue(std::move(facts), by);
    }

    LocalTokens::NewToken by_one_time(const SignInRequest& request) {
        if (first_sign_in == nullptr)
            throw Error(ErrorKind::unauthenticated, "there is no one-time sign-in; use a password");
        TokenFacts facts = begin(directory.user(first_sign_in->redeem(*request.one_time)), "one_time");
        choose(request, std::nullopt, facts);
        return issue(request, std::move(facts));
    }

    /// Runs `check`, which throws unauthenticated if the secret is wrong. Throws too_many_requests, without checking
    /// the secret, if the user or the address must wait.
    template <typename Check>
    void attempt(const std::string& key, const std::string& client, const Check& check) {
        throttle.check(key, client);
        SignInThrottle::Counted counted;
        try {
            // Checks again, because other attempts may have failed during the wait for a turn. Counts the attempt
            // before its result is known, because other attempts may run in parallel.
            check([&] {
                throttle.check(key, client);
                counted = throttle.count(key, client);
            });
        } catch (const Error& error) {
            // The log must not show the name that was sent: it may be a password in the wrong field.
            if (error.kind() == ErrorKind::unauthenticated) log_info("sign_in.failed", {{"peer", client}});
            throw;
        }
        throttle.take_back(key, client, counted);
    }

    catalog::Catalog& catalog;
    Directory& directory;
    LocalTokens& tokens;
    Passwords& passwords;
    const Clock& clock;
    FirstSignIn* first_sign_in;
    SignInThrottle throttle;

private:
    static TokenFacts begin(const catalog::User& user, const std::string& method) {
        TokenFacts facts;
        facts.user = {user.id, user.name};
        facts.methods = {method};
        return facts;
    }

    void choose(const SignInRequest& request, const std::optional<std::string>& usual, TokenFacts& facts) {
        catalog.read([&](catalog::Connection& db) { choose_scope(db, request, usual, facts); });
    }

    /// Limits `facts` to the project and roles of the application credential. Throws unauthenticated if the request
    /// asks for another scope, or if the user has lost all roles of the credential.
    void restrict_to(const SignInRequest& request, const ApplicationCredential& credential, TokenFacts& facts) {
        TokenFacts asked = facts;
        if (request.project) choose(request, std::nullopt, asked);
        if (request.is_unscoped || (request.project && asked.project->id != credential.project))
            throw Error(ErrorKind::unauthenticated, "an application credential is valid only for its own project");
        SignInRequest own;
        own.project = {credential.project, std::nullopt};
        choose(own, std::nullopt, facts);
        const auto allowed = with_included(credential.roles);
        std::erase_if(facts.roles, [&](const TokenFacts::Named& role) {
            return std::find(allowed.begin(), allowed.end(), role.id) == allowed.end();
        });
        if (facts.roles.empty())
            throw Error(ErrorKind::unauthenticated,
                        "the user of the application credential has lost all of its roles in the project");
        facts.application_credential = credential.id;
        facts.may_make_credentials = credential.is_unrestricted;
    }

    LocalTokens::NewToken issue(const SignInRequest& request, TokenFacts facts) {
        if (request.lifetime_us) facts.expires_at = clock.now_us() + *request.lifetime_us;
        const Caller by = signed_in(request, facts);
        return tokens.issue(std::move(facts), by);
    }

    static Caller signed_in(const SignInRequest& request, const TokenFacts& facts) {
        Caller caller = caller_of(facts);
        caller.address = request.address;
        caller.request = request.request;
        return caller;
    }
};

SignIn::SignIn(catalog::Catalog& catalog, Directory& directory, LocalTokens& tokens, Passwords& passwords,
               const Clock& clock, FirstSignIn* first_sign_in)
    : impl_(std::make_unique<Impl>(catalog, directory, tokens, passwords, clock, first_sign_in)) {}
SignIn::~SignIn() = default;

LocalTokens::NewToken SignIn::sign_in(const SignInRequest& request) {
    const int methods = (request.password ? 1 : 0) + (request.token ? 1 : 0) +
                        (request.application_credential ? 1 : 0) + (request.one_time ? 1 : 0);
    if (methods != 1) throw Error(ErrorKind::bad_request, "sign in with exactly one method");
    if (request.token) return impl_->by_token(request);
    if (request.one_time) return impl_->by_one_time(request);
    return impl_->by_secret(request);
}

void SignIn::change_password(const Caller& user, const std::string& old_password, const std::string& new_password) {
    const auto stored =
        impl_->catalog.read([&](catalog::Connection& db) { return catalog::password_of(db, user.user); });
    impl_->attempt("user " + user.user, user.address, [&](const std::function<void()>& at_turn) {
        if (!impl_->passwords.verify(old_password, stored, at_turn))
            throw Error(ErrorKind::unauthenticated, "the old password is wrong");
    });
    impl_->directory.update_user(user, user.user, {.password = new_password, .over_stored = stored});
}

std::vector<Project> SignIn::projects_of(std::string_view user) {
    return impl_->catalog.read([&](catalog::Connection& db) { return projects_with_role(db, user); });
}

}  // namespace reprieve::identity
