#include "api/json_body.hpp"

#include <nlohmann/json.hpp>

#include "base/error.hpp"
#include "http/server.hpp"

namespace reprieve::api {

bool read_flag(http::Request& request, std::size_t limit, const std::string& name) {
    const std::string body = http::read_body(request, limit);
    if (body.empty()) return false;
    const auto document = nlohmann::json::parse(body, nullptr, false);
    bool is_fine = document.is_object();
    for (const auto& [key, value] : document.items()) is_fine = is_fine && key == name && value.is_boolean();
    if (!is_fine) throw Error(ErrorKind::bad_request, "the body must be empty or {\"" + name + "\": true} or false");
    return document.value(name, false);
}

}  // namespace reprieve::api
