#include <iostream>

#include "base/clock.hpp"
#include "base/error.hpp"
#include "base/percent_encoding.hpp"
#include "base/quantity.hpp"
#include "base/timestamp.hpp"
#include "cli/commands.hpp"
#include "cli/console.hpp"
#include "cli/directory_calls.hpp"

namespace reprieve::cli {
namespace {

using nlohmann::json;

std::string credentials_path(const std::string& user_id) {
    return "/v3/users/" + percent_encode(user_id) + "/application_credentials";
}

/// Returns the application credentials of the user `of_user`, or of all users if `of_user` is empty. Adds "user_name"
/// to each credential.
std::vector<json> credentials(AdminConnection& appliance, const std::string& of_user) {
    const json users = of_user.empty() ? all_users(appliance) : json::array({find_user(appliance, of_user)});
    std::vector<json> found;
    for (const json& user : users) {
        const auto reply = appliance.request("GET", credentials_path(text_of(user, "id")));
        for (json one : reply.body.at("application_credentials")) {
            one["user_name"] = user.at("name");
            found.push_back(std::move(one));
        }
    }
    return found;
}

std::string roles_of(const json& credential) {
    std::string roles;
    for (const json& role : credential.at("roles")) roles += (roles.empty() ? "" : ", ") + text_of(role, "id");
    return roles;
}

/// Asks the appliance for the URL at which clients sign in. Returns the URL without a slash at the end.
std::string auth_url(AdminConnection& appliance) {
    std::string url = text_of(appliance.request("GET", "/v3").body.at("version").at("links").at(0), "href");
    while (url.ends_with('/')) url.pop_back();
    return url;
}

/// Returns the line for clouds.yaml that makes a client trust the certificate that `reprieve tls init` has made.
/// Returns an empty text if the configuration does not use that certificate.
std::string trust_line(const Options& options) {
    const Config config = load(options);
    const std::string own = own_certificate(options, config).certificate;
    if (config.server.tls_certificate != own) return "";
    return "    cacert: " + own + "  # elsewhere: the path of a copy\n";
}

void print_new(const json& credential, const std::string& auth_url, const std::string& trust) {
    std::cout << "id:      " << text_of(credential, "id") << "\nsecret:  " << text_of(credential, "secret")
              << "\n\nThe secret is shown only once. In clouds.yaml, for 'openstack --os-cloud reprieve …':\n\n"
              << "clouds:\n  reprieve:\n    auth_type: v3applicationcredential\n    auth:\n      auth_url: " << auth_url
              << "\n      application_credential_id: " << text_of(credential, "id")
              << "\n      application_credential_secret: " << text_of(credential, "secret") << '\n'
              << trust;
}

}  // namespace

int token_create(const Options& options, const TokenOptions& asked) {
    json fields{{"name", asked.name}, {"roles", json::array()}};
    for (const std::string& role : asked.roles) fields["roles"].push_back({{"id", role}});
    if (!asked.expires.empty())
        fields["expires_at"] = format_timestamp(SystemClock().now_us() + parse_duration_us(asked.expires));
    AdminConnection appliance(options);
    const json user = find_user(appliance, asked.user);
    fields["project_id"] = text_of(find_project(appliance, asked.project), "id");
    if (asked.name.empty()) fields["name"] = "token-" + format_timestamp_micros(SystemClock().now_us());
    const json made =
        appliance
            .request("POST", credentials_path(text_of(user, "id")), json{{"application_credential", fields}}.dump())
            .body.at("application_credential");
    if (options.json)
        std::cout << made.dump(2) << '\n';
    else
        print_new(made, auth_url(appliance), trust_line(options));
    return 0;
}

int token_list(const Options& options, const TokenOptions& asked) {
    AdminConnection appliance(options);
    const auto found = credentials(appliance, asked.user);
    if (options.json) {
        std::cout << json{{"application_credentials", found}}.dump(2) << '\n';
        return 0;
    }
    if (found.empty()) {
        std::cout << "No tokens for robots.\n";
        return 0;
    }
    std::vector<std::vector<std::string>> rows;
    rows.reserve(found.size());
    for (const json& one : found)
        rows.push_back({text_of(one, "id"), text_of(one, "name"), text_of(one, "user_name"), text_of(one, "project_id"),
                        roles_of(one), one.at("expires_at").is_null() ? "never" : text_of(one, "expires_at")});
    print_table({"ID", "NAME", "USER", "PROJECT", "ROLES", "EXPIRES"}, rows);
    return 0;
}

int token_delete(const Options& options, const TokenOptions& asked) {
    if (asked.name.empty()) throw Error(ErrorKind::bad_request, "the TOKEN is empty: give an id or a name");
    AdminConnection appliance(options);
    std::vector<json> named;
    for (const json& one : credentials(appliance, asked.user)) {
        if (text_of(one, "id") == asked.name) {
            named = {one};
            break;
        }
        if (text_of(one, "name") == asked.name) named.push_back(one);
    }
    if (named.empty())
        throw Error(ErrorKind::not_found,
                    "there is no token '" + asked.name + "': 'reprieve token list' shows the existing ones");
    if (named.size() > 1)
        throw Error(ErrorKind::conflict, std::to_string(named.size()) + " tokens are called '" + asked.name +
                                             "': name one by its id, or its user with --user");
    const json& token = named.front();
    const std::string label = printable(text_of(token, "name")) + " (" + text_of(token, "id") + ")";
    if (!may_go_on(options, "Delete the token " + label + "? Programs that use it lose access at once.")) return 1;
    appliance.request("DELETE", credentials_path(text_of(token, "user_id")) + "/" + text_of(token, "id"));
    if (options.json)
        std::cout << token.dump(2) << '\n';
    else
        std::cout << "deleted " << label << '\n';
    return 0;
}

}  // namespace reprieve::cli
