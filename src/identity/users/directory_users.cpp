#include "base/error.hpp"
#include "base/joined.hpp"
#include "catalog/identity/token_table.hpp"
#include "catalog/operation/event_table.hpp"
#include "identity/users/directory.hpp"
#include "identity/users/directory_rules.hpp"
#include "identity/users/first_sign_in.hpp"
#include "identity/users/names.hpp"

namespace reprieve::identity {
namespace {

void require_free_user_name(catalog::Connection& db, const std::string& name) {
    if (!catalog::list_users(db, name).empty())
        throw Error(ErrorKind::conflict, "there is a user '" + name + "' already");
}

/// Throws in_use if `user` is the last user of a project that owns images: nobody could reach these images any more.
void require_no_lonely_images(catalog::Connection& db, const User& user) {
    std::string checked;
    for (const Assignment& own : catalog::list_assignments(db, user.id, std::nullopt)) {
        if (own.project == checked) continue;
        checked = own.project;
        bool is_alone = true;
        for (const Assignment& other : catalog::list_assignments(db, std::nullopt, own.project))
            is_alone = is_alone && other.user == user.id;
        if (is_alone)
            require_no_images(db, require_project(db, own.project),
                              "'" + user.name + "' is its last user: give another one a role in it first");
    }
}

/// Returns the text of a change for the audit trail; never the password itself.
std::string text_of(const UserChange& change) {
    std::vector<std::string> changed;
    if (change.name) changed.push_back("name: " + *change.name);
    if (change.password) changed.emplace_back("password");
    if (change.is_enabled) changed.emplace_back(*change.is_enabled ? "enabled" : "disabled");
    if (change.description) changed.emplace_back("description");
    if (change.default_project) changed.emplace_back("default project");
    return joined(changed, ", ");
}

}  // namespace

User Directory::create_user(const Caller& by, const std::string& name, const std::optional<std::string>& password,
                            const std::optional<std::string>& default_project, const std::string& description,
                            bool is_enabled) {
    check_name("user", name);
    check_description(description);
    const std::string stored = password ? passwords_.hash(*password) : "";
    User user{new_id(), name, description, is_enabled, default_project, clock_.now_us(), password.has_value()};
    catalog_.write([&](catalog::Connection& db) {
        require_free_user_name(db, name);
        if (default_project) require_project(db, *default_project);
        catalog::insert_user(db, user);
        if (password) catalog::set_password(db, user.id, stored);
        catalog::record_event(db, done_by(by, user.created_at, "user.create", user.id, {}, name));
    });
    return user;
}

User Directory::user(std::string_view id) {
    return catalog_.read([&](catalog::Connection& db) { return require_user(db, id); });
}

std::vector<User> Directory::users(const std::optional<std::string>& name) {
    return catalog_.read([&](catalog::Connection& db) { return catalog::list_users(db, name); });
}

User Directory::update_user(const Caller& by, std::string_view id, const UserChange& change) {
    if (change.name) check_name("user", *change.name);
    if (change.description) check_description(*change.description);
    const std::string stored = change.password ? passwords_.hash(*change.password) : "";
    User user;
    catalog_.write([&](catalog::Connection& db) {
        user = require_user(db, id);
        if (change.name && *change.name != user.name) require_free_user_name(db, *change.name);
        if (change.default_project && !change.default_project->empty()) require_project(db, *change.default_project);
        user.name = change.name.value_or(user.name);
        user.description = change.description.value_or(user.description);
        user.is_enabled = change.is_enabled.value_or(user.is_enabled);
        if (change.default_project)
            user.default_project = change.default_project->empty() ? std::nullopt : change.default_project;
        catalog::update_user(db, user);
        if (change.over_stored && *change.over_stored != catalog::password_of(db, id))
            throw Error(ErrorKind::conflict, "somebody has changed the password meanwhile; sign in again");
        if (change.password) catalog::set_password(db, id, stored);
        if (change.password || !user.is_enabled) catalog::delete_tokens_of_user(db, id);
        require_some_admin(db);
        catalog::record_event(db, done_by(by, clock_.now_us(), "user.update", user.id, {}, text_of(change)));
    });
    user.has_password = user.has_password || change.password;
    if (change.password && first_sign_in_ != nullptr) first_sign_in_->end_if_unneeded();
    return user;
}

void Directory::delete_user(const Caller& by, std::string_view id) {
    catalog_.write([&](catalog::Connection& db) {
        const User user = require_user(db, id);
        require_no_lonely_images(db, user);
        catalog::delete_user(db, id);
        require_some_admin(db);
        catalog::record_event(db, done_by(by, clock_.now_us(), "user.delete", user.id, {}, user.name));
    });
}

}  // namespace reprieve::identity
