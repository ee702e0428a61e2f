#include "api/json_object.hpp"

#include <algorithm>

#include "base/error.hpp"
#include "base/joined.hpp"
#include "http/wire/message.hpp"

namespace reprieve::api {
namespace {

using nlohmann::json;

// Clients send some of these bodies before they have signed in, so this limit is far below limits.request_body.
constexpr std::size_t max_body_bytes = 64 << 10;

}  // namespace

JsonObject JsonObject::read_body(http::Request& request, const std::vector<std::string>& known) {
    const std::string body = http::read_body(request, max_body_bytes);
    json document = body.empty() ? json::object() : json::parse(body, nullptr, false);
    bool is_fine = document.is_object();
    for (const auto& [name, value] : document.items())
        is_fine = is_fine && (known.empty() || std::find(known.begin(), known.end(), name) != known.end());
    // The message must not repeat the body, which may hold a password.
    if (!is_fine)
        throw Error(ErrorKind::bad_request,
                    known.empty() ? "the body must be a JSON object"
                                  : "the body must be a JSON object with no other fields than " + joined(known, ", "));
    return {std::move(document), ""};
}

JsonObject JsonObject::read(http::Request& request, const std::string& name) {
    return parse(http::read_body(request, max_body_bytes), name);
}

JsonObject JsonObject::parse(const std::string& body, const std::string& name) {
    json document = json::parse(body, nullptr, false);
    if (document.is_discarded()) throw Error(ErrorKind::bad_request, "the body is not valid JSON");
    if (!document.is_object() || !document.contains(name) || !document[name].is_object())
        throw Error(ErrorKind::bad_request, "the body must be {\"" + name + "\": {…}}");
    return {std::move(document[name]), name};
}

const json* JsonObject::find(const std::string& name) const {
    const auto found = object_.find(name);
    return found == object_.end() || found->is_null() ? nullptr : &*found;
}

void JsonObject::refuse(const std::string& name, const char* what) const {
    throw Error(ErrorKind::bad_request, "'" + path_of(name) + "' must be " + what);
}

std::optional<std::string> JsonObject::text(const std::string& name) const {
    const json* value = find(name);
    if (value == nullptr) return {};
    if (!value->is_string()) refuse(name, "a text");
    return value->get<std::string>();
}

std::optional<bool> JsonObject::flag(const std::string& name) const {
    const json* value = find(name);
    if (value == nullptr) return {};
    if (!value->is_boolean()) refuse(name, "true or false");
    return value->get<bool>();
}

std::optional<JsonObject> JsonObject::object(const std::string& name) const {
    const json* value = find(name);
    if (value == nullptr) return {};
    if (!value->is_object()) refuse(name, "an object");
    return JsonObject(*value, path_of(name));
}

std::vector<std::string> JsonObject::texts(const std::string& name) const {
    const json* value = find(name);
    if (value == nullptr) return {};
    if (!value->is_array()) refuse(name, "a list of texts");
    std::vector<std::string> texts;
    for (const json& item : *value) {
        if (!item.is_string()) refuse(name, "a list of texts");
        texts.push_back(item.get<std::string>());
    }
    return texts;
}

std::vector<JsonObject> JsonObject::objects(const std::string& name) const {
    const json* value = find(name);
    if (value == nullptr) return {};
    if (!value->is_array()) refuse(name, "a list of objects");
    std::vector<JsonObject> objects;
    for (const json& item : *value) {
        if (!item.is_object()) refuse(name, "a list of objects");
        objects.push_back(JsonObject(item, path_of(name)));
    }
    return objects;
}

std::string JsonObject::required_text(const std::string& name) const {
    auto value = text(name);
    if (!value) refuse(name, "a text, and is missing");
    return std::move(*value);
}

JsonObject JsonObject::required_object(const std::string& name) const {
    auto value = object(name);
    if (!value) refuse(name, "an object, and is missing");
    return std::move(*value);
}

bool JsonObject::has(const std::string& name) const {
    const json* value = find(name);
    return value != nullptr && !((value->is_structured() || value->is_string()) && value->empty());
}

bool JsonObject::is(const std::string& name, const std::string& value) const {
    const json* found = find(name);
    return found != nullptr && found->is_string() && found->get_ref<const std::string&>() == value;
}

}  // namespace reprieve::api
