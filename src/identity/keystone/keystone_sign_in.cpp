#include "identity/keystone/keystone_sign_in.hpp"

#include "base/error.hpp"

namespace reprieve::identity {
namespace {

/// Scope guard that releases one of `turns` when it is destroyed.
template <typename Turns>
struct Turn {
    explicit Turn(Turns& t) : turns(t) {}
    Turn(const Turn&) = delete;
    Turn& operator=(const Turn&) = delete;
    ~Turn() { turns.release(); }
    Turns& turns;
};

}  // namespace

KeystoneSignIn::KeystoneSignIn(KeystoneClient& client, KeystoneTokens& tokens, const Clock& clock)
    : client_(client), tokens_(tokens), throttle_(clock) {}

KeystoneClient::Issued KeystoneSignIn::sign_in(const KeystoneClient::Person& person, const std::string& address) {
    const std::string user = person.user_domain + "/" + person.user;
    throttle_.check(user, address);
    // A sign-in blocks its worker until Keystone answers, so too many of them would block all workers.
    if (!turns_.try_acquire())
        throw Error(ErrorKind::too_many_requests, "too many people are signing in: try again in a few seconds");
    const Turn turn(turns_);
    auto issued = client_.issue(person);
    const auto counted = throttle_.count(user, address);
    if (!issued)
        throw Error(ErrorKind::unauthenticated,
                    "Keystone refuses the sign-in: correct the name, the password, the project or their domain");
    throttle_.take_back(user, address, counted);
    return std::move(*issued);
}

void KeystoneSignIn::end(std::string_view token) {
    tokens_.forget(token);
    client_.revoke(token);
    tokens_.forget(token);  // another request may have cached it again before the revocation
}

}  // namespace reprieve::identity
