#include "api/json_body.hpp"

#include <algorithm>
#include <nlohmann/json.hpp>

#include "base/error.hpp"
#include "http/wire/message.hpp"

namespace reprieve::api {
namespace {

constexpr std::size_t max_bytes = 4096;  // enough for a body with one member

}  // namespace

bool read_flag(http::Request& request, std::size_t limit, const std::string& name) {
    const std::string body = http::read_body(request, std::min(limit, max_bytes));
    if (body.empty()) return false;
    const auto document = nlohmann::json::parse(body, nullptr, false);
    bool is_fine = document.is_object();
    for (const auto& [key, value] : document.items()) is_fine = is_fine && key == name && value.is_boolean();
    if (!is_fine) throw Error(ErrorKind::bad_request, "the body must be empty or {\"" + name + "\": true} or false");
    return document.value(name, false);
}

std::string read_text(http::Request& request, std::size_t limit, const std::string& name) {
    const auto document = nlohmann::json::parse(http::read_body(request, std::min(limit, max_bytes)), nullptr, false);
    const auto refuse = [&] {
        throw Error(ErrorKind::bad_request, "the body must be a JSON object with a text '" + name + "'");
    };
    if (!document.is_object()) refuse();
    const auto found = document.find(name);
    if (found == document.end() || !found->is_string() || found->get_ref<const std::string&>().empty()) refuse();
    return found->get<std::string>();
}

}  // namespace reprieve::api
