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

void replace_private_file(const FileDescriptor& folder, const std::string& name, std::string_view text,
                          const std::string& what) {
    const std::string partial = name + ".new";
    if (::unlinkat(folder.get(), partial.c_str(), 0) != 0 && errno != ENOENT)
        throw_errno("cannot write " + what, errno);
    const FileDescriptor file(::openat(folder.get(), partial.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600));
    if (!file) throw_errno("cannot write " + what, errno);
    try {
        while (!text.empty()) {
            const ssize_t count = ::write(file.get(), text.data(), text.size());
            if (count < 0 && errno == EINTR) continue;
            if (count < 0) throw_errno("cannot write " + what, errno);
            text.remove_prefix(static_cast<std::size_t>(count));
        }
        sync_to_disk(file, what);
        if (::renameat(folder.get(), partial.c_str(), folder.get(), name.c_str()) != 0)
            throw_errno("cannot write " + what, errno);
    } catch (const Error&) {
        ::unlinkat(folder.get(), partial.c_str(), 0);
        throw;
    }
    sync_to_disk(folder, what);
}

void replace_private_file(const std::string& path, std::string_view text) {
    const std::filesystem::path file(path);
    replace_private_file(open_folder(file.parent_path().string()), file.filename().string(), text, path);
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
