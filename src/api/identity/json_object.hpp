#pragma once

#include <optional>
#include <string>
#include <vector>

#include <nlohmann/json.hpp>

#include "http/wire/message.hpp"

namespace reprieve::api {

/// An object in the body of a request to the Identity API, read field by field. What is absent or null is nothing; what
/// has another type than is asked for throws bad_request with the path of the field.
class JsonObject {
public:
    /// The object under `name`, the one field that bodies of the Identity API have. Throws bad_request for a body that
    /// has none, and too_large for one that is longer than any such body needs to be.
    static JsonObject read(http::Request& request, const std::string& name);
    static JsonObject parse(const std::string& body, const std::string& name);

    std::optional<std::string> text(const std::string& name) const;
    std::optional<bool> flag(const std::string& name) const;
    std::optional<JsonObject> object(const std::string& name) const;
    std::vector<std::string> texts(const std::string& name) const;
    std::vector<JsonObject> objects(const std::string& name) const;

    /// As text() and object(), and bad_request where there is none.
    std::string required_text(const std::string& name) const;
    JsonObject required_object(const std::string& name) const;

    /// True where the field has a value, of any type, that is not empty.
    bool has(const std::string& name) const;
    /// True where the field is this very text.
    bool is(const std::string& name, const std::string& value) const;

private:
    JsonObject(nlohmann::json object, std::string path) : object_(std::move(object)), path_(std::move(path)) {}
    const nlohmann::json* find(const std::string& name) const;
    [[noreturn]] void refuse(const std::string& name, const char* what) const;

    nlohmann::json object_;
    std::string path_;
};

}  // namespace reprieve::api
