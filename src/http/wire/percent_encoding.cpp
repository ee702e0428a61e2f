#include "http/wire/percent_encoding.hpp"

#include "base/error.hpp"

namespace reprieve::http {
namespace {

int hex_value(char c) {
    if (c >= '0' && c <= '9') return c - '0';
    if (c >= 'a' && c <= 'f') return c - 'a' + 10;
    if (c >= 'A' && c <= 'F') return c - 'A' + 10;
    return -1;
}

}  // namespace

std::string decode_percent(std::string_view text, bool plus_is_space, std::string_view what) {
    std::string decoded;
    decoded.reserve(text.size());
    for (std::size_t i = 0; i < text.size(); ++i) {
        if (text[i] == '+' && plus_is_space) {
            decoded += ' ';
        } else if (text[i] != '%') {
            decoded += text[i];
        } else {
            const int high = text.size() - i > 2 ? hex_value(text[i + 1]) : -1;
            const int low = text.size() - i > 2 ? hex_value(text[i + 2]) : -1;
            if (high < 0 || low < 0)
                throw Error(ErrorKind::bad_request,
                            "The " + std::string(what) + " holds a % without two hexadecimal digits after it.");
            const char c = static_cast<char>(high * 16 + low);
            if (c == '\0') throw Error(ErrorKind::bad_request, "The " + std::string(what) + " holds a NUL.");
            decoded += c;
            i += 2;
        }
    }
    return decoded;
}

Fields parse_query(std::string_view text) {
    Fields query;
    while (!text.empty()) {
        const auto end = text.find('&');
        const std::string_view pair = text.substr(0, end);
        text = end == std::string_view::npos ? std::string_view() : text.substr(end + 1);
        if (pair.empty()) continue;
        const auto equals = pair.find('=');
        const std::string_view value = equals == std::string_view::npos ? std::string_view() : pair.substr(equals + 1);
        query.emplace_back(decode_percent(pair.substr(0, equals), true, "query"), decode_percent(value, true, "query"));
    }
    return query;
}

}  // namespace reprieve::http
