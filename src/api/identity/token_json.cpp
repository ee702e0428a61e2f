#include "api/identity/token_json.hpp"

#include "api/identity/directory_json.hpp"
#include "base/timestamp.hpp"

namespace reprieve::api {
namespace {

// The usual name of the only region of an installation. Clients that ask for a region ask for this one.
constexpr std::string_view region = "RegionOne";

void write_service(JsonWriter& json, const std::string& type, const std::string& url) {
    json.begin_object().field("id", type).field("type", type).field("name", "reprieve");
    json.key("endpoints").begin_array();
    for (const std::string_view interface : {"public", "internal", "admin"}) {
        std::string id = type;
        id.append("-").append(interface);
        json.begin_object()
            .field("id", id)
            .field("interface", interface)
            .field("region", region)
            .field("region_id", region)
            .field("url", url)
            .end_object();
    }
    json.end_array().end_object();
}

void write_named(JsonWriter& json, const identity::TokenFacts::Named& named, bool with_domain) {
    json.begin_object().field("id", named.id).field("name", named.name);
    if (with_domain) {
        json.key("domain");
        write_domain_name(json);
    }
}

}  // namespace

void write_catalog(JsonWriter& json, const std::string& address) {
    json.begin_array();
    write_service(json, "image", address);
    write_service(json, "identity", address + "/v3");
    json.end_array();
}

std::string token_document(const identity::TokenFacts& token, const std::string& address, bool with_catalog) {
    JsonWriter json;
    json.begin_object().key("token").begin_object();
    const auto write_texts = [&](std::string_view name, const std::vector<std::string>& texts) {
        json.key(name).begin_array();
        for (const std::string& text : texts) json.value(text);
        json.end_array();
    };
    write_texts("methods", token.methods);
    write_texts("audit_ids", token.audit_ids);
    json.field("issued_at", format_timestamp_micros(token.issued_at))
        .field("expires_at", format_timestamp_micros(token.expires_at));
    json.key("user");
    write_named(json, token.user, true);
    json.key("password_expires_at").null().end_object();
    if (token.project) {
        json.field("is_domain", false).key("project");
        write_named(json, *token.project, true);
        json.end_object().key("roles").begin_array();
        for (const auto& role : token.roles) {
            write_named(json, role, false);
            json.end_object();
        }
        json.end_array();
    }
    if (token.application_credential) {
        json.key("application_credential").begin_object().field("id", *token.application_credential);
        json.field("restricted", !token.may_make_credentials).end_object();
    }
    if (with_catalog && token.project) {
        json.key("catalog");
        write_catalog(json, address);
    }
    return json.end_object().end_object().take();
}

}  // namespace reprieve::api
