#include "api/image_body.hpp"

#include <nlohmann/json.hpp>

#include "base/error.hpp"

namespace reprieve::api {
namespace {

using nlohmann::json;
using Operation = AttributeChange::Operation;

[[noreturn]] void refuse(const std::string& message) { throw Error(ErrorKind::bad_request, message); }

json parse_json(const std::string& body) {
    try {
        return json::parse(body);
    } catch (const json::exception& error) {
        refuse("the body is not valid JSON: " + std::string(error.what()));
    }
}

AttributeValue to_value(const json& value) {
    if (value.is_null()) return nullptr;
    if (value.is_boolean()) return value.get<bool>();
    if (value.is_number_unsigned() && value.get<std::uint64_t>() > INT64_MAX) return OtherValue{};
    if (value.is_number_integer()) return value.get<std::int64_t>();
    if (value.is_string()) return value.get<std::string>();
    if (!value.is_array()) return OtherValue{};
    std::vector<std::string> texts;
    for (const json& item : value) {
        if (!item.is_string()) return OtherValue{};
        texts.push_back(item.get<std::string>());
    }
    return texts;
}

/// The one attribute that a JSON pointer names (RFC 6901).
std::string attribute_of(const std::string& pointer) {
    const auto is_bad = [&](const char* why) { refuse("Pointer `" + pointer + "` " + why); };
    if (pointer.empty() || pointer.front() != '/') is_bad("does not start with \"/\".");
    if (pointer.find("//") != std::string::npos) is_bad("contains adjacent \"/\".");
    if (pointer.size() > 1 && pointer.back() == '/') is_bad("ends with \"/\".");
    std::string name;
    for (std::size_t i = 1; i < pointer.size(); ++i) {
        if (pointer[i] == '/' && pointer.starts_with("/locations/")) return "locations";
        if (pointer[i] == '/') refuse("Invalid JSON pointer for this resource: '" + pointer + "'");
        if (pointer[i] != '~') {
            name += pointer[i];
            continue;
        }
        ++i;
        if (i == pointer.size() || (pointer[i] != '0' && pointer[i] != '1'))
            is_bad("contains \"~\" not part of a recognized escape sequence.");
        name += pointer[i] == '0' ? '~' : '/';
    }
    if (name.empty()) is_bad("names no attribute.");
    return name;
}

Operation operation_of(const std::string& name) {
    if (name == "add") return Operation::add;
    if (name == "replace") return Operation::replace;
    if (name == "remove") return Operation::remove;
    refuse("Operations must be one of add, replace, remove; not '" + name + "'");
}

const std::string& text_member(const json& step, const char* name) {
    const auto found = step.find(name);
    if (found == step.end() || !found->is_string())
        refuse("every operation of the patch needs a text '" + std::string(name) + "'");
    return found->get_ref<const std::string&>();
}

void read_v2_1(const json& step, AttributeChange& change) {
    change.operation = operation_of(text_member(step, "op"));
    change.attribute = attribute_of(text_member(step, "path"));
}

void read_v2_0(const json& step, AttributeChange& change) {
    int found = 0;
    for (const char* name : {"add", "replace", "remove"}) {
        if (!step.contains(name)) continue;
        ++found;
        change.operation = operation_of(name);
        change.attribute = attribute_of(text_member(step, name));
    }
    if (found != 1) refuse("Operation objects must contain only one member named \"add\", \"remove\", or \"replace\".");
}

}  // namespace

Image parse_new_image(const std::string& body) {
    const json document = parse_json(body);
    if (!document.is_object()) refuse("the body must be a JSON object");
    Image image;
    for (const auto& [name, value] : document.items()) set_new_attribute(image, name, to_value(value));
    return image;
}

std::vector<AttributeChange> parse_patch(const std::string& body, PatchForm form) {
    const json document = parse_json(body);
    if (!document.is_array()) refuse("Request body must be a JSON array of operation objects.");
    std::vector<AttributeChange> changes;
    for (const json& step : document) {
        if (!step.is_object()) refuse("Operations must be JSON objects.");
        AttributeChange& change = changes.emplace_back();
        if (form == PatchForm::v2_1)
            read_v2_1(step, change);
        else
            read_v2_0(step, change);
        if (change.operation == Operation::remove) continue;
        const auto value = step.find("value");
        if (value == step.end()) refuse("Operation \"add\" or \"replace\" requires a member named \"value\".");
        change.value = to_value(*value);
    }
    return changes;
}

}  // namespace reprieve::api
