#include "api/identity/directory_json.hpp"

#include "base/timestamp.hpp"

namespace reprieve::api {
namespace {

std::string at(std::string_view address, std::string_view path, std::string_view id) {
    return std::string(address) + "/v3/" + std::string(path) + "/" + std::string(id);
}

/// Writes an empty field "options". Keystone has options; this appliance has none.
void write_no_options(JsonWriter& json) { json.key("options").begin_object().end_object(); }

}  // namespace

void write_self_link(JsonWriter& json, const std::string& address) {
    json.key("links").begin_object().field("self", address).end_object();
}

void write_domain_name(JsonWriter& json) {
    json.begin_object().field("id", domain_id).field("name", domain_name).end_object();
}

void write_user(JsonWriter& json, const identity::User& user, std::string_view address) {
    json.begin_object()
        .field("id", user.id)
        .field("name", user.name)
        .field("description", user.description)
        .field("enabled", user.is_enabled)
        .field("domain_id", domain_id)
        .field("default_project_id", user.default_project);
    json.key("password_expires_at").null();
    write_no_options(json);
    write_self_link(json, at(address, "users", user.id));
    json.end_object();
}

void write_project(JsonWriter& json, const identity::Project& project, std::string_view address) {
    json.begin_object()
        .field("id", project.id)
        .field("name", project.name)
        .field("description", project.description)
        .field("enabled", project.is_enabled)
        .field("is_domain", false)
        .field("domain_id", domain_id)
        .field("parent_id", domain_id);
    json.key("tags").begin_array().end_array();
    write_no_options(json);
    write_self_link(json, at(address, "projects", project.id));
    json.end_object();
}

void write_role(JsonWriter& json, std::string_view role, std::string_view address) {
    json.begin_object().field("id", role).field("name", role);
    json.key("description").null().key("domain_id").null();
    write_no_options(json);
    write_self_link(json, at(address, "roles", role));
    json.end_object();
}

void write_domain(JsonWriter& json, std::string_view address) {
    json.begin_object()
        .field("id", domain_id)
        .field("name", domain_name)
        .field("description", "the users and projects of this appliance")
        .field("enabled", true);
    json.key("tags").begin_array().end_array();
    write_no_options(json);
    write_self_link(json, at(address, "domains", domain_id));
    json.end_object();
}

void write_credential(JsonWriter& json, const identity::ApplicationCredential& credential, std::string_view address,
                      std::string_view secret) {
    json.begin_object()
        .field("id", credential.id)
        .field("name", credential.name)
        .field("description", credential.description)
        .field("user_id", credential.user)
        .field("project_id", credential.project)
        .field("unrestricted", credential.is_unrestricted);
    json.key("expires_at");
    if (credential.expires_at)
        json.value(format_timestamp_micros(*credential.expires_at));
    else
        json.null();
    json.key("roles").begin_array();
    for (const std::string& role : credential.roles) {
        json.begin_object().field("id", role).field("name", role).key("domain_id").null().end_object();
    }
    json.end_array();
    if (!secret.empty()) json.field("secret", secret);
    write_self_link(json, at(address, "users/" + credential.user + "/application_credentials", credential.id));
    json.end_object();
}

}  // namespace reprieve::api
