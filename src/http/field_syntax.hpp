#pragma once

#include <string>
#include <string_view>

namespace reprieve::http {

/// A token of RFC 9110, 5.6.2: what methods and the names of headers are made of.
bool is_token(std::string_view text);

/// True where no control character but the tab is in it, so that it cannot end a header.
bool is_field_value(std::string_view text);

/// Without outer spaces and tabs.
std::string_view trim(std::string_view text);

}  // namespace reprieve::http
