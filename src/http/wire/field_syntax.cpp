#include "http/wire/field_syntax.hpp"

#include <algorithm>
#include <array>

#include "base/ascii_case.hpp"

namespace reprieve::http {
namespace {

constexpr std::array<bool, 256> token_table = [] {
    constexpr std::string_view letters = "0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ";
    std::array<bool, 256> table{};
    for (const char c : letters) table[static_cast<unsigned char>(c)] = true;
    for (const char c : std::string_view("!#$%&'*+-.^_`|~")) table[static_cast<unsigned char>(c)] = true;
    return table;
}();

}  // namespace

bool is_token(std::string_view text) {
    return !text.empty() && std::ranges::all_of(text, [](unsigned char c) { return token_table[c]; });
}

bool is_field_value(std::string_view text) {
    return std::ranges::none_of(text, [](unsigned char c) { return (c < 0x20 && c != '\t') || c == 0x7f; });
}

bool is_authority(std::string_view host) {
    return host.size() <= 300 && std::ranges::all_of(host, [](char c) {
               return (c >= '0' && c <= '9') || (to_lower(c) >= 'a' && to_lower(c) <= 'z') ||
                      std::string_view("-._~[]:!$&'()*+;=").find(c) != std::string_view::npos;
           });
}

std::string_view trim(std::string_view text) {
    const auto first = text.find_first_not_of(" \t");
    if (first == std::string_view::npos) return {};
    return text.substr(first, text.find_last_not_of(" \t") - first + 1);
}

std::vector<std::string_view> list_elements(std::string_view list) {
    std::vector<std::string_view> elements;
    std::size_t begin = 0;
    const auto add_until = [&](std::size_t end) {
        if (const auto element = trim(list.substr(begin, end - begin)); !element.empty()) elements.push_back(element);
        begin = end + 1;
    };
    bool is_quoted = false;
    for (std::size_t at = 0; at < list.size(); ++at) {
        if (list[at] == '\\' && is_quoted)
            ++at;  // skip the escaped character
        else if (list[at] == '"')
            is_quoted = !is_quoted;
        else if (list[at] == ',' && !is_quoted)
            add_until(at);
    }
    add_until(list.size());
    return elements;
}

}  // namespace reprieve::http
