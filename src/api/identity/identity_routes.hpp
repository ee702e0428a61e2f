#pragma once

#include <functional>
#include <string_view>

#include "api/json_writer.hpp"
#include "api/routes.hpp"
#include "image/access.hpp"

namespace reprieve::api {

// The tables of the Identity API v3, one for each file that is named after them.
void add_token_routes(http::Router& router, Context& context);
void add_user_routes(http::Router& router, Context& context);
void add_project_routes(http::Router& router, Context& context);
void add_role_routes(http::Router& router, Context& context);
void add_domain_routes(http::Router& router, Context& context);
void add_application_credential_routes(http::Router& router, Context& context);

/// The users of this appliance. Throws not_found, with where to ask, where a Keystone has them.
const LocalIdentity& local_identity(const Context& context);

/// Throws forbidden unless `user` is the id of the caller himself, or the caller an admin.
void require_self_or_admin(const Caller& caller, std::string_view user);

/// Answers {"<name>": <what `write` writes>}.
void answer_one(http::Response& response, std::string_view name, const std::function<void(JsonWriter&)>& write);

/// Answers {"<name>": […], "links": {…}}, with at most max_entries of `entries` and "truncated" where there are more;
/// `write` writes one.
inline constexpr std::size_t max_entries = 10'000;
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

/// What a list of users or projects is asked for by.
struct ListFilter {
    std::optional<std::string> name;
    std::optional<bool> is_enabled;
    bool is_of_another_domain = false;  ///< nothing is in it

    explicit ListFilter(const http::Request& request);
    bool admits(bool enabled) const { return !is_of_another_domain && is_enabled.value_or(enabled) == enabled; }
};

}  // namespace reprieve::api
