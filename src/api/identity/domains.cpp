#include "api/identity/directory_json.hpp"
#include "api/identity/identity_routes.hpp"
#include "base/ascii_case.hpp"
#include "base/error.hpp"

namespace reprieve::api {
namespace {

using http::BodyRule;
using http::Request;
using http::Response;

void list_domains(Context& context, const Caller&, Request& request, Response& response) {
    local_identity(context);
    const std::string address = base_url(context, request);
    const auto name = request.parameter("name");
    std::vector<std::string_view> domains;
    if (!name || equals_ignoring_case(*name, domain_name)) domains.push_back(domain_id);
    answer_list(response, request, address, "domains", domains,
                [&](JsonWriter& json, std::string_view) { write_domain(json, address); });
}

void show_domain(Context& context, const Caller&, Request& request, Response& response) {
    local_identity(context);
    if (request.captures[0] != domain_id)
        throw Error(ErrorKind::not_found, "there is one domain here, with the id 'default'");
    answer_one(response, "domain", [&](JsonWriter& json) { write_domain(json, base_url(context, request)); });
}

}  // namespace

void add_domain_routes(http::Router& router, Context& context) {
    router.add({"GET", "/v3/domains", BodyRule::ignore, for_caller(context, list_domains)});
    router.add({"GET", "/v3/domains/{id}", BodyRule::ignore, for_caller(context, show_domain)});
}

}  // namespace reprieve::api
