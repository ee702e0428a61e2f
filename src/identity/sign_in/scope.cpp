#include "identity/sign_in/scope.hpp"

#include <algorithm>

#include "base/error.hpp"

namespace reprieve::identity {
namespace {

std::optional<Project> find_project(catalog::Connection& db, const SignInRequest::Key& key) {
    if (key.id) return catalog::find_project(db, *key.id);
    if (!key.name) return std::nullopt;
    auto found = catalog::list_projects(db, *key.name);
    if (found.empty()) return std::nullopt;
    return std::move(found.front());
}

/// Sets the project and the roles of `facts` if the user has a role in the project; else returns false.
bool enter(catalog::Connection& db, const std::optional<Project>& project, TokenFacts& facts) {
    if (!project || !project->is_enabled) return false;
    const auto roles = catalog::roles_of(db, facts.user.id, project->id);
    if (roles.empty()) return false;
    facts.project = {project->id, project->name};
    facts.roles.clear();
    for (const std::string& role : roles) facts.roles.push_back({role, role});
    return true;
}

}  // namespace

std::optional<catalog::User> find_user(catalog::Connection& db, const SignInRequest::Key& key) {
    if (key.id) return catalog::find_user(db, *key.id);
    if (!key.name) return std::nullopt;
    auto found = catalog::list_users(db, *key.name);
    if (found.empty()) return std::nullopt;
    return std::move(found.front());
}

void choose_scope(catalog::Connection& db, const SignInRequest& request, const std::optional<std::string>& usual,
                  TokenFacts& facts) {
    facts.project.reset();
    facts.roles.clear();
    if (request.is_unscoped) return;
    if (request.project) {
        if (!enter(db, find_project(db, *request.project), facts))
            throw Error(ErrorKind::unauthenticated, "there is no such project, or the user has no role in it");
        return;
    }
    if (usual && enter(db, catalog::find_project(db, *usual), facts)) return;
    const auto user = catalog::find_user(db, facts.user.id);
    if (user && user->default_project && enter(db, catalog::find_project(db, *user->default_project), facts)) return;
    const auto projects = projects_with_role(db, facts.user.id);
    if (projects.size() == 1) enter(db, projects.front(), facts);
}

std::vector<Project> projects_with_role(catalog::Connection& db, std::string_view user) {
    std::vector<Project> projects;
    for (const Assignment& assignment : catalog::list_assignments(db, std::string(user), std::nullopt)) {
        const bool is_known = std::any_of(projects.begin(), projects.end(),
                                          [&](const Project& known) { return known.id == assignment.project; });
        if (is_known) continue;
        if (auto project = catalog::find_project(db, assignment.project); project && project->is_enabled)
            projects.push_back(std::move(*project));
    }
    std::sort(projects.begin(), projects.end(), [](const Project& a, const Project& b) { return a.name < b.name; });
    return projects;
}

}  // namespace reprieve::identity
