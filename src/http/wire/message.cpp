#include "http/wire/message.hpp"

#include <algorithm>

#include "base/error.hpp"

namespace reprieve::http {

std::string_view Request::header(std::string_view name) const {
    const auto found = std::ranges::find(headers, name, &Fields::value_type::first);
    return found == headers.end() ? std::string_view() : std::string_view(found->second);
}

std::optional<std::string_view> Request::parameter(std::string_view name) const {
    const auto found = std::ranges::find(query, name, &Fields::value_type::first);
    if (found == query.end()) return std::nullopt;
    return std::string_view(found->second);
}

std::string Request::base_url() const {
    const std::string_view host = header("host");
    // A request of HTTP/1.0 may have no Host. The URL then works only on this machine.
    return (is_https ? "https://" : "http://") + std::string(host.empty() ? std::string_view("localhost") : host);
}

std::string read_body(Request& request, std::size_t limit) {
    const auto too_large = [&] {
        throw Error(ErrorKind::too_large, "The request's body is larger than " + std::to_string(limit) + " bytes.");
    };
    const std::optional<std::uint64_t> length = request.body->length();
    if (length.value_or(0) > limit) too_large();
    request.body->start_deadline();
    std::string body;
    std::size_t used = 0;
    while (true) {
        // Ask for one byte more than expected, to notice the end of the body or a body that is too large.
        const std::size_t step = length ? static_cast<std::size_t>(*length) + 1 : used + (16 << 10);
        body.resize(std::min(step, limit + 1));
        used += request.body->read(std::as_writable_bytes(std::span(body)).subspan(used));
        if (used > limit) too_large();
        if (used < body.size()) break;
    }
    body.resize(used);
    return body;
}

}  // namespace reprieve::http
