#pragma once

#include <string>
#include <vector>

namespace reprieve {

/// Returns `roles` with the roles that they include added: an admin is also a member, and a member is also a reader,
/// like the default roles of Keystone. A role that is present is not added again. `service` includes no other role.
std::vector<std::string> with_included(std::vector<std::string> roles);

}  // namespace reprieve
