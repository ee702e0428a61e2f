#pragma once

#include <semaphore>
#include <string>
#include <string_view>

#include "base/clock.hpp"
#include "identity/keystone/keystone_client.hpp"
#include "identity/keystone/keystone_tokens.hpp"
#include "identity/sign_in/sign_in_throttle.hpp"

namespace reprieve::identity {

/// Signs people in at a Keystone, for their browsers: other clients go there themselves. Any thread may call.
///
/// As SignIn does, it has who fails wait: attempts for one user, and those from one address.
class KeystoneSignIn {
public:
    /// All outlive this.
    KeystoneSignIn(KeystoneClient& client, KeystoneTokens& tokens, const Clock& clock);

    /// Throws unauthenticated where Keystone refuses, too_many_requests, and unavailable where Keystone cannot be
    /// asked.
    KeystoneClient::Issued sign_in(const KeystoneClient::Person& person, const std::string& address);

    /// Ends a token, there and here. Throws unavailable where Keystone cannot be told: here it has ended then too,
    /// until somebody asks for it again.
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
