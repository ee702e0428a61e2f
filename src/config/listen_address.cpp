#include "config/listen_address.hpp"

#include <arpa/inet.h>

#include <charconv>

#include "base/error.hpp"

namespace reprieve {
namespace {

[[noreturn]] void refuse(std::string_view text) {
    throw Error(ErrorKind::bad_request,
                "'" + std::string(text) +
                    "' is not an ADDRESS:PORT: write a numeric address, such as 127.0.0.1:9292 or [::1]:9292");
}

std::uint16_t parse_port(std::string_view digits, std::string_view text) {
    std::uint16_t port = 0;
    const char* end = digits.data() + digits.size();
    const auto [stop, problem] = std::from_chars(digits.data(), end, port);
    if (problem != std::errc() || stop != end) refuse(text);
    return port;
}

}  // namespace

ListenAddress parse_listen_address(std::string_view text) {
    const std::size_t colon = text.rfind(':');
    if (colon == std::string_view::npos) refuse(text);
    ListenAddress result{std::string(text.substr(0, colon)), parse_port(text.substr(colon + 1), text), false};
    if (result.address.starts_with('[') && result.address.ends_with(']')) {
        result.address = result.address.substr(1, result.address.size() - 2);
        in6_addr address{};
        if (inet_pton(AF_INET6, result.address.c_str(), &address) != 1) refuse(text);
        result.is_loopback = IN6_IS_ADDR_LOOPBACK(&address);
    } else {
        in_addr address{};
        if (inet_pton(AF_INET, result.address.c_str(), &address) != 1) refuse(text);
        result.is_loopback = ntohl(address.s_addr) >> 24 == 127;
    }
    return result;
}

}  // namespace reprieve
