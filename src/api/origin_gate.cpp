#include "api/origin_gate.hpp"

#include <algorithm>
#include <cctype>

#include "base/error.hpp"

namespace reprieve::api {
namespace {

std::string lower(std::string_view text) {
    std::string result(text);
    std::transform(result.begin(), result.end(), result.begin(),
                   [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
    return result;
}

/// "host" of "host:port" and "[host]:port".
std::string_view host_of(std::string_view authority) {
    if (authority.starts_with('[')) return authority.substr(0, authority.find(']') + 1);
    return authority.substr(0, authority.find(':'));
}

/// The authority of "scheme://authority/path".
std::string_view authority_of(std::string_view url) {
    const auto start = url.find("://");
    if (start == std::string_view::npos) return {};
    url.remove_prefix(start + 3);
    return url.substr(0, url.find('/'));
}

bool changes_something(const http::Request& request) { return request.method != "GET"; }

}  // namespace

OriginGate::OriginGate(const Config::Server& config, const std::string& listen_address) {
    hosts_ = {"localhost", "127.0.0.1", "[::1]"};
    const bool has_colon = listen_address.find(':') != std::string::npos;
    hosts_.insert(has_colon ? "[" + lower(listen_address) + "]" : lower(listen_address));
    for (const std::string& host : config.allowed_hosts) hosts_.insert(lower(host));
    if (const auto authority = authority_of(config.public_url); !authority.empty())
        hosts_.insert(lower(host_of(authority)));
}

bool OriginGate::is_known(std::string_view authority) const {
    const std::string_view host = host_of(authority);
    const std::string_view port = authority.substr(host.size());
    const bool is_port =
        port.empty() || (port.starts_with(':') && port.find_first_not_of("0123456789", 1) == port.npos);
    return !host.empty() && is_port && hosts_.contains(lower(host));
}

void OriginGate::check(const http::Request& request) const {
    if (request.is_admin_socket) return;
    const std::string_view host = request.header("host");
    // HTTP/1.0 has no Host, and no browser speaks it.
    if (!host.empty() && !is_known(host))
        throw Error(ErrorKind::misdirected, "this appliance does not answer to the name '" +
                                                std::string(host_of(host)) + "': add it to server.allowed_hosts");
    if (!changes_something(request)) return;
    const std::string_view origin = request.header("origin");
    if (!origin.empty() && !is_known(authority_of(origin)))
        throw Error(ErrorKind::forbidden, "pages of another site may not change anything here");
    if (origin.empty() && request.header("sec-fetch-site") == "cross-site")
        throw Error(ErrorKind::forbidden, "pages of another site may not change anything here");
}

}  // namespace reprieve::api
