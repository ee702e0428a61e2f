#pragma once

#include <optional>
#include <string>
#include <vector>

#include "cli/options.hpp"

namespace reprieve::cli {

// Each function of this file runs one command, unless its comment says otherwise. It prints a text for people, or with
// --json the answer of the appliance as JSON. It returns the exit status, and throws Error if it fails.

/// Runs the appliance until a signal stops it.
int serve(const Options& options);

int trash_list(const Options& options);
int trash_show(const Options& options, const std::string& image);
int trash_restore(const Options& options, const std::vector<std::string>& images);
int trash_purge(const Options& options, const std::vector<std::string>& images);
int trash_empty(const Options& options);

int scrub(const Options& options, bool dry_run);
int check(const Options& options, bool repair);

/// Encrypts the locations of images in the catalog with the key in `new_key_file`. If `new_key_file` is empty, stores
/// the locations unencrypted. Throws unavailable if the appliance is running.
int locations_rotate_key(const Options& options, const std::string& new_key_file);

/// Absolute paths of the certificate and the key that `reprieve tls init` writes, and of the folder that holds both.
/// This folder is inside the data folder.
struct OwnCertificate {
    std::string folder, certificate, key;
};
/// Returns these paths, whether or not the files exist.
OwnCertificate own_certificate(const Options& options, const Config& config);

/// Creates a self-signed certificate and its key in the data folder. The certificate is valid for `days` days. Its
/// names are `hosts`, the name of this machine, the loopback names and addresses, and the address on which the
/// appliance listens. Throws conflict if one of the two files exists, unless --yes was given.
int tls_init(const Options& options, const std::vector<std::string>& hosts, int days);

/// Arguments of the commands about users. `name` is the name of the new user, or the name or id of an existing one.
/// `project` is a name or an id. user_set() changes only what has a value here.
struct UserOptions {
    std::string name;
    std::optional<std::string> project, role, description, new_name;
    std::optional<bool> enabled;
    bool ask_password = false;         ///< ask for the new password on the terminal
    bool password_from_stdin = false;  ///< the new password is the first line of standard input
};
int user_create(const Options& options, const UserOptions& asked);
int user_list(const Options& options);
int user_show(const Options& options, const std::string& name);
int user_set(const Options& options, const UserOptions& asked);
int user_delete(const Options& options, const std::string& name);
/// Gives the user a role in a project if `add` is true; otherwise takes the role away from the user.
int user_role(const Options& options, const UserOptions& asked, bool add);

/// Arguments of the commands about projects. project_set() changes only what has a value here.
struct ProjectOptions {
    std::string name;  ///< name of the new project; for an existing one: name or id
    std::optional<std::string> description, new_name, heir;  ///< heir: gets the images of a deleted project
    std::optional<bool> enabled;
};
int project_create(const Options& options, const ProjectOptions& asked);
int project_list(const Options& options);
int project_set(const Options& options, const ProjectOptions& asked);
int project_delete(const Options& options, const ProjectOptions& asked);

/// Arguments of the commands about tokens with which programs sign in. The Identity API calls such tokens application
/// credentials.
struct TokenOptions {
    std::string name;  ///< name of the new token; for an existing token: name or id
    std::string user;  ///< name or id of the user; for list and delete, empty means all users
    std::string project = "default";
    std::vector<std::string> roles;  ///< roles of the new token; empty: all roles that the user has in the project
    std::string expires;             ///< time until the new token expires, such as "30d"; empty: it never expires
};
int token_create(const Options& options, const TokenOptions& asked);
int token_list(const Options& options, const TokenOptions& asked);
int token_delete(const Options& options, const TokenOptions& asked);

int check_config(const Options& options);
int print_config(const Options& options);
int version(const Options& options);

}  // namespace reprieve::cli
