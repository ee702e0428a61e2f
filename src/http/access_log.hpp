#pragma once

#include <cstdint>
#include <functional>
#include <string>

#include "http/wire/message.hpp"

namespace reprieve::http {

/// Called after each request, for the log. `sent` counts body bytes, `micros` the time it took.
struct AccessRecord {
    const Request& request;
    int status;
    std::uint64_t sent;
    std::int64_t micros;
    std::string error;  ///< what went wrong inside, for the log alone; empty where nothing did
};
using AccessLog = std::function<void(const AccessRecord&)>;

}  // namespace reprieve::http
