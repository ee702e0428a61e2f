#include "api/session_cookie.hpp"

#include <algorithm>

#include "base/clock.hpp"
#include "http/wire/field_syntax.hpp"

namespace reprieve::api {
namespace {

constexpr std::string_view name = "reprieve_session";
constexpr std::size_t max_token_bytes = 2048;

bool is_token_character(char c) {
    return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '-' || c == '_' ||
           c == '=' || c == '.';
}

bool is_token(std::string_view text) {
    return !text.empty() && text.size() <= max_token_bytes && std::all_of(text.begin(), text.end(), is_token_character);
}

void set(http::Response& response, const std::string& token, std::int64_t seconds, bool is_secure) {
    response.set_header("Set-Cookie", std::string(name) + "=" + token + "; Path=/; Max-Age=" + std::to_string(seconds) +
                                          "; HttpOnly; SameSite=Strict" + (is_secure ? "; Secure" : ""));
}

}  // namespace

std::string_view session_token(const http::Request& request) {
    std::string_view found;
    std::size_t count = 0;
    for (const auto& [header, value] : request.headers) {
        if (header != "cookie") continue;
        for (std::string_view rest = value; !rest.empty();) {
            const std::string_view part = rest.substr(0, rest.find(';'));
            rest.remove_prefix(std::min(rest.size(), part.size() + 1));
            const std::string_view pair = http::trim(part);
            if (!pair.starts_with(name) || pair.substr(name.size(), 1) != "=") continue;
            found = pair.substr(name.size() + 1);
            ++count;
        }
    }
    // We set only one cookie of this name. If there are two, somebody else has set one of them, so neither is trusted.
    return count == 1 && is_token(found) ? found : std::string_view();
}

void set_session_cookie(http::Response& response, const std::string& token, std::int64_t lifetime_us, bool is_secure) {
    set(response, token, lifetime_us / us_per_second, is_secure);
}

void clear_session_cookie(http::Response& response, bool is_secure) { set(response, "", 0, is_secure); }

}  // namespace reprieve::api
