#include "http/clients/client_policy.hpp"

#include <algorithm>

#include "base/error.hpp"

namespace reprieve::http {

ClientPolicy::ClientPolicy(Options options) : options_(std::move(options)), limiter_(options_.requests) {}

bool ClientPolicy::is_exempt(const IpAddress& address) const {
    return address.is_loopback() || options_.proxies.contains(address);
}

ClientPolicy::Welcome ClientPolicy::open(const IpAddress& peer, bool is_costly, std::int64_t now_us) {
    if (is_exempt(peer)) return Welcome::served;
    const MutexLock lock(mutex_);
    if (is_costly && !limiter_.take_connection(peer, now_us)) return Welcome::dropped;
    const auto found = open_.find(client_network(peer));
    const std::size_t count = found == open_.end() ? 0 : found->second;
    if (count >= options_.connections + options_.refusals) return Welcome::dropped;
    ++open_[client_network(peer)];
    return count < options_.connections ? Welcome::served : Welcome::refused;
}

void ClientPolicy::closed(const IpAddress& peer) {
    if (is_exempt(peer)) return;
    const MutexLock lock(mutex_);
    const auto found = open_.find(client_network(peer));
    if (found != open_.end() && --found->second == 0) open_.erase(found);
}

void ClientPolicy::charge(const IpAddress& client, std::int64_t now_us) {
    if (is_exempt(client)) return;
    const MutexLock lock(mutex_);
    if (!limiter_.take_request(client, now_us))
        throw Error(ErrorKind::too_many_requests,
                    "Too many requests come from the address " + client.text() +
                        ": slow down; server.requests_per_address is the limit for each second.");
}

ClientPolicy::Origin ClientPolicy::admit(const IpAddress& peer, bool is_https, RequestHead& head, std::int64_t now_us) {
    TrustedProxies::Origin told;
    if (options_.proxies.contains(peer)) told = options_.proxies.read(head.headers);
    const IpAddress client = told.address.value_or(peer);
    charge(client, now_us);
    if (!told.host.empty()) {
        std::erase_if(head.headers, [](const auto& field) { return field.first == "host"; });
        head.headers.emplace_back("host", told.host);
    }
    return {told.address ? client.text() : "", told.is_https.value_or(is_https)};
}

}  // namespace reprieve::http
