#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "base/clock.hpp"
#include "base/error.hpp"
#include "base/mutex.hpp"
#include "identity/token_validator.hpp"
#include "net/http_client.hpp"
#include "net/tls_trust.hpp"

namespace reprieve::identity {

/// Address of a Keystone and the service user to sign in as: the section [auth] of the configuration.
struct KeystoneAccess {
    std::string url;                          ///< with or without /v3 at its end
    std::string ca_file;                      ///< trusted certificates (PEM); empty: those of the system
    std::string user, password, user_domain;  ///< names of the service user, who may validate tokens
    std::string project, project_domain;      ///< names of the project where the service user has its role
    std::int64_t timeout_us = 5'000'000;      ///< time limit of one call, with a sign-in of the service user if needed
};

/// Client of a Keystone (Identity API v3) that validates tokens. The client signs in as a service user by password, and
/// signs in again before the token of that user expires. Any thread may call.
class KeystoneClient {
public:
    /// Opens no connection yet. `clock` must outlive this. Throws bad_request if the URL or the file of certificates is
    /// unusable.
    KeystoneClient(KeystoneAccess access, const Clock& clock);

    /// Signs the service user in now. Throws bad_request if Keystone refuses the service user or if there is no
    /// Keystone at the URL; the message names the settings to correct. Throws unavailable if Keystone cannot be
    /// reached.
    void sign_in();

    /// Returns what Keystone says about a token; nullopt if the token is unknown, expired or revoked. Requires: `token`
    /// holds only visible ASCII. Throws unavailable if Keystone cannot be reached or refuses the service user.
    std::optional<TokenFacts> look_up(std::string_view token, const net::Deadline& deadline);

    /// A person's names and password for a sign-in. If `project` is empty, Keystone chooses the user's default project,
    /// or none.
    struct Person {
        std::string user, user_domain, password;
        std::string project, project_domain;
    };
    struct Issued {
        std::string token;
        TokenFacts facts;
    };

    /// Asks Keystone to issue a token to a person. Returns nullopt if Keystone refuses the person. Throws unavailable
    /// if Keystone cannot be reached.
    std::optional<Issued> issue(const Person& person);

    /// Asks Keystone to end a token. Ignores an unknown token. Throws unavailable if Keystone does not end it.
    void revoke(std::string_view token);

    std::int64_t timeout_us() const { return access_.timeout_us; }

    /// Returns Keystone's base URL: the configured URL without /v3.
    const std::string& url() const { return url_; }

private:
    struct ServiceToken {
        std::string token;
        std::int64_t renew_at_boot_us = 0;
        std::int64_t expires_at_boot_us = 0;
    };

    std::string service_token(const net::Deadline& deadline);
    std::optional<Error> renew(MutexLock& lock, const net::Deadline& deadline) REQUIRES(mutex_);
    void drop(const std::string& token);
    ServiceToken request_token(const net::Deadline& deadline);
    net::HttpAnswer post(const Person& person, const net::Deadline& deadline);
    net::HttpAnswer send(const net::HttpRequest& request, const net::Deadline& deadline);

    const KeystoneAccess access_;
    const Clock& clock_;
    const std::string url_;
    const net::Url base_;
    const net::TlsTrust trust_;
    net::HttpClient http_;
    Mutex mutex_;
    ConditionVariable changed_;                      ///< notified when a sign-in of the service user has ended
    bool is_signing_in_ GUARDED_BY(mutex_) = false;  ///< one thread signs in, the others wait for it
    std::optional<ServiceToken> service_token_ GUARDED_BY(mutex_);
    std::string refusal_ GUARDED_BY(mutex_);                     ///< reason why Keystone refused the service user
    std::int64_t refused_until_boot_us_ GUARDED_BY(mutex_) = 0;  ///< no sign-in of the service user is tried before
};

}  // namespace reprieve::identity
