#pragma once

#include <cstdint>

#include "http/message.hpp"

namespace reprieve::api {

/// Default and maximum time that a request waits for the end of the work that it started.
inline constexpr std::int64_t default_wait_us = 5'000'000;
inline constexpr std::int64_t max_wait_us = 60'000'000;

/// Returns how long the client wants to wait for the end of the work before 202, in microseconds: the preference
/// `wait` of its Prefer header, in seconds (RFC 7240, 4.3), but at most `max_wait_us`. Returns `default_wait_us` if
/// there is none or it is malformed: a preference is never an error.
std::int64_t preferred_wait_us(const http::Request& request);

}  // namespace reprieve::api
