#include "identity/keystone/keystone_client.hpp"

#include <algorithm>
#include <nlohmann/json.hpp>

#include "base/error.hpp"
#include "base/log.hpp"
#include "identity/keystone/keystone_token_body.hpp"

namespace reprieve::identity {
namespace {

// Pause before the next sign-in after Keystone refused one, because Keystone may lock out a user who fails too often
// (its option lockout_failure_attempts).
constexpr std::int64_t pause_after_refusal_us = 30 * us_per_second;
constexpr std::int64_t renew_before_us = 300 * us_per_second;
// Lifetime that a new token of the service user is assumed to have at least. If our clock is ahead of Keystone's, a new
// token seems expired. It is used anyway, until Keystone answers 401.
constexpr std::int64_t min_lifetime_us = 60 * us_per_second;

std::string without_version(std::string url) {
    while (url.ends_with('/')) url.pop_back();
    if (url.ends_with("/v3")) url.resize(url.size() - 3);
    while (url.ends_with('/')) url.pop_back();
    return url;
}

net::Url tokens_url(const std::string& url) {
    net::Url parsed = net::parse_url(url + "/v3/auth/tokens");
    parsed.path += "?nocatalog";  // we do not read the service catalog
    return parsed;
}

nlohmann::json named(const std::string& name, const std::string& domain) {
    return {{"name", name}, {"domain", {{"name", domain}}}};
}

std::int64_t left_us(const net::Deadline& deadline) {
    return std::chrono::duration_cast<std::chrono::microseconds>(deadline.at() - net::Deadline::Clock::now()).count();
}

}  // namespace

KeystoneClient::KeystoneClient(KeystoneAccess access, const Clock& clock)
    : access_(std::move(access)),
      clock_(clock),
      url_(without_version(access_.url)),
      base_(tokens_url(url_)),
      trust_(access_.ca_file),
      http_(base_.endpoint, &trust_, {.timeout_us = access_.timeout_us}) {}

void KeystoneClient::sign_in() {
    const net::Deadline deadline(access_.timeout_us);
    ServiceToken token = request_token(deadline);
    const MutexLock lock(mutex_);
    service_token_ = std::move(token);
}

std::optional<TokenFacts> KeystoneClient::look_up(std::string_view token, const net::Deadline& deadline) {
    bool is_second_try = false;
    while (true) {
        const std::string own = service_token(deadline);
        const net::HttpAnswer answer =
            send({"GET", base_.path, {{"X-Auth-Token", own}, {"X-Subject-Token", std::string(token)}}, {}}, deadline);
        if (answer.status == 200) return parse_keystone_token(answer.body);
        if (answer.status == 404) return {};
        if (answer.status == 403)
            throw Error(ErrorKind::unavailable,
                        "Keystone does not let the user '" + access_.user +
                            "' validate tokens: give it the role service or admin in the project '" + access_.project +
                            "'");
        if (answer.status != 401 || is_second_try)
            throw Error(ErrorKind::unavailable, "Keystone answers " + std::to_string(answer.status) +
                                                    " to a question about a token: its log says why");
        // Keystone no longer accepts our own token: it has been revoked, or its signing key is gone.
        drop(own);
        is_second_try = true;
    }
}

std::string KeystoneClient::service_token(const net::Deadline& deadline) {
    MutexLock lock(mutex_);
    if (!changed_.wait_until(lock, deadline.at(), [this]() REQUIRES(mutex_) { return !is_signing_in_; }))
        throw Error(ErrorKind::unavailable, "Keystone takes too long to sign this service in");
    const std::int64_t now = clock_.boot_us();
    if (service_token_ && now < service_token_->renew_at_boot_us) return service_token_->token;
    std::optional<Error> failure;
    if (now < refused_until_boot_us_)
        failure = Error(ErrorKind::unavailable, refusal_);
    else
        failure = renew(lock, deadline);
    if (!failure) return service_token_->token;
    // The renewal failed, but the old token is still valid for a while.
    if (service_token_ && now < service_token_->expires_at_boot_us) return service_token_->token;
    throw Error(*failure);
}

/// Signs the service user in. Releases the lock while it waits for Keystone. Returns the error, or nullopt after a
/// success.
std::optional<Error> KeystoneClient::renew(MutexLock& lock, const net::Deadline& deadline) {
    std::optional<ServiceToken> fresh;
    std::optional<Error> failure;
    is_signing_in_ = true;
    try {
        const MutexUnlock unlocked(lock, mutex_);
        fresh = request_token(deadline);
    } catch (const Error& error) {
        failure = error;
    } catch (const std::exception& error) {
        failure = Error(ErrorKind::internal, error.what());
    }
    is_signing_in_ = false;
    changed_.notify_all();
    if (fresh) service_token_ = std::move(fresh);
    if (!failure || failure->kind() != ErrorKind::bad_request) return failure;
    refusal_ = failure->what();
    refused_until_boot_us_ = clock_.boot_us() + pause_after_refusal_us;
    log_error("keystone.refused", refusal_, {{"url", url_}});
    return Error(ErrorKind::unavailable, refusal_);
}

void KeystoneClient::drop(const std::string& token) {
    const MutexLock lock(mutex_);
    if (service_token_ && service_token_->token == token) service_token_.reset();
}

KeystoneClient::ServiceToken KeystoneClient::request_token(const net::Deadline& deadline) {
    const net::HttpAnswer answer = post({.user = access_.user,
                                         .user_domain = access_.user_domain,
                                         .password = access_.password,
                                         .project = access_.project,
                                         .project_domain = access_.project_domain},
                                        deadline);
    if (answer.status == 401 || answer.status == 403)
        throw Error(ErrorKind::bad_request,
                    "Keystone refuses to sign in the user '" + access_.user +
                        "' of this service: correct auth.keystone_user, "
                        "auth.keystone_password (or keystone_password_file), auth.keystone_project or their domains");
    if (answer.status == 400 || answer.status == 404 || (answer.status >= 300 && answer.status < 400))
        throw Error(ErrorKind::bad_request, "no Keystone answers at auth.keystone_url (status " +
                                                std::to_string(answer.status) +
                                                "): write the address that its clients use, such as "
                                                "https://keystone.example.org:5000");
    const std::string token(answer.header("x-subject-token"));
    if (answer.status != 201 || token.empty())
        throw Error(ErrorKind::unavailable, "Keystone answers " + std::to_string(answer.status) + " to a sign-in");
    const std::int64_t now = clock_.boot_us();
    const std::int64_t lifetime =
        std::max(min_lifetime_us, parse_keystone_token(answer.body).expires_at - clock_.now_us());
    return {token, now + lifetime - std::min(renew_before_us, lifetime / 5), now + lifetime};
}

std::optional<KeystoneClient::Issued> KeystoneClient::issue(const Person& person) {
    const net::HttpAnswer answer = post(person, net::Deadline(access_.timeout_us));
    // Keystone answers 400 or 404 to names that it does not accept.
    if (answer.status == 400 || answer.status == 401 || answer.status == 403 || answer.status == 404) return {};
    std::string token(answer.header("x-subject-token"));
    if (answer.status != 201 || token.empty())
        throw Error(ErrorKind::unavailable, "Keystone answers " + std::to_string(answer.status) + " to a sign-in");
    return Issued{std::move(token), parse_keystone_token(answer.body)};
}

void KeystoneClient::revoke(std::string_view token) {
    const std::string own(token);
    const net::HttpAnswer answer =
        http_.send({"DELETE", base_.path, {{"X-Auth-Token", own}, {"X-Subject-Token", own}}, {}});
    if (answer.status != 204 && answer.status != 401 && answer.status != 404)
        throw Error(ErrorKind::unavailable, "Keystone answers " + std::to_string(answer.status) + " to a sign-out");
}

net::HttpAnswer KeystoneClient::post(const Person& person, const net::Deadline& deadline) {
    nlohmann::json user = named(person.user, person.user_domain);
    user["password"] = person.password;
    nlohmann::json auth = {{"identity", {{"methods", {"password"}}, {"password", {{"user", user}}}}}};
    if (!person.project.empty()) auth["scope"] = {{"project", named(person.project, person.project_domain)}};
    const nlohmann::json body = {{"auth", auth}};
    return send({"POST", base_.path, {{"Content-Type", "application/json"}}, body.dump()}, deadline);
}

net::HttpAnswer KeystoneClient::send(const net::HttpRequest& request, const net::Deadline& deadline) {
    return http_.send(request, left_us(deadline));
}

}  // namespace reprieve::identity
