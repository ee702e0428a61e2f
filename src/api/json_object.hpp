#pragma once

#include <optional>
#include <string>
#include <utility>
#include <vector>

#include <nlohmann/json.hpp>

#include "http/wire/message.hpp"

namespace reprieve::api {

/// JSON object in the body of a request, read field by field. A field that is absent or null counts as missing. If a
/// field has another type than a function returns, the function throws bad_request with the path of the field.
class JsonObject {
public:
    /// Returns the object that is the whole body; an object without fields if the body is empty. Throws bad_request if
    /// the body is not a JSON object, or if `known` is not empty and the body has a field that is not in `known`.
    /// Throws too_large if the body is longer than 64 KiB.
    static JsonObject read_body(http::Request& request, const std::vector<std::string>& known = {});

    /// Returns the object in the field `name` of the body. In the Identity API that is the only field of a body. Throws
    /// bad_request if the body is not JSON or has no such object. read() also throws too_large for a body above 64 KiB.
    static JsonObject read(http::Request& request, const std::string& name);
    static JsonObject parse(const std::string& body, const std::string& name);

    /// Returns the value of the field; nullopt, or an empty list, if the field is missing.
    std::optional<std::string> text(const std::string& name) const;
    std::optional<bool> flag(const std::string& name) const;
    std::optional<JsonObject> object(const std::string& name) const;
    std::vector<std::string> texts(const std::string& name) const;
    std::vector<JsonObject> objects(const std::string& name) const;

    /// Returns the value of the field. Throws bad_request if it is missing.
    std::string required_text(const std::string& name) const;
    JsonObject required_object(const std::string& name) const;

    /// Returns true if the field has a value of any type, except an empty text, list or object.
    bool has(const std::string& name) const;
    /// Returns true if the field is a text that equals `value`.
    bool is(const std::string& name, const std::string& value) const;

private:
    JsonObject(nlohmann::json object, std::string path) : object_(std::move(object)), path_(std::move(path)) {}
    const nlohmann::json* find(const std::string& name) const;
    std::string path_of(const std::string& name) const { return path_.empty() ? name : path_ + "." + name; }
    [[noreturn]] void refuse(const std::string& name, const char* what) const;

    nlohmann::json object_;
    std::string path_;  ///< of the object in the body, for messages; empty if the object is the whole body
};

}  // namespace reprieve::api
