#include "api/json_writer.hpp"

#include <array>

#include "base/hex.hpp"

namespace reprieve::api {
namespace {

/// True for each byte that needs no escape in a JSON string. A table, because the check of each byte of each answer
/// must be fast.
constexpr auto is_plain = [] {
    std::array<bool, 256> table{};
    for (std::size_t c = 0x20; c < table.size(); ++c) table[c] = c != '"' && c != '\\';
    return table;
}();

}  // namespace

void JsonWriter::separate() {
    if (needs_comma_) text_ += ',';
    needs_comma_ = true;
}

JsonWriter& JsonWriter::open(char bracket) {
    separate();
    text_ += bracket;
    needs_comma_ = false;
    return *this;
}

JsonWriter& JsonWriter::close(char bracket) {
    text_ += bracket;
    needs_comma_ = true;
    return *this;
}

JsonWriter& JsonWriter::key(std::string_view name) {
    separate();
    append_quoted(name);
    text_ += ':';
    needs_comma_ = false;
    return *this;
}

JsonWriter& JsonWriter::value(std::string_view text) {
    separate();
    append_quoted(text);
    return *this;
}

JsonWriter& JsonWriter::raw(std::string_view json) {
    separate();
    text_ += json;
    return *this;
}

void JsonWriter::append_quoted(std::string_view text) {
    text_ += '"';
    std::size_t written = 0;
    for (std::size_t i = 0; i < text.size(); ++i) {
        const auto c = static_cast<unsigned char>(text[i]);
        if (is_plain[c]) continue;
        text_ += text.substr(written, i - written);
        written = i + 1;
        if (c >= 0x20) {
            text_ += '\\';
            text_ += text[i];
        } else if (c == '\n') {
            text_ += "\\n";
        } else {
            text_ += "\\u00";
            append_hex(text_, c);
        }
    }
    text_ += text.substr(written);
    text_ += '"';
}

}  // namespace reprieve::api
