#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace reprieve {

/// Durations and sizes in the form that people write. A whole number without a unit means seconds or bytes. Any thread
/// may call these functions.

/// Reads a duration such as "90", "7d", "1h30m", "250ms" or "2 h" and returns microseconds. It consists of whole
/// numbers with a unit each: w, d, h, m, s, ms or us, larger units first. Throws bad_request for any other text, for a
/// negative number, and if the result exceeds 63 bits.
std::int64_t parse_duration_us(std::string_view text);

/// Converts whole seconds to microseconds. Throws bad_request if they are negative or the result exceeds 63 bits.
std::int64_t duration_us_from_seconds(std::int64_t seconds);

/// Reads a size such as "4096", "8MiB", "1GB" or "2 TiB" and returns bytes. The unit is B, kB, MB, GB, TB, PB, EB
/// (powers of 1000) or KiB, MiB, GiB, TiB, PiB, EiB (powers of 1024), in upper or lower case. Throws bad_request for
/// any other text, and if the result exceeds 64 bits.
std::uint64_t parse_size(std::string_view text);

/// Returns the duration as an exact text with few units (no weeks): "7d", "1h30m", "0s". parse_duration_us() reads it.
/// Requires: `us` is not negative.
std::string duration_to_text(std::int64_t us);

/// Returns the size as an exact text in its largest whole unit: "64MiB", "1GB", "1025B", "0". parse_size() reads it.
std::string size_to_text(std::uint64_t bytes);

/// Returns the size for a person: "0 B", "512 B", "1.5 GiB". One digit after the point, rounded down.
std::string approximate_size(std::uint64_t bytes);

}  // namespace reprieve
