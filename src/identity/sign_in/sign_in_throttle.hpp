#pragma once

#include <string>

#include "base/clock.hpp"
#include "identity/sign_in/attempt_throttle.hpp"

namespace reprieve::identity {

/// Throttle against password guessing. It counts failures in three ways, and each count delays the next attempt:
/// - of a user from one address: after a few failures;
/// - from one address: after some more failures;
/// - of a user from anywhere: after so many that a single address cannot reach the bound.
/// So an attacker at one address locks out only himself and not the user. All IPv6 addresses of a /64 count as one.
/// Addresses of this machine have no count of their own, because many users may share them. Any thread may call.
class SignInThrottle {
public:
    /// `clock` must outlive this.
    explicit SignInThrottle(const Clock& clock);

    /// Throws too_many_requests, which tells the seconds, if the user or the address must wait. `user` is any text that
    /// identifies a user, existing or not. `client` is an IP address, or empty if it is unknown. Both mean the same in
    /// all functions.
    void check(const std::string& user, const std::string& client);

    /// Result of count(), for take_back().
    struct Counted {
        AttemptThrottle::Before user, address;
    };

    /// Counts a failure. Callers count before the result is known, so that parallel attempts gain nothing.
    Counted count(const std::string& user, const std::string& client);

    /// Undoes count() after a success. Also forgets all failures of this user from this address.
    void take_back(const std::string& user, const std::string& client, const Counted& counted);

private:
    AttemptThrottle pairs_, users_, addresses_;
};

}  // namespace reprieve::identity
