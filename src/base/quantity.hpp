#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace reprieve {

/// The functions of this file read and write durations and sizes in the form that people use. A whole number without a
/// unit means seconds for a duration and bytes for a size. Any thread may call these functions.

/// Reads a duration such as "90", "7d", "1h30m", "250ms" or "2 h" and returns microseconds. The text is a number of
/// seconds, or it consists of whole numbers that each have a unit: w, d, h, m, s, ms or us, larger units first. Throws
/// bad_request for any other text, for a negative number, and if the result exceeds 63 bits.
std::int64_t parse_duration_us(std::string_view text);

/// Converts whole seconds to microseconds. Throws bad_request if they are negative or the result exceeds 63 bits.
std::int64_t duration_us_from_seconds(std::int64_t seconds);

/// Reads a size such as "4096", "8MiB", "1GB" or "2 TiB" and returns bytes. The unit is B, kB, MB, GB, TB, PB, EB
/// (powers of 1000) or KiB, MiB, GiB, TiB, PiB, EiB (powers of 1024), in upper or lower case. Throws bad_request for
/// any other text, and if the result exceeds 64 bits.
std::uint64_t parse_size(std::string_view text);

/// Returns the duration of `us` microseconds as an exact text without weeks: "7d", "1h30m", "0s". parse_duration_us()
/// can read the text. Requires: `us` is not negative.
std::string duration_to_text(std::int64_t us);

/// Returns the size as an exact text, in the largest unit in which it is a whole number: "64MiB", "1GB", "1025B", "0".
/// parse_size() can read the text.
std::string size_to_text(std::uint64_t bytes);

/// Returns the approximate size for a person: "0 B", "512 B", "1.5 GiB". It has one digit after the point and is
/// rounded down.
std::string approximate_size(std::uint64_t bytes);

}  // namespace reprieve
