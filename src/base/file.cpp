#include "base/file.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <filesystem>

#include "base/error.hpp"

namespace reprieve {

void FileDescriptor::reset() {
    if (fd_ >= 0) ::close(std::exchange(fd_, -1));
}

void sync_to_disk(const FileDescriptor& file, const std::string& what) {
    if (::fsync(file.get()) != 0) throw_errno("cannot make " + what + " durable", errno);
}

FileDescriptor open_folder(const std::string& path) {
    const std::filesystem::path folder(path);
    if (folder.has_parent_path() && !std::filesystem::exists(folder)) {
        std::error_code error;
        std::filesystem::create_directories(folder.parent_path(), error);
        if (error) throw_errno("cannot create the folder " + folder.parent_path().string(), error.value());
    }
    if (::mkdir(path.c_str(), 0700) != 0 && errno != EEXIST) throw_errno("cannot create the folder " + path, errno);
    FileDescriptor fd(::open(path.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
    if (!fd) throw_errno("cannot open the folder " + path, errno);
    return fd;
}

}  // namespace reprieve
