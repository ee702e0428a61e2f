#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace reprieve::http {

/// Returns true for a token (RFC 9110, 5.6.2). Methods and the names of headers are tokens.
bool is_token(std::string_view text);

/// Returns true if the text has no control character except the tab. Such a text cannot end a header.
bool is_field_value(std::string_view text);

/// Returns true if the text has at most 300 bytes, all of which can occur in a host and port; also for an empty text. A
/// user part or a path is refused, because the value becomes a part of links.
bool is_authority(std::string_view host);

/// Returns the text without spaces and tabs at both ends. The result is a part of `text`.
std::string_view trim(std::string_view text);

/// Splits a list (RFC 9110, 5.6.1) at its commas, except commas within quotes. Returns the trimmed elements without the
/// empty ones. The elements are parts of `list`.
std::vector<std::string_view> list_elements(std::string_view list);

}  // namespace reprieve::http
