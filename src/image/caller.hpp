#pragma once

#include <string>
#include <vector>

namespace reprieve {

/// Who asks: a user, in the project that its token is for. Without authentication every caller is the admin of the
/// project "default", so that a later change to authentication finds owners.
struct Caller {
    std::string user = "admin";       ///< id of the user
    std::string user_name = "admin";  ///< for people: what deleted_by and the audit trail show
    std::string project = "default";  ///< id of the project; empty where the token is for none
    std::string address = "unix";     ///< where the request came from
    std::string request;              ///< id of the request, "req-<uuid>"

    // The roles, as Glance's secure RBAC reads them. Each of admin, member and reader has what the next one has.
    bool is_admin = true;     ///< all images of all projects
    bool is_member = true;    ///< writes the project's own
    bool is_reader = true;    ///< sees the project's own and what is shared with it
    bool is_service = false;  ///< Nova or Cinder beside a user (X-Service-Token): sees where the bytes are

    /// False for who signed in with an application credential that is restricted: it makes and deletes no others.
    bool may_make_credentials = true;
};

}  // namespace reprieve
