#pragma once

#include <string>
#include <string_view>

#include "api/json_writer.hpp"
#include "identity/users/directory.hpp"

namespace reprieve::api {

/// Id and name of the only domain. Clients of Keystone expect that a domain exists.
inline constexpr std::string_view domain_id = "default";
inline constexpr std::string_view domain_name = "Default";

// Writers of the objects of the Identity API v3. They write every field that Keystone writes, because clients look for
// them. `address` is the URL at which clients reach this appliance, without a slash at the end.

void write_user(JsonWriter& json, const identity::User& user, std::string_view address);
void write_project(JsonWriter& json, const identity::Project& project, std::string_view address);
void write_role(JsonWriter& json, std::string_view role, std::string_view address);
void write_domain(JsonWriter& json, std::string_view address);
/// Writes the credential, with the field "secret" unless `secret` is empty. Only the answer to the creation of a
/// credential contains the secret.
void write_credential(JsonWriter& json, const identity::ApplicationCredential& credential, std::string_view address,
                      std::string_view secret = {});

/// Writes {"id", "name"} of the only domain, as the value of a field of another object.
void write_domain_name(JsonWriter& json);

/// Writes the field "links": {"self": address}.
void write_self_link(JsonWriter& json, const std::string& address);

}  // namespace reprieve::api
