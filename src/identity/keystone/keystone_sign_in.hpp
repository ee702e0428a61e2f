#pragma once

#include <semaphore>
#include <string>
#include <string_view>

#include "base/clock.hpp"
#include "identity/keystone/keystone_client.hpp"
#include "identity/keystone/keystone_tokens.hpp"
#include "identity/sign_in/sign_in_throttle.hpp"

namespace reprieve::identity {

/// Sign-in of browsers through a Keystone. Other clients get their tokens from Keystone themselves. Any thread may
/// call.
///
/// Sign-ins that fail are throttled per user and per address; see sign_in_throttle.hpp.
class KeystoneSignIn {
public:
    /// All arguments must outlive this object.
    KeystoneSignIn(KeystoneClient& client, KeystoneTokens& tokens, const Clock& clock);

    /// Signs a person in; `address` is the client's IP address. Throws unauthenticated if Keystone refuses the person;
    /// too_many_requests if the person must wait after failed sign-ins, or if max_running sign-ins are in flight;
    /// unavailable if Keystone cannot be reached.
    KeystoneClient::Issued sign_in(const KeystoneClient::Person& person, const std::string& address);

    /// Revokes a token in Keystone and drops it from our cache. Throws unavailable if Keystone does not revoke the
    /// token. In that case the token stays valid, and when it is used next, Keystone is asked again.
    void end(std::string_view token);

    const std::string& url() const { return client_.url(); }

private:
    static constexpr int max_running = 4;

    KeystoneClient& client_;
    KeystoneTokens& tokens_;
    SignInThrottle throttle_;
    std::counting_semaphore<max_running> turns_{max_running};
};

}  // namespace reprieve::identity
