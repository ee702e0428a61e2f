#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace reprieve {

/// Durations and sizes as people write them. A whole number alone means seconds, or bytes. All of it
/// can be called from any thread.

/// Microseconds from "90", "7d", "1h30m", "250ms", "2 h": whole numbers, each with a unit out of w, d, h,
/// m, s, ms, us, larger units first. Throws bad_request on anything else, on a negative number and on
/// what is beyond 63 bits.
std::int64_t parse_duration_us(std::string_view text);

/// Microseconds from whole seconds. Throws bad_request where they are negative or too many.
std::int64_t duration_us_from_seconds(std::int64_t seconds);

/// Bytes from "4096", "8MiB", "1GB", "2 TiB": a whole number and a unit out of B, kB, MB, GB, TB, PB, EB
/// (powers of 1000) or KiB, MiB, GiB, TiB, PiB, EiB (powers of 1024), in any case. Throws bad_request on
/// anything else and on what is beyond 64 bits.
std::uint64_t parse_size(std::string_view text);

/// The shortest exact text: "7d", "1h30m", "0s". `us` is not negative. parse_duration_us() takes it back.
std::string duration_to_text(std::int64_t us);

/// The shortest exact text: "64MiB", "1GB", "1025B", "0". parse_size() takes it back.
std::string size_to_text(std::uint64_t bytes);

/// For a person: "0 B", "512 B", "1.5 GiB". One digit after the point, rounded down.
std::string approximate_size(std::uint64_t bytes);

}  // namespace reprieve
