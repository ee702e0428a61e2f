#pragma once

#include <string>
#include <vector>

namespace reprieve {

/// `roles` and what they include, each once: an admin is also a member, and a member also a reader, as with the default
/// roles of Keystone. `service` includes none.
std::vector<std::string> with_included(std::vector<std::string> roles);

}  // namespace reprieve
