#include "identity/users/directory_rules.hpp"

#include "base/error.hpp"
#include "catalog/identity/role_table.hpp"

namespace reprieve::identity {

catalog::Project require_project(catalog::Connection& db, std::string_view id) {
    if (auto project = catalog::find_project(db, id)) return std::move(*project);
    throw Error(ErrorKind::not_found, "there is no project with id " + std::string(id));
}

catalog::User require_user(catalog::Connection& db, std::string_view id) {
    if (auto user = catalog::find_user(db, id)) return std::move(*user);
    throw Error(ErrorKind::not_found, "there is no user with id " + std::string(id));
}

void require_some_admin(catalog::Connection& db) {
    if (!catalog::has_admin(db))
        throw Error(ErrorKind::conflict, "no admin would be left; give the role admin to another user first");
}

void require_no_images(catalog::Connection& db, const catalog::Project& project, const std::string& what_to_do) {
    const auto owned = catalog::owned_images(db, project.id);
    if (owned.count == 0) return;
    throw Error(ErrorKind::in_use, "the project '" + project.name + "' owns " + std::to_string(owned.count) +
                                       (owned.count == 1 ? " image" : " images") + " with " +
                                       std::to_string(owned.bytes) + " bytes, recycle bin included; " + what_to_do);
}

}  // namespace reprieve::identity
