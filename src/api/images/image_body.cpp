#include "api/images/image_body.hpp"

#include <nlohmann/json.hpp>

#include "api/images/location_body.hpp"
#include "base/error.hpp"

namespace reprieve::api {
namespace {

using nlohmann::json;
using Operation = AttributeChange::Operation;

[[noreturn]] void refuse_body(const std::string& message) { throw Error(ErrorKind::bad_request, message); }

// Limits on parsed JSON, which can take up to a hundred times the memory of its text. Even 1 MiB of brackets would take
// 30 MiB.
constexpr std::size_t max_values = 20'000;
constexpr int max_levels = 16;

json parse_json(const std::string& body) {
    std::size_t values = 0;
    const auto bound = [&](int level, json::parse_event_t event, const json&) {
        const bool begins = event == json::parse_event_t::object_start || event == json::parse_event_t::array_start ||
                            event == json::parse_event_t::value;
        if (level > max_levels || (begins && ++values > max_values))
            refuse_body("the body is not valid JSON for images: it has more than " + std::to_string(max_values) +
                        " values or " + std::to_string(max_levels) + " levels");
        return true;
    };
    try {
        return json::parse(body, bound);
    } catch (const json::exception& error) {
        const std::string text = error.what();
        const std::size_t where = text.find("line ");
        refuse_body(
            "the body is not valid JSON" +
            (where == std::string::npos ? "" : ": look at " + text.substr(where, text.find(':', where) - where)));
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

/// Target of a JSON pointer (RFC 6901): an attribute; or one entry of the attribute `locations` if `position` is not
/// empty.
struct Target {
    std::string attribute, position;
};

Target target_of(const std::string& pointer) {
    const auto is_bad = [&](const char* why) { refuse_body("Pointer `" + pointer + "` " + why); };
    if (pointer.empty() || pointer.front() != '/') is_bad("does not start with \"/\".");
    if (pointer.find("//") != std::string::npos) is_bad("contains adjacent \"/\".");
    if (pointer.size() > 1 && pointer.back() == '/') is_bad("ends with \"/\".");
    std::string name;
    for (std::size_t i = 1; i < pointer.size(); ++i) {
        if (pointer[i] == '/' && name == "locations" && pointer.find('/', i + 1) == std::string::npos)
            return {name, pointer.substr(i + 1)};
        if (pointer[i] == '/') refuse_body("Invalid JSON pointer for this resource: '" + pointer + "'");
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
    return {name, {}};
}

void read_target(const std::string& pointer, AttributeChange& change) {
    Target target = target_of(pointer);
    // Locations are added and removed one at a time, but replaced as a whole list.
    const bool needs_position = target.attribute == "locations" && change.operation != Operation::replace;
    if (target.position.empty() == needs_position)
        refuse_body("Invalid JSON pointer for this resource: '" + pointer + "'");
    change.attribute = std::move(target.attribute);
    change.position = std::move(target.position);
}

Operation operation_of(const std::string& name) {
    if (name == "add") return Operation::add;
    if (name == "replace") return Operation::replace;
    if (name == "remove") return Operation::remove;
    refuse_body("Operations must be one of add, replace, remove; not '" + name + "'");
}

const std::string& text_member(const json& step, const char* name) {
    const auto found = step.find(name);
    if (found == step.end() || !found->is_string())
        refuse_body("every operation of the patch needs a text '" + std::string(name) + "'");
    return found->get_ref<const std::string&>();
}

void read_v2_1(const json& step, AttributeChange& change) {
    change.operation = operation_of(text_member(step, "op"));
    read_target(text_member(step, "path"), change);
}

void read_v2_0(const json& step, AttributeChange& change) {
    int found = 0;
    for (const char* name : {"add", "replace", "remove"}) {
        if (!step.contains(name)) continue;
        ++found;
        change.operation = operation_of(name);
        read_target(text_member(step, name), change);
    }
    if (found != 1)
        refuse_body("Operation objects must contain only one member named \"add\", \"remove\", or \"replace\".");
}

}  // namespace

Image parse_new_image(const std::string& body) {
    const json document = parse_json(body);
    if (!document.is_object()) refuse_body("the body must be a JSON object");
    Image image;
    for (const auto& [name, value] : document.items()) set_new_attribute(image, name, to_value(value));
    return image;
}

std::vector<AttributeChange> parse_patch(const std::string& body, PatchForm form) {
    const json document = parse_json(body);
    if (!document.is_array()) refuse_body("Request body must be a JSON array of operation objects.");
    std::vector<AttributeChange> changes;
    for (const json& step : document) {
        if (!step.is_object()) refuse_body("Operations must be JSON objects.");
        AttributeChange& change = changes.emplace_back();
        if (form == PatchForm::v2_1)
            read_v2_1(step, change);
        else
            read_v2_0(step, change);
        if (change.operation == Operation::remove) continue;
        const auto value = step.find("value");
        if (value == step.end()) refuse_body("Operation \"add\" or \"replace\" requires a member named \"value\".");
        if (change.attribute == "locations")
            change.locations = parse_locations(*value, change.operation == Operation::replace);
        else
            change.value = to_value(*value);
    }
    return changes;
}

}  // namespace reprieve::api
