#include "api/refusal.hpp"

#include "base/clock.hpp"
#include "service/operation/audit_trail.hpp"

#include <array>

namespace reprieve::api {
namespace {

struct RouteAction {
    std::string_view method, route, action;
};

constexpr std::array actions{
    RouteAction{"POST", "/v2/images", "image.create"},
    RouteAction{"PATCH", "/v2/images/{id}", "image.update"},
    RouteAction{"DELETE", "/v2/images/{id}", "image.delete"},
    RouteAction{"PUT", "/v2/images/{id}/file", "image.upload"},
    RouteAction{"GET", "/v2/images/{id}/file", "image.download"},
    RouteAction{"POST", "/v2/images/{id}/actions/deactivate", "image.deactivate"},
    RouteAction{"POST", "/v2/images/{id}/actions/reactivate", "image.reactivate"},
    RouteAction{"POST", "/api/uploads", "upload.create"},
    RouteAction{"PATCH", "/api/uploads/{id}", "upload.append"},
    RouteAction{"DELETE", "/api/uploads/{id}", "upload.end"},
    RouteAction{"PUT", "/v2/images/{id}/tags/{tag}", "image.add_tag"},
    RouteAction{"DELETE", "/v2/images/{id}/tags/{tag}", "image.remove_tag"},
    RouteAction{"POST", "/v2/images/{id}/members", "member.add"},
    RouteAction{"PUT", "/v2/images/{id}/members/{member}", "member.answer"},
    RouteAction{"DELETE", "/v2/images/{id}/members/{member}", "member.remove"},
    RouteAction{"DELETE", "/v2/stores/{store}/{id}", "image.remove_location"},
    RouteAction{"POST", "/api/trash/{id}/restore", "image.restore"},
    RouteAction{"DELETE", "/api/trash/{id}", "image.purge"},
    RouteAction{"POST", "/api/scrubber/run", "scrubber.run"},
    RouteAction{"POST", "/api/check", "check.start"},
    RouteAction{"POST", "/v3/auth/tokens", "token.create"},
    RouteAction{"DELETE", "/v3/auth/tokens", "token.revoke"},
    RouteAction{"POST", "/api/session", "token.create"},
    RouteAction{"PUT", "/api/session/password", "user.update"},
    RouteAction{"POST", "/v3/users/{id}/password", "user.update"},
    RouteAction{"POST", "/v3/users", "user.create"},
    RouteAction{"PATCH", "/v3/users/{id}", "user.update"},
    RouteAction{"DELETE", "/v3/users/{id}", "user.delete"},
    RouteAction{"POST", "/v3/projects", "project.create"},
    RouteAction{"PATCH", "/v3/projects/{id}", "project.update"},
    RouteAction{"DELETE", "/v3/projects/{id}", "project.delete"},
    RouteAction{"PUT", "/v3/projects/{project}/users/{user}/roles/{role}", "role.add"},
    RouteAction{"DELETE", "/v3/projects/{project}/users/{user}/roles/{role}", "role.remove"},
    RouteAction{"POST", "/v3/users/{user}/application_credentials", "credential.create"},
    RouteAction{"DELETE", "/v3/users/{user}/application_credentials/{id}", "credential.delete"},
};

std::string action_of(const http::Request& request) {
    for (const auto& known : actions)
        if (known.method == request.method && known.route == request.route) return std::string(known.action);
    return request.method + ' ' + std::string(request.route);
}

}  // namespace

Caller nobody(const http::Request& request) {
    return {.user = "",
            .user_name = "",
            .project = "",
            .address = request.peer,
            .request = request.id,
            .is_admin = false,
            .is_member = false,
            .is_reader = false};
}

void note_refusal(Context& context, const Caller& caller, const http::Request& request, const Error& error) {
    const bool is_denial = error.kind() == ErrorKind::unauthenticated || error.kind() == ErrorKind::forbidden ||
                           error.kind() == ErrorKind::not_found;
    if (request.method == "GET" && !(is_denial && request.route == "/v2/images/{id}/file")) return;
    std::string target;
    // The target is the first {…} of the route, except on the one route that names a store before the image.
    if (!request.captures.empty())
        target = request.route == "/v2/stores/{store}/{id}" ? request.captures.back() : request.captures.front();
    context.audit.note_refusal(refused_to(caller, context.clock.now_us(), action_of(request), target, error));
}

}  // namespace reprieve::api
