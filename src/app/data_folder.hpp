#pragma once

#include <string>

#include "base/file.hpp"

namespace reprieve::app {

/// Returns the data folder to use: `argument` (--data), else `configured` (server.data), else the first folder of
/// $STATE_DIRECTORY (systemd.exec(5)), else $XDG_DATA_HOME/reprieve, else $HOME/.local/share/reprieve. An empty text
/// counts as missing, and so does an $XDG_DATA_HOME that is not absolute, as the XDG Base Directory Specification says.
/// Throws bad_request if all are missing. Creates nothing.
std::string choose_data_folder(const std::string& argument, const std::string& configured);

/// The folder that holds everything an appliance stores. It is locked while this object lives: a second DataFolder for
/// the same folder is refused, in any process. The system releases the lock when the process ends, so a later process
/// with the same pid cannot be taken for the holder.
class DataFolder {
public:
    /// Creates the folder (mode 0700) and its parents if they are missing. Locks it, and writes the pid of this process
    /// into the file "lock" inside it. `path` may be relative.
    ///
    /// Throws unavailable if another process holds the lock; the message names the pid of that process. Throws
    /// bad_request if the path of the folder is too long for the path of the admin socket (a Unix socket in the
    /// folder). Throws internal or storage_full if the folder cannot be created or locked.
    explicit DataFolder(const std::string& path);

    /// Returns the absolute path, without a slash at the end.
    const std::string& path() const { return path_; }
    /// Returns the folder of catalog.db: the data folder itself.
    const std::string& catalog_folder() const { return path_; }
    /// Returns the path of the admin socket. It has at most 107 bytes, the limit of unix(7).
    std::string admin_socket() const { return admin_socket_in(path_); }

    /// Returns the folder that stages the bytes of resumable uploads; see store/file/staging_folder.hpp.
    std::string uploads_folder() const { return path_ + "/uploads"; }

    /// Returns the path of the file with the secret for the admin's first sign-in; see
    /// identity/users/first_sign_in.hpp.
    std::string first_sign_in() const { return path_ + "/first-sign-in"; }

    /// Returns the path of the admin socket in the data folder `path`. This process need not have locked that folder.
    /// Commands use the socket to talk to a running appliance.
    static std::string admin_socket_in(const std::string& path) { return path + "/admin.sock"; }

private:
    std::string path_;
    FileDescriptor lock_;
};

}  // namespace reprieve::app
