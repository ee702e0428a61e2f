#include "api/prefer.hpp"

#include <algorithm>
#include <string_view>

#include "base/ascii_case.hpp"
#include "http/decimal.hpp"
#include "http/field_syntax.hpp"

namespace reprieve::api {

std::int64_t preferred_wait_us(const http::Request& request) {
    std::string_view rest = request.header("prefer");
    while (!rest.empty()) {
        const std::string_view preference = rest.substr(0, rest.find(','));
        rest.remove_prefix(std::min(rest.size(), preference.size() + 1));
        const auto equals = preference.find('=');
        if (equals == std::string_view::npos) continue;
        if (!equals_ignoring_case(http::trim(preference.substr(0, equals)), "wait")) continue;
        const auto seconds = http::parse_decimal(http::trim(preference.substr(equals + 1)), true);
        if (!seconds) return default_wait_us;
        return static_cast<std::int64_t>(std::min<std::uint64_t>(*seconds, max_wait_us / 1'000'000)) * 1'000'000;
    }
    return default_wait_us;
}

}  // namespace reprieve::api
