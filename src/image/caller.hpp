#pragma once

#include <string>
#include <vector>

namespace reprieve {

/// The sender of a request: a user, and the project for which the user's token is valid. The default values describe
/// the admin in the project "default", who counts as the sender of every request if auth.mode is "none". In this way
/// images have an owner even then, which matters if authentication is turned on later.
struct Caller {
    std::string user = "admin";       ///< id of the user
    std::string user_name = "admin";  ///< name that deleted_by and the audit trail show
    std::string project = "default";  ///< id of the project; empty if the token is not for a project
    std::string address = "unix";     ///< IP address of the client; "unix" on the admin socket
    std::string request;              ///< id of the request, "req-<uuid>"

    // The roles of Glance's secure RBAC. An admin is also a member, and a member is also a reader.
    bool is_admin = true;     ///< may do everything with all images of all projects
    bool is_member = true;    ///< may change the project's images
    bool is_reader = true;    ///< may see the project's images and those shared with it
    bool is_service = false;  ///< a service such as Nova acts for the user (X-Service-Token); may see locations

    /// False if the user signed in with a restricted application credential: such a user cannot create or delete
    /// application credentials.
    bool may_make_credentials = true;
};

}  // namespace reprieve
