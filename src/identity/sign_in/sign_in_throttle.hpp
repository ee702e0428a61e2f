#pragma once

#include <string>

#include "base/clock.hpp"
#include "identity/sign_in/attempt_throttle.hpp"

namespace reprieve::identity {

/// Throttle against password guessing. It counts failures in three ways. Each count makes the next attempt wait once it
/// exceeds its limit:
/// - failures of one user from one address: a low limit;
/// - failures from one address, of any users: a higher limit;
/// - failures of one user, from any address: a limit so high that the first two stop a single address before.
/// So an attacker at one address locks out only that address, not the user. All IPv6 addresses of a /64 count as one.
/// Failures from this machine's own addresses are not counted in the second way, because many users may share them. Any
/// thread may call.
class SignInThrottle {
public:
    /// `clock` must outlive this object.
    explicit SignInThrottle(const Clock& clock);

    /// Throws too_many_requests, which says how many seconds to wait, if the user or the address must wait. `user` is
    /// any text that identifies a user, existing or not. `client` is an IP address, or empty if it is unknown. In the
    /// other functions, `user` and `client` mean the same.
    void check(const std::string& user, const std::string& client);

    /// Result of count(), for take_back().
    struct Counted {
        AttemptThrottle::Before user, address;
    };

    /// Counts a failure in advance, before the password is checked; otherwise many attempts could start in parallel
    /// before the first failure counts. Returns the argument of take_back(), which undoes it after a success.
    Counted count(const std::string& user, const std::string& client);

    /// Undoes count(), which returned `counted`, after the attempt succeeded. Also forgets all failures of this user
    /// from this address.
    void take_back(const std::string& user, const std::string& client, const Counted& counted);

private:
    AttemptThrottle pairs_, users_, addresses_;
};

}  // namespace reprieve::identity
