#pragma once

#include <optional>
#include <string>
#include <vector>

#include "cli/options.hpp"

namespace reprieve::cli {

// The commands. Each prints a text for people, or with --json the answer of the appliance, and returns the exit status.
// All throw Error.

/// Runs the appliance until a signal stops it.
int serve(const Options& options);

int trash_list(const Options& options);
int trash_show(const Options& options, const std::string& image);
int trash_restore(const Options& options, const std::vector<std::string>& images);
int trash_purge(const Options& options, const std::vector<std::string>& images);
int trash_empty(const Options& options);

int scrub(const Options& options, bool dry_run);
int check(const Options& options, bool repair);

/// Encrypts the locations of images with the key in `new_key_file`, or stores them unencrypted if it is empty. Throws
/// unavailable if the appliance runs.
int locations_rotate_key(const Options& options, const std::string& new_key_file);

/// Absolute paths of the files that `reprieve tls init` writes, and of their folder in the data folder.
struct OwnCertificate {
    std::string folder, certificate, key;
};
/// Returns the paths, whether or not the files exist.
OwnCertificate own_certificate(const Options& options, const Config& config);

/// Creates a self-signed certificate and its key in the data folder, valid for `days`. It is for `hosts`, the name of
/// this machine, loopback, and the address on which the appliance listens. Throws conflict if one of the files exists,
/// unless --yes was given.
int tls_init(const Options& options, const std::vector<std::string>& hosts, int days);

/// Arguments of the commands about users. Users and projects are given by name or id. user_set() does not change what
/// is unset.
struct UserOptions {
    std::string name;
    std::optional<std::string> project, role, description, new_name;
    std::optional<bool> enabled;
    bool ask_password = false;         ///< on the terminal
    bool password_from_stdin = false;  ///< the first line of standard input
};
int user_create(const Options& options, const UserOptions& asked);
int user_list(const Options& options);
int user_show(const Options& options, const std::string& name);
int user_set(const Options& options, const UserOptions& asked);
int user_delete(const Options& options, const std::string& name);
/// Gives the user a role in a project if `add`; else takes the role away.
int user_role(const Options& options, const UserOptions& asked, bool add);

/// Arguments of the commands about projects. project_set() does not change what is unset.
struct ProjectOptions {
    std::string name;                                        ///< of a new project; else name or id
    std::optional<std::string> description, new_name, heir;  ///< heir: gets the images of a deleted project
    std::optional<bool> enabled;
};
int project_create(const Options& options, const ProjectOptions& asked);
int project_list(const Options& options);
int project_set(const Options& options, const ProjectOptions& asked);
int project_delete(const Options& options, const ProjectOptions& asked);

/// Arguments of the commands about tokens for robots. The Identity API calls such tokens application credentials.
struct TokenOptions {
    std::string name;  ///< of a new token; else name or id
    std::string user;  ///< name or id; for list and delete, empty means all users
    std::string project = "default";
    std::vector<std::string> roles;  ///< empty: all that the user has in the project
    std::string expires;             ///< a duration such as "30d"; empty: never
};
int token_create(const Options& options, const TokenOptions& asked);
int token_list(const Options& options, const TokenOptions& asked);
int token_delete(const Options& options, const TokenOptions& asked);

int check_config(const Options& options);
int print_config(const Options& options);
int version(const Options& options);

}  // namespace reprieve::cli
