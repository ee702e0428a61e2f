#include "net/address_guard.hpp"

#include <arpa/inet.h>

#include <algorithm>
#include <array>
#include <string_view>

#include "base/error.hpp"
#include "base/joined.hpp"
#include "net/name_lookup.hpp"

namespace reprieve::net {
namespace {

constexpr std::array special_v4{"0.0.0.0/8",      "10.0.0.0/8",     "100.64.0.0/10", "127.0.0.0/8",
                                "169.254.0.0/16", "172.16.0.0/12",  "192.0.0.0/24",  "192.0.2.0/24",
                                "192.88.99.0/24", "192.168.0.0/16", "198.18.0.0/15", "198.51.100.0/24",
                                "203.0.113.0/24", "224.0.0.0/4",    "240.0.0.0/4"};
// Blocks inside handed_out_v6 that are not for hosts on the internet: special protocols, addresses that contain an IPv4
// address, and documentation.
constexpr std::array special_v6{"2001::/23", "2001:db8::/32", "2002::/16", "3fff::/20"};
constexpr const char* handed_out_v6 = "2000::/3";

template <typename List>
std::vector<AddressBlock> blocks(const List& list) {
    return {list.begin(), list.end()};
}

bool is_in(const std::vector<AddressBlock>& list, const IpAddress& address) {
    return std::any_of(list.begin(), list.end(), [&](const AddressBlock& block) { return block.contains(address); });
}

[[noreturn]] void refuse_address(const std::string& why) { throw Error(ErrorKind::forbidden, why); }

/// Returns true if the resolver could take the host for a numeric address, although it is not in the usual form of one.
/// Examples are "0x7f.1" and "2130706433".
bool is_disguised_number(const std::string& host) {
    if (IpAddress::parse(host)) return false;
    std::string_view text = host;
    if (text.ends_with('.')) text.remove_suffix(1);
    const std::size_t dot = text.rfind('.');
    const std::string_view last = dot == std::string_view::npos ? text : text.substr(dot + 1);
    const auto is_digit = [](char c) { return c >= '0' && c <= '9'; };
    return last.empty() || std::all_of(last.begin(), last.end(), is_digit) || last.starts_with("0x") ||
           last.starts_with("0X");
}

IpAddress ip_of(const SocketAddress& address) {
    std::array<char, INET6_ADDRSTRLEN> text{};
    const auto* storage = &address.storage;
    if (storage->ss_family == AF_INET6)
        ::inet_ntop(AF_INET6, &reinterpret_cast<const sockaddr_in6*>(storage)->sin6_addr, text.data(), text.size());
    else
        ::inet_ntop(AF_INET, &reinterpret_cast<const sockaddr_in*>(storage)->sin_addr, text.data(), text.size());
    const auto ip = IpAddress::parse(text.data());
    if (!ip) throw Error(ErrorKind::unavailable, "the resolver returned something that is not an IP address");
    return *ip;
}

}  // namespace

bool is_public(const IpAddress& address) {
    static const auto v4 = blocks(special_v4);
    static const auto v6 = blocks(special_v6);
    static const AddressBlock handed_out(handed_out_v6);
    if (address.is_v4()) return !is_in(v4, address);
    return handed_out.contains(address) && !is_in(v6, address);
}

AddressGuard::AddressGuard(std::vector<AddressBlock> allowed, std::vector<std::uint16_t> ports)
    : allowed_(std::move(allowed)), ports_(std::move(ports)) {}

bool AddressGuard::allows(const IpAddress& address) const { return is_public(address) || is_in(allowed_, address); }

std::vector<Endpoint> AddressGuard::check(const Endpoint& endpoint, const Deadline& deadline) const {
    if (std::find(ports_.begin(), ports_.end(), endpoint.port) == ports_.end())
        refuse_address("the port " + std::to_string(endpoint.port) + " is not allowed; allowed ports: " +
                       joined(ports_, ", ", [](std::uint16_t port) { return std::to_string(port); }));
    if (is_disguised_number(endpoint.host)) refuse_address("the host is a number, but not in the form 192.0.2.1");
    std::vector<Endpoint> checked;
    for (const SocketAddress& found : look_up(endpoint.host, endpoint.port, deadline)) {
        const IpAddress address = ip_of(found);
        if (!allows(address)) refuse_address("its address is in a network that is not allowed");
        checked.push_back(endpoint);
        checked.back().address = address.text();
    }
    return checked;
}

}  // namespace reprieve::net
