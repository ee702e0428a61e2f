#pragma once

#include <string>
#include <string_view>

#include "api/json_writer.hpp"
#include "identity/users/directory.hpp"

namespace reprieve::api {

/// The one domain, which clients of Keystone expect there to be.
inline constexpr std::string_view domain_id = "default";
inline constexpr std::string_view domain_name = "Default";

// What the Identity API v3 shows, as Keystone writes it, so that clients find every field that they look for. `address`
// is where clients reach this appliance, without a slash at the end.

void write_user(JsonWriter& json, const identity::User& user, std::string_view address);
void write_project(JsonWriter& json, const identity::Project& project, std::string_view address);
void write_role(JsonWriter& json, std::string_view role, std::string_view address);
void write_domain(JsonWriter& json, std::string_view address);
/// `secret` is shown once, to who makes the credential; empty later.
void write_credential(JsonWriter& json, const identity::ApplicationCredential& credential, std::string_view address,
                      std::string_view secret = {});

/// {"id", "name"} of the one domain, for inside of others.
void write_domain_name(JsonWriter& json);

/// "links": {"self": address}.
void write_self_link(JsonWriter& json, const std::string& address);

}  // namespace reprieve::api
