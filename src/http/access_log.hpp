#pragma once

#include <cstdint>
#include <functional>
#include <string>

#include "http/wire/message.hpp"

namespace reprieve::http {

/// Facts about one finished request, for the log. Valid only during the call of AccessLog.
struct AccessRecord {
    const Request& request;
    int status;
    std::uint64_t sent;   ///< bytes of the body that were sent
    std::int64_t micros;  ///< duration of the request in microseconds
    std::string error;    ///< internal failure, or failure to send the answer, for the log only; else empty
};
/// Function that is called after each request, by the thread that ran the request. If it throws, the exception is
/// ignored.
using AccessLog = std::function<void(const AccessRecord&)>;

}  // namespace reprieve::http
