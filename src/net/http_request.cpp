#include "net/http_request.hpp"

#include <algorithm>

#include "base/error.hpp"

namespace reprieve::net {

bool may_repeat(const HttpRequest& request) { return request.method == "GET" || request.method == "HEAD"; }

std::string wire_form(const HttpRequest& request, const Endpoint& endpoint) {
    std::string head = request.method + " " + request.target + " HTTP/1.1\r\nHost: " + host_header(endpoint);
    for (const auto& [name, value] : request.headers) head.append("\r\n").append(name).append(": ").append(value);
    if (!request.body.empty() || !may_repeat(request))
        head += "\r\nContent-Length: " + std::to_string(request.body.size());
    const auto lines = std::count(head.begin(), head.end(), '\n');
    const bool has_length = !request.body.empty() || !may_repeat(request);
    const auto expected = static_cast<std::ptrdiff_t>(1 + request.headers.size() + (has_length ? 1 : 0));
    if (lines != expected || std::count(head.begin(), head.end(), '\r') != expected ||
        head.find('\0') != std::string::npos)
        throw Error(ErrorKind::bad_request, "a request to another server has a line end or NUL in its head");
    return head + "\r\n\r\n" + request.body;
}

}  // namespace reprieve::net
