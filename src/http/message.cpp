#include "http/message.hpp"

#include <algorithm>

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
    // HTTP/1.0 may come without a Host; the name is then of no use to anybody but this machine.
    return (is_https ? "https://" : "http://") + std::string(host.empty() ? std::string_view("localhost") : host);
}

}  // namespace reprieve::http
