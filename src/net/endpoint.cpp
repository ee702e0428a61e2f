#include "net/endpoint.hpp"

#include <algorithm>
#include <charconv>

#include "base/error.hpp"

namespace reprieve::net {
namespace {

constexpr std::uint16_t http_port = 80;
constexpr std::uint16_t https_port = 443;
constexpr std::size_t max_url_bytes = 8192;
constexpr std::size_t max_host_bytes = 253;

[[noreturn]] void refuse_endpoint(std::string_view why) {
    throw Error(ErrorKind::bad_request,
                "this is not a valid URL: " + std::string(why) + "; write http://host:port/path, or https");
}

bool is_name_character(char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' || c == '.' ||
           c == '_';
}

bool is_v6_character(char c) {
    return (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F') || (c >= '0' && c <= '9') || c == ':' || c == '.';
}

std::uint16_t port_of(std::string_view text) {
    std::uint16_t port = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), port);
    if (error != std::errc() || end != text.data() + text.size() || port == 0)
        refuse_endpoint("the port is not a number from 1 to 65535");
    return port;
}

/// Removes "host" or "[v6]" from the front of `text` and returns the host without brackets.
std::string take_host(std::string_view& text) {
    const bool is_v6 = text.starts_with('[');
    const std::size_t end = is_v6 ? text.find(']') : text.find(':');
    if (is_v6 && end == std::string_view::npos) refuse_endpoint("a bracket is not closed");
    const std::string_view host = is_v6 ? text.substr(1, end - 1) : text.substr(0, end);
    if (host.empty() || host.size() > max_host_bytes ||
        !std::all_of(host.begin(), host.end(), is_v6 ? is_v6_character : is_name_character))
        refuse_endpoint("the host is neither a name nor an address");
    text.remove_prefix(std::min(text.size(), host.size() + (is_v6 ? 2 : 0)));
    return std::string(host);
}

}  // namespace

Url parse_url(std::string_view text) {
    if (text.size() > max_url_bytes) refuse_endpoint("it is too long");
    const bool is_plain = std::all_of(text.begin(), text.end(), [](unsigned char c) { return c > ' ' && c < 0x7F; });
    if (!is_plain || text.find_first_of("#\"<>\\^`{|}") != std::string_view::npos)
        refuse_endpoint("it holds a character that a URL cannot have");
    Url url;
    url.endpoint.is_tls = text.starts_with("https://");
    if (!url.endpoint.is_tls && !text.starts_with("http://"))
        refuse_endpoint("it begins with neither http:// nor https://");
    text.remove_prefix(url.endpoint.is_tls ? 8 : 7);
    const std::size_t path = std::min(text.find_first_of("/?"), text.size());
    std::string_view authority = text.substr(0, path);
    if (authority.find('@') != std::string_view::npos) refuse_endpoint("it holds a user or a password");
    url.endpoint.host = take_host(authority);
    if (!authority.empty() && !authority.starts_with(':')) refuse_endpoint("only a port may follow the host");
    url.endpoint.port = !authority.empty()    ? port_of(authority.substr(1))
                        : url.endpoint.is_tls ? https_port
                                              : http_port;
    url.path = text.substr(path);
    if (!url.path.starts_with('/')) url.path.insert(0, "/");
    return url;
}

std::string host_header(const Endpoint& endpoint) {
    const bool is_v6 = endpoint.host.find(':') != std::string::npos;
    std::string text = is_v6 ? "[" + endpoint.host + "]" : endpoint.host;
    if (endpoint.port != (endpoint.is_tls ? https_port : http_port)) text += ":" + std::to_string(endpoint.port);
    return text;
}

}  // namespace reprieve::net
