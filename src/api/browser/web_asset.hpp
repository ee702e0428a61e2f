#pragma once

#include <span>
#include <string_view>

namespace reprieve::api {

/// A file of the page, as web/build.mjs made it. All names but index.html hold a hash of what is in them.
struct WebAsset {
    std::string_view name;
    std::string_view content_type;
    std::string_view etag;  ///< of the file, in its quotation marks
    std::span<const unsigned char> gzip;
};

/// Those that were compiled in.
std::span<const WebAsset> embedded_web_assets();

}  // namespace reprieve::api
