#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace reprieve::http {

/// A token of RFC 9110, 5.6.2: what methods and the names of headers are made of.
bool is_token(std::string_view text);

/// True where no control character but the tab is in it, so that it cannot end a header.
bool is_field_value(std::string_view text);

/// What a host and port are made of. No user part, no path: the value becomes a part of links.
bool is_authority(std::string_view host);

/// Without outer spaces and tabs.
std::string_view trim(std::string_view text);

/// Splits a list (RFC 9110, 5.6.1) at its commas, but for those within quotes. Returns its elements without outer
/// spaces and leaves out empty ones. They are parts of `list`.
std::vector<std::string_view> list_elements(std::string_view list);

}  // namespace reprieve::http
