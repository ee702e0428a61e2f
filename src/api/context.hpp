#pragma once

#include "base/clock.hpp"
#include "config/config.hpp"
#include "http/message.hpp"
#include "image/caller.hpp"
#include "service/checker.hpp"
#include "service/downloads.hpp"
#include "service/images.hpp"
#include "service/scrubber.hpp"
#include "service/stores.hpp"
#include "service/trash.hpp"
#include "service/uploads.hpp"

namespace reprieve::api {

/// What the resources work with; lives as long as the server.
struct Context {
    const Config& config;
    const Clock& clock;
    service::Stores& stores;
    service::Images& images;
    service::Uploads& uploads;
    service::Downloads& downloads;
    service::Trash& trash;
    service::Scrubber& scrubber;
    service::Checker& checker;
};

/// Who sends the request. Without authentication it is always the admin.
Caller caller_of(const http::Request& request);

/// The address that clients should use: server.public_url, else what the client used.
std::string base_url(const Context& context, const http::Request& request);

}  // namespace reprieve::api
