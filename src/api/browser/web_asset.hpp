#pragma once

#include <span>
#include <string_view>

namespace reprieve::api {

/// File of the web page, as web/build.mjs has made it. Each name except index.html contains a hash of the content.
struct WebAsset {
    std::string_view name;
    std::string_view content_type;
    std::string_view etag;                ///< with its quotation marks
    std::span<const unsigned char> gzip;  ///< content, compressed by gzip
};

/// Returns the files of the web page that are compiled into the program.
std::span<const WebAsset> embedded_web_assets();

}  // namespace reprieve::api
