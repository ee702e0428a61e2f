#pragma once

#include <httplib.h>

#include <string_view>

// Versions of cpp-httplib before 0.41 have a different layout and known security holes. CPPHTTPLIB_VERSION_NUM is a
// string, which the preprocessor cannot compare, so a static_assert below compares the version's text.
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
