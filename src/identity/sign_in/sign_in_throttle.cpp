#include "identity/sign_in/sign_in_throttle.hpp"

#include "base/ip_address.hpp"

namespace reprieve::identity {
namespace {

// Numbers of failures without a wait. A person mistypes a few times, and several people may share one address. A
// throttled address can fail for one user once a minute at most. In that minute three older failures of the user are
// forgotten, so one address cannot bring the count of a user to its limit.
constexpr unsigned free_failures_of_pair = 5;
constexpr unsigned free_failures_of_address = 20;
constexpr unsigned free_failures_of_user = 200;
constexpr std::int64_t forget_one_of_user_us = 20 * us_per_second;

/// Returns the network under which failures from the address `client` are counted. Returns an empty text if they are
/// not counted: if `client` is an address of this machine or no address.
std::string counted_address(const std::string& client) {
    const auto address = IpAddress::parse(client);
    return address && !address->is_loopback() ? client_network(*address).text() : "";
}

}  // namespace

SignInThrottle::SignInThrottle(const Clock& clock)
    : pairs_(clock, free_failures_of_pair),
      users_(clock, free_failures_of_user, forget_one_of_user_us),
      addresses_(clock, free_failures_of_address) {}

void SignInThrottle::check(const std::string& user, const std::string& client) {
    const std::string address = counted_address(client);
    pairs_.check(address + ' ' + user);
    users_.check(user);
    if (!address.empty()) addresses_.check(address);
}

SignInThrottle::Counted SignInThrottle::count(const std::string& user, const std::string& client) {
    const std::string address = counted_address(client);
    pairs_.add_failure(address + ' ' + user);
    Counted counted;
    counted.user = users_.add_failure(user);
    if (!address.empty()) counted.address = addresses_.add_failure(address);
    return counted;
}

void SignInThrottle::take_back(const std::string& user, const std::string& client, const Counted& counted) {
    const std::string address = counted_address(client);
    pairs_.forget(address + ' ' + user);
    users_.take_back(user, counted.user);
    if (!address.empty()) addresses_.take_back(address, counted.address);
}

}  // namespace reprieve::identity
