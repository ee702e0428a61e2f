#include "http/clients/trusted_proxies.hpp"

#include <algorithm>

#include "base/ascii_case.hpp"
#include "base/error.hpp"
#include "http/wire/field_syntax.hpp"

namespace reprieve::http {
namespace {

constexpr std::size_t max_hops = 32;

[[noreturn]] void malformed_forwarding(const std::string& what) {
    throw Error(ErrorKind::bad_request, what +
                                            " in a request from a trusted proxy: correct the proxy, or remove it "
                                            "from server.trusted_proxies");
}

/// Parses an address with an optional port. Returns nullopt for anything else.
std::optional<IpAddress> parse_hop(std::string_view text) {
    if (auto address = IpAddress::parse(text)) return address;
    const auto colon = text.rfind(':');
    if (colon == std::string_view::npos || colon + 1 == text.size() ||
        text.find_first_not_of("0123456789", colon + 1) != std::string_view::npos)
        return std::nullopt;
    const std::string_view host = text.substr(0, colon);
    // Without this check the last part of an IPv6 address without brackets would be taken as a port.
    if (host.find(':') != std::string_view::npos && !host.starts_with('[')) return std::nullopt;
    return IpAddress::parse(host);
}

/// Returns the value of a header that a proxy sets once; empty if it is missing. Throws bad_request for several values.
std::string_view only_value(const Fields& headers, std::string_view name) {
    std::string_view found;
    for (const auto& [key, value] : headers) {
        if (key != name) continue;
        if (!found.empty() || value.find(',') != std::string::npos)
            malformed_forwarding(std::string(name) + " has several values");
        found = value;
    }
    return found;
}

}  // namespace

bool TrustedProxies::contains(const IpAddress& address) const {
    return std::ranges::any_of(blocks_, [&](const AddressBlock& block) { return block.contains(address); });
}

TrustedProxies::Origin TrustedProxies::read(const Fields& headers) const {
    Origin origin;
    origin.address = client_of(headers);
    if (const std::string scheme = to_lower(only_value(headers, "x-forwarded-proto")); !scheme.empty()) {
        if (scheme != "http" && scheme != "https") malformed_forwarding("x-forwarded-proto is neither http nor https");
        origin.is_https = scheme == "https";
    }
    origin.host = only_value(headers, "x-forwarded-host");
    if (!origin.host.empty() && !is_authority(origin.host))
        malformed_forwarding("x-forwarded-host is not one host and port");
    return origin;
}

/// Walks backwards from the end of the last X-Forwarded-For header. Several such headers form one list, in their order
/// (RFC 9110, 5.3).
std::optional<IpAddress> TrustedProxies::client_of(const Fields& headers) const {
    std::optional<IpAddress> client;
    std::size_t hops = 0;
    for (std::size_t at = headers.size(); at-- > 0;) {
        if (headers[at].first != "x-forwarded-for") continue;
        std::string_view list = headers[at].second;
        while (true) {
            const auto comma = list.rfind(',');
            const std::string_view hop = trim(comma == std::string_view::npos ? list : list.substr(comma + 1));
            if (++hops > max_hops) malformed_forwarding("x-forwarded-for has more than 32 addresses");
            client = parse_hop(hop);
            if (!client) malformed_forwarding("x-forwarded-for holds a value that is not an address");
            if (!contains(*client)) return client;
            if (comma == std::string_view::npos) break;
            list = list.substr(0, comma);
        }
    }
    return client;
}

}  // namespace reprieve::http
