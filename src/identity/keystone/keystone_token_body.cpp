#include "identity/keystone/keystone_token_body.hpp"

#include <nlohmann/json.hpp>

#include "base/error.hpp"
#include "base/timestamp.hpp"

namespace reprieve::identity {
namespace {

using Json = nlohmann::json;

constexpr std::size_t max_text_bytes = 255;
constexpr std::size_t max_entries = 1000;

[[noreturn]] void refuse_answer(const std::string& what) {
    throw Error(ErrorKind::unavailable, "Keystone's answer about a token cannot be read: " + what);
}

const Json& member(const Json& object, const char* name) {
    const auto found = object.find(name);
    if (found == object.end()) refuse_answer(std::string("it has no ") + name);
    return *found;
}

std::string text(const Json& object, const char* name) {
    const Json& value = member(object, name);
    if (!value.is_string()) refuse_answer(std::string(name) + " is not a string");
    const auto& result = value.get_ref<const std::string&>();
    if (result.empty() || result.size() > max_text_bytes) refuse_answer(std::string(name) + " is empty or too long");
    return result;
}

TokenFacts::Named named(const Json& object) {
    if (!object.is_object()) refuse_answer("a user, project or role is not an object");
    return {text(object, "id"), text(object, "name")};
}

/// Returns the array `name` of the object; empty if it is missing or null.
Json list(const Json& object, const char* name) {
    const auto found = object.find(name);
    if (found == object.end() || found->is_null()) return Json::array();
    if (!found->is_array() || found->size() > max_entries) refuse_answer(std::string(name) + " is not a valid list");
    return *found;
}

std::vector<std::string> texts(const Json& object, const char* name) {
    std::vector<std::string> result;
    for (const Json& entry : list(object, name))
        if (entry.is_string()) result.push_back(entry.get<std::string>());
    return result;
}

std::int64_t time(const Json& object, const char* name) {
    const auto at = parse_timestamp(text(object, name));
    if (!at) refuse_answer(std::string(name) + " is not a time");
    return *at;
}

}  // namespace

TokenFacts parse_keystone_token(std::string_view body) {
    const Json document = Json::parse(body, nullptr, false);
    if (!document.is_object()) refuse_answer("it is not a JSON object");
    const Json& token = member(document, "token");
    if (!token.is_object()) refuse_answer("its token is not an object");
    TokenFacts facts;
    facts.user = named(member(token, "user"));
    facts.methods = texts(token, "methods");
    facts.audit_ids = texts(token, "audit_ids");
    facts.issued_at = time(token, "issued_at");
    facts.expires_at = time(token, "expires_at");
    if (const auto project = token.find("project"); project != token.end()) {
        facts.project = named(*project);
        for (const Json& role : list(token, "roles")) facts.roles.push_back(named(role));
    }
    if (const auto used = token.find("application_credential"); used != token.end() && used->is_object()) {
        facts.application_credential = text(*used, "id");
        const auto restricted = used->find("restricted");
        facts.may_make_credentials = restricted != used->end() && *restricted == false;
    }
    return facts;
}

}  // namespace reprieve::identity
