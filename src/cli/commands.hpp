#pragma once

#include <optional>
#include <string>
#include <vector>

#include "cli/options.hpp"

namespace reprieve::cli {

/// The commands. Each prints for a person, or with --json what the appliance answered, returns the exit status, and
/// throws Error.
int serve(const Options& options);

int trash_list(const Options& options);
int trash_show(const Options& options, const std::string& image);
int trash_restore(const Options& options, const std::vector<std::string>& images);
int trash_purge(const Options& options, const std::vector<std::string>& images);
int trash_empty(const Options& options);

int scrub(const Options& options, bool dry_run);
int check(const Options& options, bool repair);

/// Stores where images are with the key in `new_key_file`, or without one where that is empty, on a stopped appliance.
int locations_rotate_key(const Options& options, const std::string& new_key_file);

/// Where `reprieve tls init` puts what it makes: files of a folder in the data folder, as absolute paths.
struct OwnCertificate {
    std::string folder, certificate, key;
};
OwnCertificate own_certificate(const Options& options, const Config& config);

/// Makes a self-signed certificate and its key in the data folder: for `hosts`, this machine's name, loopback and the
/// address that it listens on.
int tls_init(const Options& options, const std::vector<std::string>& hosts, int days);

/// What the commands about users take. Users and projects are named by name or id.
struct UserOptions {
    std::string name;
    std::optional<std::string> project, role, description, new_name;
    std::optional<bool> enabled;
    bool ask_password = false;
    bool password_from_stdin = false;
};
int user_create(const Options& options, const UserOptions& asked);
int user_list(const Options& options);
int user_show(const Options& options, const std::string& name);
int user_set(const Options& options, const UserOptions& asked);
int user_delete(const Options& options, const std::string& name);
int user_role(const Options& options, const UserOptions& asked, bool add);

struct ProjectOptions {
    std::string name;
    std::optional<std::string> description, new_name, heir;
    std::optional<bool> enabled;
};
int project_create(const Options& options, const ProjectOptions& asked);
int project_list(const Options& options);
int project_set(const Options& options, const ProjectOptions& asked);
int project_delete(const Options& options, const ProjectOptions& asked);

/// Tokens for robots: application credentials, in the words of the Identity API.
struct TokenOptions {
    std::string name;  ///< where one is deleted, its name or id
    std::string user;
    std::string project = "default";
    std::vector<std::string> roles;
    std::string expires;  ///< a duration; empty: never
};
int token_create(const Options& options, const TokenOptions& asked);
int token_list(const Options& options, const TokenOptions& asked);
int token_delete(const Options& options, const TokenOptions& asked);

int check_config(const Options& options);
int print_config(const Options& options);
int version(const Options& options);

}  // namespace reprieve::cli
