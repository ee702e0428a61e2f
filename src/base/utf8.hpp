#pragma once

#include <cstddef>
#include <optional>
#include <string_view>

namespace reprieve {

/// How many characters (code points) a UTF-8 text has; nothing where it is not valid UTF-8 (RFC 3629:
/// no overlong forms, no surrogates, nothing beyond U+10FFFF).
std::optional<std::size_t> utf8_length(std::string_view text);

}  // namespace reprieve
