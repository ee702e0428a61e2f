#pragma once

#include <functional>
#include <string_view>

#include "api/json_writer.hpp"
#include "api/routes.hpp"
#include "image/access.hpp"

namespace reprieve::api {

// Each function registers the routes of one source file of the Identity API v3: add_token_routes() registers those of
// tokens.cpp.
void add_token_routes(http::Router& router, Context& context);
void add_user_routes(http::Router& router, Context& context);
void add_project_routes(http::Router& router, Context& context);
void add_role_routes(http::Router& router, Context& context);
void add_domain_routes(http::Router& router, Context& context);
void add_application_credential_routes(http::Router& router, Context& context);

/// Returns the services that store the users of this appliance and sign them in. Throws not_found, with the address of
/// Keystone, if Keystone stores the users.
const LocalIdentity& local_identity(const Context& context);

/// Throws forbidden unless the caller has the id `user` or is an admin.
void require_self_or_admin(const Caller& caller, std::string_view user);

/// Answers with {"<name>": …}; `write` writes the value.
void answer_one(http::Response& response, std::string_view name, const std::function<void(JsonWriter&)>& write);

/// Maximum number of entries in one list.
inline constexpr std::size_t max_entries = 10'000;
/// Answers with {"<name>": […], "links": {…}}. The list has the first max_entries of `entries`, each written by
/// `write`. Adds "truncated": true if there are more entries.
template <typename Entries, typename Write>
void answer_list(http::Response& response, const http::Request& request, const std::string& address,
                 std::string_view name, const Entries& entries, Write write) {
    JsonWriter json;
    json.begin_object().key(name).begin_array();
    std::size_t written = 0;
    for (const auto& entry : entries) {
        if (written++ == max_entries) break;
        write(json, entry);
    }
    json.end_array().key("links").begin_object().field("self", address + request.path);
    json.key("previous").null().key("next").null().end_object();
    if (written > max_entries) json.field("truncated", true);
    response.body = json.end_object().take();
}

/// Filter of a list, from the query parameters name, domain_id and enabled. Throws bad_request for a bad `enabled`.
struct ListFilter {
    std::optional<std::string> name;
    std::optional<bool> is_enabled;
    bool is_of_another_domain = false;  ///< the query names another domain: no entry matches

    explicit ListFilter(const http::Request& request);
    /// Returns true if an entry with this `enabled` matches. Does not look at the name.
    bool admits(bool enabled) const { return !is_of_another_domain && is_enabled.value_or(enabled) == enabled; }
};

}  // namespace reprieve::api
