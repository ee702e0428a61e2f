#pragma once

#include <string>

namespace reprieve {

/// Who asks. Without authentication every caller is the admin of the project "default", so that a later
/// change to authentication finds owners.
struct Caller {
    std::string user = "admin";
    std::string project = "default";
    bool is_admin = true;
};

}  // namespace reprieve
