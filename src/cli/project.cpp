#include <iostream>

#include "base/error.hpp"
#include "base/percent_encoding.hpp"
#include "cli/commands.hpp"
#include "cli/console.hpp"
#include "cli/directory_calls.hpp"

namespace reprieve::cli {
namespace {

using nlohmann::json;

std::string path_of_project(const json& project) { return "/v3/projects/" + percent_encode(text_of(project, "id")); }

void report_project(const Options& options, const json& project, const std::string& done) {
    if (options.json)
        std::cout << project.dump(2) << '\n';
    else
        std::cout << done << ' ' << printable(text_of(project, "name")) << " (" << text_of(project, "id") << ")\n";
}

json fields_of(const ProjectOptions& asked) {
    json fields = json::object();
    if (asked.new_name) fields["name"] = *asked.new_name;
    if (asked.description) fields["description"] = *asked.description;
    if (asked.enabled) fields["enabled"] = *asked.enabled;
    return fields;
}

}  // namespace

int project_create(const Options& options, const ProjectOptions& asked) {
    AdminConnection appliance(options);
    json fields = fields_of(asked);
    fields["name"] = asked.name;
    report_project(options,
                   appliance.request("POST", "/v3/projects", json{{"project", fields}}.dump()).body.at("project"),
                   "created");
    return 0;
}

int project_list(const Options& options) {
    AdminConnection appliance(options);
    const json projects = all_projects(appliance);
    if (options.json) {
        std::cout << json{{"projects", projects}}.dump(2) << '\n';
        return 0;
    }
    std::vector<std::vector<std::string>> rows;
    for (const json& project : projects)
        rows.push_back({text_of(project, "id"), text_of(project, "name"), project.at("enabled") ? "yes" : "no",
                        text_of(project, "description")});
    print_table({"ID", "NAME", "ENABLED", "DESCRIPTION"}, rows);
    return 0;
}

int project_set(const Options& options, const ProjectOptions& asked) {
    const json fields = fields_of(asked);
    if (fields.empty()) throw Error(ErrorKind::bad_request, "say what to change: see 'reprieve project set --help'");
    AdminConnection appliance(options);
    const json project = find_project(appliance, asked.name);
    report_project(
        options,
        appliance.request("PATCH", path_of_project(project), json{{"project", fields}}.dump()).body.at("project"),
        "changed");
    return 0;
}

int project_delete(const Options& options, const ProjectOptions& asked) {
    AdminConnection appliance(options);
    const json project = find_project(appliance, asked.name);
    std::string path = path_of_project(project);
    std::string question = "Delete the project '" + printable(text_of(project, "name")) + "'";
    if (asked.heir) {
        const json heir = find_project(appliance, *asked.heir);
        path += "?heir=" + percent_encode(text_of(heir, "id"));
        question += " and give its images to '" + printable(text_of(heir, "name")) + "'";
    }
    if (!may_go_on(options, question + "?")) return 1;
    appliance.request("DELETE", path);
    report_project(options, project, "deleted");
    return 0;
}

}  // namespace reprieve::cli
