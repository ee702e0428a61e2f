#pragma once

#include <string>

#include "base/clock.hpp"
#include "identity/sign_in/attempt_throttle.hpp"

namespace reprieve::identity {

/// Has whoever guesses passwords wait: a user's next attempt from an address after a few failures there, the next
/// attempt from an address after some more, and, with a far higher bound that no single address reaches, the next
/// attempt for a user from anywhere. So who attacks from one place keeps himself out, and not the user. Addresses of
/// this machine are not counted by themselves; of IPv6 a /64 counts as one. Any thread may call.
class SignInThrottle {
public:
    explicit SignInThrottle(const Clock& clock);

    /// Throws too_many_requests, with how long. `user` is any text that stands for one, there or not; `client` an
    /// address, or empty.
    void check(const std::string& user, const std::string& client);

    struct Counted {
        AttemptThrottle::Before user, address;
    };

    /// Counts a failure; for an attempt whose end is not known yet, so that many at the same time win nothing.
    Counted count(const std::string& user, const std::string& client);

    /// What was counted was a success, which also ends what user and address had together.
    void take_back(const std::string& user, const std::string& client, const Counted& counted);

private:
    AttemptThrottle pairs_, users_, addresses_;
};

}  // namespace reprieve::identity
