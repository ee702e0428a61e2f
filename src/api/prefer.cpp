#include "api/prefer.hpp"

#include <algorithm>
#include <optional>
#include <string_view>

#include "base/ascii_case.hpp"
#include "http/wire/decimal.hpp"
#include "http/wire/field_syntax.hpp"

namespace reprieve::api {
namespace {

std::string_view unquoted(std::string_view text) {
    const bool is_quoted = text.size() > 1 && text.front() == '"' && text.back() == '"';
    return is_quoted ? text.substr(1, text.size() - 2) : text;
}

/// Returns the value of the first preference `wait` in one field, as text; nullopt if there is none.
std::optional<std::string_view> wait_in(std::string_view field) {
    for (std::string_view preference : http::list_elements(field)) {
        preference = preference.substr(0, preference.find(';'));  // without its parameters
        const auto equals = preference.find('=');
        if (equals == std::string_view::npos) continue;
        if (equals_ignoring_case(http::trim(preference.substr(0, equals)), "wait"))
            return unquoted(http::trim(preference.substr(equals + 1)));
    }
    return {};
}

}  // namespace

std::int64_t preferred_wait_us(const http::Request& request) {
    for (const auto& [name, value] : request.headers) {
        if (name != "prefer") continue;
        const auto wait = wait_in(value);
        if (!wait) continue;
        const auto seconds = http::parse_decimal(*wait, true);
        if (!seconds) break;
        return static_cast<std::int64_t>(std::min<std::uint64_t>(*seconds, max_wait_us / 1'000'000)) * 1'000'000;
    }
    return default_wait_us;
}

}  // namespace reprieve::api
