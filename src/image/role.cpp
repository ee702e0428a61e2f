#include "image/role.hpp"

#include <algorithm>

namespace reprieve {

std::vector<std::string> with_included(std::vector<std::string> roles) {
    const auto has = [&](const char* role) { return std::ranges::find(roles, role) != roles.end(); };
    if (has("admin") && !has("member")) roles.emplace_back("member");
    if (has("member") && !has("reader")) roles.emplace_back("reader");
    return roles;
}

}  // namespace reprieve
