#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace reprieve {

/// RFC 3339 in UTC with whole seconds, as Glance writes times: "2026-11-23T07:00:00Z".
/// Years 1 to 9999; beyond, the nearest of them.
std::string format_timestamp(std::int64_t us);

/// Returns nullopt for a time that is absent.
std::optional<std::string> format_timestamp(std::optional<std::int64_t> us);

/// The same with the microseconds, as Keystone writes times: "2026-11-23T07:00:00.000000Z".
std::string format_timestamp_micros(std::int64_t us);

/// As HTTP writes times (RFC 9110, 5.6.7): "Sun, 06 Nov 1994 08:49:37 GMT". Years 1 to 9999, as above.
std::string format_http_date(std::int64_t us);

/// Reads what the clients of the Image API send: RFC 3339 with "Z" or an offset, with or without a
/// fraction, "T" or a space, also a date alone (midnight) and no zone at all (UTC).
/// Nothing, where the text is none of these.
std::optional<std::int64_t> parse_timestamp(std::string_view text);

}  // namespace reprieve
