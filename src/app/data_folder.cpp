#include "app/data_folder.hpp"

#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstdlib>
#include <filesystem>

#include "base/error.hpp"
#include "base/log.hpp"
#include "base/unix_address.hpp"

namespace reprieve::app {
namespace {

std::string environment(const char* name) {
    const char* value = std::getenv(name);
    return value == nullptr ? "" : value;
}

/// Returns the absolute path without a slash at the end, because std::filesystem treats such a slash as an empty file
/// name inside the folder.
std::string absolute_path(const std::string& path) {
    const std::filesystem::path normal = std::filesystem::absolute(path).lexically_normal();
    return normal.has_filename() || !normal.has_relative_path() ? normal.string() : normal.parent_path().string();
}

void check_socket_path(const std::string& folder, const std::string& socket) {
    if (socket.size() <= max_unix_path_bytes) return;
    throw Error(ErrorKind::bad_request, "the path of the data folder " + folder +
                                            " is too long: its admin socket's path has " +
                                            std::to_string(socket.size()) + " bytes, and a Unix socket's can have " +
                                            std::to_string(max_unix_path_bytes) + "; choose a shorter one with --data");
}

/// Returns the holder of the lock for a message, such as "process 1234 (reprieve)". The holder has written this into
/// the file. Returns "another process" if the file does not say.
std::string owner_in(const FileDescriptor& lock) {
    std::array<char, 64> text{};
    const ssize_t size = ::pread(lock.get(), text.data(), text.size(), 0);
    std::string owner(text.data(), size > 0 ? static_cast<std::size_t>(size) : 0);
    owner.erase(std::min(owner.find('\n'), owner.size()));
    const std::size_t space = owner.find(' ');
    if (space == std::string::npos) return "another process";
    return "process " + owner.substr(0, space) + " (" + owner.substr(space + 1) + ")";
}

FileDescriptor take_lock(const std::string& folder) {
    const std::string file = folder + "/lock";
    FileDescriptor lock(::open(file.c_str(), O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600));
    if (!lock) throw_errno("cannot open " + file, errno);
    if (::flock(lock.get(), LOCK_EX | LOCK_NB) != 0) {
        if (errno != EWOULDBLOCK) throw_errno("cannot lock " + file, errno);
        throw Error(ErrorKind::unavailable, "the data folder " + folder + " is in use by " + owner_in(lock) +
                                                "; stop it first, or choose another with --data");
    }
    const std::string owner = std::to_string(::getpid()) + " reprieve\n";
    // The text in the file only tells people who holds the lock. On a full disk the appliance starts without the text,
    // so that images can be deleted.
    [[maybe_unused]] const bool written =
        ::ftruncate(lock.get(), 0) == 0 && ::pwrite(lock.get(), owner.data(), owner.size(), 0) > 0;
    return lock;
}

}  // namespace

std::string choose_data_folder(const std::string& argument, const std::string& configured) {
    if (!argument.empty()) return argument;
    if (!configured.empty()) return configured;
    const std::string state = environment("STATE_DIRECTORY");
    if (std::string first = state.substr(0, state.find(':')); !first.empty()) return first;
    if (const std::string data = environment("XDG_DATA_HOME"); data.starts_with('/')) return data + "/reprieve";
    if (const std::string home = environment("HOME"); !home.empty()) return home + "/.local/share/reprieve";
    throw Error(ErrorKind::bad_request,
                "there is no data folder: name one with --data DIR or with server.data in the configuration "
                "(STATE_DIRECTORY, XDG_DATA_HOME and HOME are not set)");
}

DataFolder::DataFolder(const std::string& path) : path_(absolute_path(path)) {
    check_socket_path(path_, admin_socket());
    const FileDescriptor folder = open_folder(path_);
    struct stat info {};
    if (::fstat(folder.get(), &info) == 0 && (info.st_mode & (S_IRWXG | S_IRWXO)) != 0)
        log_warning("data.folder_open", "other users of this machine can look into the data folder: chmod 0700 it",
                    {{"folder", path_}});
    lock_ = take_lock(path_);
}

}  // namespace reprieve::app
