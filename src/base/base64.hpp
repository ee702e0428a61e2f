#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace reprieve {

/// Decodes base64 (RFC 4648, 4) with its padding, and nothing around it. Nothing for any other text; a text of no
/// length is none.
std::optional<std::string> decode_base64(std::string_view text);

}  // namespace reprieve
