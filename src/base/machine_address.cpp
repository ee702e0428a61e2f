#include "base/machine_address.hpp"

#include <arpa/inet.h>
#include <ifaddrs.h>
#include <net/if.h>

#include <cstdint>
#include <memory>

namespace reprieve {
namespace {

constexpr std::uint32_t link_local_v4 = 0xA9FE;  // 169.254.0.0/16 (RFC 3927)

/// Returns the address of one entry of getifaddrs() as text. Returns an empty text if the interface is down or
/// loopback, if the address is not of `family`, or if it is link-local: another machine can use such an address only
/// together with the name of one of its own interfaces.
std::string reachable_address(const ifaddrs& entry, int family) {
    if (entry.ifa_addr == nullptr || entry.ifa_addr->sa_family != family) return {};
    if ((entry.ifa_flags & IFF_RUNNING) == 0 || (entry.ifa_flags & IFF_LOOPBACK) != 0) return {};
    char text[INET6_ADDRSTRLEN]{};
    if (family == AF_INET) {
        const in_addr& v4 = reinterpret_cast<const sockaddr_in*>(entry.ifa_addr)->sin_addr;
        if (ntohl(v4.s_addr) >> 16 != link_local_v4) ::inet_ntop(family, &v4, text, sizeof text);
    } else {
        const in6_addr& v6 = reinterpret_cast<const sockaddr_in6*>(entry.ifa_addr)->sin6_addr;
        if (!IN6_IS_ADDR_LINKLOCAL(&v6)) ::inet_ntop(family, &v6, text, sizeof text);
    }
    return text;
}

}  // namespace

std::string machine_address(bool has_v6) {
    ifaddrs* list = nullptr;
    if (::getifaddrs(&list) != 0) return "127.0.0.1";
    const std::unique_ptr<ifaddrs, decltype(&::freeifaddrs)> owner(list, ::freeifaddrs);
    for (const int family : {AF_INET, AF_INET6}) {
        if (family == AF_INET6 && !has_v6) continue;
        for (const ifaddrs* entry = list; entry != nullptr; entry = entry->ifa_next)
            if (std::string text = reachable_address(*entry, family); !text.empty()) return text;
    }
    return "127.0.0.1";
}

}  // namespace reprieve
