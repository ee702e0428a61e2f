#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace reprieve {

/// Decodes base64 (RFC 4648, 4). The padding is required; spaces and line breaks are refused. An empty text decodes to
/// no bytes. Returns nullopt if the text is not valid base64.
std::optional<std::string> decode_base64(std::string_view text);

}  // namespace reprieve
