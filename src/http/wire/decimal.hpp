#pragma once

#include <charconv>
#include <cstdint>
#include <limits>
#include <optional>
#include <string_view>

namespace reprieve::http {

/// Parses a number that consists only of decimal digits: no sign, space or prefix. Returns nullopt for anything else. A
/// number beyond 64 bits gives the largest 64-bit number if `saturate` is set, otherwise nullopt.
inline std::optional<std::uint64_t> parse_decimal(std::string_view text, bool saturate = false) {
    if (text.empty() || text.find_first_not_of("0123456789") != std::string_view::npos) return std::nullopt;
    std::uint64_t value = 0;
    const auto result = std::from_chars(text.data(), text.data() + text.size(), value);
    if (result.ec == std::errc()) return value;
    if (saturate) return std::numeric_limits<std::uint64_t>::max();
    return std::nullopt;
}

}  // namespace reprieve::http
