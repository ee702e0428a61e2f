#include "api/browser/origin_gate.hpp"

#include <arpa/inet.h>
#include <unistd.h>

#include <array>
#include <vector>

#include "base/ascii_case.hpp"
#include "base/error.hpp"

namespace reprieve::api {
namespace {

/// Returns "host" of "host:port", and "[host]" of "[host]:port".
std::string_view host_of(std::string_view authority) {
    if (authority.starts_with('[')) return authority.substr(0, authority.find(']') + 1);
    return authority.substr(0, authority.find(':'));
}

/// Returns the authority of "scheme://authority/path"; empty if there is no scheme.
std::string_view authority_of(std::string_view url) {
    const auto start = url.find("://");
    if (start == std::string_view::npos) return {};
    url.remove_prefix(start + 3);
    return url.substr(0, url.find('/'));
}

/// Returns a configured host in the form of a Host header: lower case, no port, an IPv6 address in brackets.
std::string host_of_entry(const std::string& entry) {
    const bool is_bare_v6 = !entry.starts_with('[') && entry.find(':') != entry.rfind(':');
    return to_lower(is_bare_v6 ? "[" + entry + "]" : std::string(host_of(entry)));
}

/// Returns true for an IP address in the form of a Host header. A name can be made to point at another machine, an IP
/// address cannot.
bool is_address(std::string_view host) {
    std::array<unsigned char, sizeof(in6_addr)> parsed{};
    if (host.starts_with('[') && host.ends_with(']'))
        return inet_pton(AF_INET6, std::string(host.substr(1, host.size() - 2)).c_str(), parsed.data()) == 1;
    return inet_pton(AF_INET, std::string(host).c_str(), parsed.data()) == 1;
}

bool is_loopback(std::string_view host) { return host.starts_with("127.") || host == "[::1]"; }

/// Returns the names of this machine: with its domain, and without.
std::vector<std::string> names_of_machine() {
    std::array<char, 256> name{};
    if (::gethostname(name.data(), name.size() - 1) != 0 || name[0] == '\0') return {};
    const std::string whole = to_lower(name.data());
    return {whole, whole.substr(0, whole.find('.'))};
}

}  // namespace

OriginGate::OriginGate(const Config::Server& config, const std::string& listen_address)
    : is_public_https_(to_lower(config.public_url).starts_with("https:")) {
    hosts_ = {"localhost", "127.0.0.1", "[::1]", host_of_entry(listen_address)};
    for (const std::string& host : config.allowed_hosts) hosts_.insert(host_of_entry(host));
    if (public_authority_ = to_lower(authority_of(config.public_url)); !public_authority_.empty())
        hosts_.insert(std::string(host_of(public_authority_)));
    const std::string listens_at = host_of_entry(listen_address);
    has_any_address_ = listens_at == "0.0.0.0" || listens_at == "[::]";
    if (!is_loopback(listens_at))
        for (const std::string& own : names_of_machine()) hosts_.insert(own);
}

bool OriginGate::is_known(std::string_view authority) const {
    const std::string_view host = host_of(authority);
    const std::string_view port = authority.substr(host.size());
    const bool is_port =
        port.empty() || (port.starts_with(':') && port.find_first_not_of("0123456789", 1) == port.npos);
    if (host.empty() || !is_port) return false;
    return hosts_.contains(to_lower(host)) || (has_any_address_ && is_address(host));
}

void OriginGate::check(const http::Request& request) const {
    if (request.is_admin_socket) return;
    const std::string_view host = request.header("host");
    // A request of HTTP/1.0 needs no Host. Browsers always send one.
    if (!host.empty() && !is_known(host))
        throw Error(ErrorKind::misdirected, "this appliance does not answer to the name '" +
                                                std::string(host_of(host)) + "': add it to server.allowed_hosts");
    if (request.method != "GET" && !is_own_page(request))
        throw Error(ErrorKind::forbidden, "pages of another site may not change anything here");
}

bool OriginGate::is_own_page(const http::Request& request) const {
    const std::string_view origin = request.header("origin");
    if (!origin.empty()) {
        // Anybody on the network path can change a page that came without TLS. Such a page must not send changes over
        // https.
        const bool is_clear = !to_lower(origin).starts_with("https:");
        const std::string authority = to_lower(authority_of(origin));
        if (authority.empty()) return false;
        const bool is_public = authority == public_authority_;
        if (is_clear && (request.is_https || (is_public && is_public_https_))) return false;
        return is_public || authority == to_lower(request.header("host"));
    }
    const std::string_view site = request.header("sec-fetch-site");
    return site.empty() || site == "same-origin" || site == "none";
}

}  // namespace reprieve::api
