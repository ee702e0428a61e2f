#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace reprieve {

// All times in this file are microseconds since 1970-01-01 UTC.

/// Returns the time as RFC 3339 in UTC with whole seconds, as Glance writes times: "2026-11-23T07:00:00Z". A time
/// outside the years 1 to 9999 becomes the first or last second of that range.
std::string format_timestamp(std::int64_t us);

/// Does the same for a time that can be absent. Returns nullopt for nullopt.
std::optional<std::string> format_timestamp(std::optional<std::int64_t> us);

/// Returns the time as RFC 3339 in UTC with microseconds, as Keystone writes times: "2026-11-23T07:00:00.000000Z".
std::string format_timestamp_micros(std::int64_t us);

/// Returns the time as HTTP writes it (RFC 9110, 5.6.7): "Sun, 06 Nov 1994 08:49:37 GMT". A time outside the years 1 to
/// 9999 becomes the first or last second of that range.
std::string format_http_date(std::int64_t us);

/// Reads a time in the forms that clients of the Image API send: RFC 3339 with "Z" or an offset, with or without a
/// fraction, with "T" or a space. A date without a time means midnight, a time without a zone means UTC. Returns
/// nullopt for any other text.
std::optional<std::int64_t> parse_timestamp(std::string_view text);

}  // namespace reprieve
