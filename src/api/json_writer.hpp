#pragma once

#include <concepts>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace reprieve::api {

/// Writer that appends JSON to one string and builds no document in memory, because writing JSON takes most of the time
/// of a request for a list of images. It adds the commas. The caller must end each object and array that it has begun.
class JsonWriter {
public:
    /// Reserves enough memory for the JSON of one image.
    JsonWriter() { text_.reserve(2048); }

    JsonWriter& begin_object() { return open('{'); }
    JsonWriter& end_object() { return close('}'); }
    JsonWriter& begin_array() { return open('['); }
    JsonWriter& end_array() { return close(']'); }

    JsonWriter& key(std::string_view name);
    JsonWriter& value(std::string_view text);
    JsonWriter& value(const char* text) { return value(std::string_view(text)); }
    JsonWriter& value(bool flag) { return raw(flag ? "true" : "false"); }
    JsonWriter& null() { return raw("null"); }
    template <std::integral Number>
    JsonWriter& value(Number number) {
        return raw(std::to_string(number));
    }
    template <typename T>
    JsonWriter& value(const std::optional<T>& maybe) {
        return maybe ? value(*maybe) : null();
    }

    template <typename T>
    JsonWriter& field(std::string_view name, const T& content) {
        return key(name).value(content);
    }

    /// Writes `json` unchanged. Requires: it is one JSON value.
    JsonWriter& raw(std::string_view json);

    /// Returns the text. Requires: it is the last call.
    std::string take() { return std::move(text_); }

private:
    JsonWriter& open(char bracket);
    JsonWriter& close(char bracket);
    void separate();
    void append_quoted(std::string_view text);

    std::string text_;
    bool needs_comma_ = false;
};

}  // namespace reprieve::api
