#pragma once

#include <string>

#include "base/file.hpp"

namespace reprieve::app {

/// Which data folder to use: `argument` (--data), else `configured` (server.data), else the first folder
/// of $STATE_DIRECTORY (systemd.exec(5)), else $XDG_DATA_HOME/reprieve, else $HOME/.local/share/reprieve.
/// Empty texts count as missing, and so does an $XDG_DATA_HOME that is not absolute, as its
/// specification says. Throws bad_request where all are missing. Creates nothing.
std::string choose_data_folder(const std::string& argument, const std::string& configured);

/// The folder that holds all that an appliance keeps, locked for this process for as long as this
/// object lives. Another DataFolder on it, in any process, is refused; a lock that a dead process left
/// behind is none, whoever has its pid now.
class DataFolder {
public:
    /// Creates the folder (mode 0700) and its parents where they are missing, locks it, and writes the
    /// pid into its file "lock". `path` may be relative. Throws unavailable, with the pid, where another
    /// process has it; bad_request where the path is too long for the socket in it; internal where the
    /// folder cannot be made or locked.
    explicit DataFolder(const std::string& path);

    /// Absolute, without a slash at the end.
    const std::string& path() const { return path_; }
    /// Where catalog.db lives: the data folder itself.
    const std::string& catalog_folder() const { return path_; }
    /// At most 107 bytes long: unix(7).
    std::string admin_socket() const { return admin_socket_in(path_); }

    /// Where the bytes of resumable uploads wait; see store/file/staging_folder.hpp.
    std::string uploads_folder() const { return path_ + "/uploads"; }

    /// Where the secret of the first sign-in waits for the admin; see identity/users/first_sign_in.hpp.
    std::string first_sign_in() const { return path_ + "/first-sign-in"; }

    /// The admin socket of a data folder that this process does not own, for the commands that talk to
    /// a running appliance.
    static std::string admin_socket_in(const std::string& path) { return path + "/admin.sock"; }

private:
    std::string path_;
    FileDescriptor lock_;
};

}  // namespace reprieve::app
