#pragma once

#include <cstdint>

#include "http/wire/message.hpp"

namespace reprieve::api {

/// Default and maximum time in microseconds that a request waits for the end of the work that it has started.
inline constexpr std::int64_t default_wait_us = 5'000'000;
inline constexpr std::int64_t max_wait_us = 60'000'000;

/// Returns how long the request may wait for its work before it answers 202, in microseconds, from 0 to `max_wait_us`:
/// the `wait` preference of the Prefer header (seconds; RFC 7240, 4.3), or `default_wait_us` if it is missing or
/// malformed.
std::int64_t preferred_wait_us(const http::Request& request);

}  // namespace reprieve::api
