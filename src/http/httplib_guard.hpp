#pragma once

#include <httplib.h>

#include <string_view>

// Versions before 0.41 have another layout and open holes. The number is a string up to now, out of the
// preprocessor's reach, so the version's text is looked at as well.
#ifndef CPPHTTPLIB_VERSION_NUM
#error "cpp-httplib 0.41 or newer is needed: run scripts/setup"
#endif

namespace reprieve::http {

constexpr bool is_httplib_new_enough(std::string_view version) {
    if (!version.starts_with("0.")) return true;
    int minor = 0;
    for (const char c : version.substr(2)) {
        if (c < '0' || c > '9') break;
        minor = minor * 10 + (c - '0');
    }
    return minor >= 41;
}
static_assert(is_httplib_new_enough(CPPHTTPLIB_VERSION), "cpp-httplib 0.41 or newer is needed: run scripts/setup");

}  // namespace reprieve::http
