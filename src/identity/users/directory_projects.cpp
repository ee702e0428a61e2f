#include "base/error.hpp"
#include "base/joined.hpp"
#include "catalog/identity/token_table.hpp"
#include "catalog/operation/event_table.hpp"
#include "identity/users/directory.hpp"
#include "identity/users/directory_rules.hpp"
#include "identity/users/names.hpp"

namespace reprieve::identity {
namespace {

constexpr std::string_view lasting_project = "default";  // the project of every caller in the mode "none"

void require_free_project_name(catalog::Connection& db, const std::string& name) {
    if (!catalog::list_projects(db, name).empty())
        throw Error(ErrorKind::conflict, "there is a project '" + name + "' already");
}

std::string text_of(const ProjectChange& change) {
    std::vector<std::string> changed;
    if (change.name) changed.push_back("name: " + *change.name);
    if (change.is_enabled) changed.emplace_back(*change.is_enabled ? "enabled" : "disabled");
    if (change.description) changed.emplace_back("description");
    return joined(changed, ", ");
}

}  // namespace

Project Directory::create_project(const Caller& by, const std::string& name, const std::string& description,
                                  bool is_enabled) {
    check_name("project", name);
    check_description(description);
    Project project{new_id(), name, description, is_enabled, clock_.now_us()};
    catalog_.write([&](catalog::Connection& db) {
        require_free_project_name(db, name);
        catalog::insert_project(db, project);
        catalog::record_event(db, done_by(by, project.created_at, "project.create", project.id, {}, name));
    });
    return project;
}

Project Directory::project(std::string_view id) {
    return catalog_.read([&](catalog::Connection& db) { return require_project(db, id); });
}

std::vector<Project> Directory::projects(const std::optional<std::string>& name) {
    return catalog_.read([&](catalog::Connection& db) { return catalog::list_projects(db, name); });
}

Project Directory::update_project(const Caller& by, std::string_view id, const ProjectChange& change) {
    if (change.name) check_name("project", *change.name);
    if (change.description) check_description(*change.description);
    if (id == lasting_project && change.is_enabled == false)
        throw Error(ErrorKind::conflict, "the project 'default' cannot be disabled");
    return catalog_.write([&](catalog::Connection& db) {
        Project project = require_project(db, id);
        if (change.name && *change.name != project.name) require_free_project_name(db, *change.name);
        project.name = change.name.value_or(project.name);
        project.description = change.description.value_or(project.description);
        project.is_enabled = change.is_enabled.value_or(project.is_enabled);
        catalog::update_project(db, project);
        if (!project.is_enabled) catalog::delete_tokens_of_project(db, id);
        require_some_admin(db);
        catalog::record_event(db, done_by(by, clock_.now_us(), "project.update", project.id, {}, text_of(change)));
        return project;
    });
}

void Directory::delete_project(const Caller& by, std::string_view id, const std::optional<std::string>& heir) {
    if (id == lasting_project) throw Error(ErrorKind::conflict, "the project 'default' cannot be deleted");
    if (heir == id) throw Error(ErrorKind::bad_request, "a project cannot inherit its own images");
    catalog_.write([&](catalog::Connection& db) {
        const Project project = require_project(db, id);
        if (heir)
            catalog::give_images(db, id, require_project(db, *heir).id);
        else
            require_no_images(db, project, "delete them and empty its bin, or name a project that takes them over");
        catalog::delete_project(db, id);
        require_some_admin(db);
        catalog::record_event(db, done_by(by, clock_.now_us(), "project.delete", project.id, {},
                                          project.name + (heir ? ", its images went to " + *heir : "")));
    });
}

}  // namespace reprieve::identity
