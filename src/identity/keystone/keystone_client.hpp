#pragma once

#include <condition_variable>
#include <cstdint>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>

#include "base/clock.hpp"
#include "base/error.hpp"
#include "identity/token_validator.hpp"
#include "net/http_client.hpp"
#include "net/tls_trust.hpp"

namespace reprieve::identity {

/// How to reach a Keystone, and as whom: the section [auth] of the configuration.
struct KeystoneAccess {
    std::string url;                          ///< with or without /v3 at its end
    std::string ca_file;                      ///< whose certificates are believed; empty: those of the system
    std::string user, password, user_domain;  ///< names, as the next ones: of who may validate tokens
    std::string project, project_domain;
    std::int64_t timeout_us = 5'000'000;  ///< of one question, with all that it takes
};

/// Asks a Keystone (Identity API v3) about tokens, as a service user that it signs in by password and again before its
/// token ends. Any thread may call.
class KeystoneClient {
public:
    /// Asks nobody yet. Throws bad_request for a URL or a file of certificates that cannot be used.
    KeystoneClient(KeystoneAccess access, const Clock& clock);

    /// Signs the service user in now. Throws bad_request, with the keys to correct, where Keystone refuses or the URL
    /// is no Keystone's, and unavailable where it cannot be asked.
    void sign_in();

    /// What Keystone says about a token, which holds visible ASCII alone; nothing where it is unknown, expired or
    /// revoked. Throws unavailable where it cannot be asked, which includes that it refuses the service user.
    std::optional<TokenFacts> look_up(std::string_view token, const net::Deadline& deadline);

    /// Who signs in with a password, by names. Without a project Keystone takes the user's default one, or none.
    struct Person {
        std::string user, user_domain, password;
        std::string project, project_domain;
    };
    struct Issued {
        std::string token;
        TokenFacts facts;
    };

    /// Has Keystone issue a token; nothing where it refuses the person. Throws unavailable where it cannot be asked.
    std::optional<Issued> issue(const Person& person);

    /// Has Keystone end a token; one that is not known is fine. Throws unavailable where it does not.
    void revoke(std::string_view token);

    std::int64_t timeout_us() const { return access_.timeout_us; }

    /// Where people sign in: the URL of the configuration without /v3.
    const std::string& url() const { return url_; }

private:
    struct ServiceToken {
        std::string token;
        std::int64_t renew_at_boot_us = 0;
        std::int64_t expires_at_boot_us = 0;
    };

    std::string service_token(const net::Deadline& deadline);
    std::optional<Error> renew(std::unique_lock<std::mutex>& lock, const net::Deadline& deadline);
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
    std::mutex mutex_;
    std::condition_variable changed_;  ///< a sign-in of the service user is over
    bool is_signing_in_ = false;       ///< one thread does, the others wait for it
    std::optional<ServiceToken> service_token_;
    std::string refusal_;  ///< why Keystone refused the service user, until refused_until_
    std::int64_t refused_until_boot_us_ = 0;
};

}  // namespace reprieve::identity
