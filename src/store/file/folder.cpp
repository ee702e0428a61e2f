#include "store/file/folder.hpp"

#include <dirent.h>
#include <fcntl.h>
#include <sys/statvfs.h>
#include <unistd.h>

#include <cerrno>
#include <memory>

#include "base/error.hpp"

namespace reprieve::store {
namespace {

struct CloseFolder {
    void operator()(DIR* folder) const { ::closedir(folder); }
};

}  // namespace

Space disk_space(int folder, const std::string& what) {
    struct statvfs info {};
    if (::fstatvfs(folder, &info) != 0) throw_errno("cannot read the free space " + what, errno);
    return {info.f_blocks * info.f_frsize, info.f_bavail * info.f_frsize};
}

void for_each_name(int folder, const std::string& what, const std::function<void(const char*)>& visit) {
    // Open the folder again: a duplicate of the descriptor would share the position in the listing with other callers.
    const int fd = ::openat(folder, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (fd < 0) throw_errno("cannot list " + what, errno);
    const std::unique_ptr<DIR, CloseFolder> entries(::fdopendir(fd));
    if (!entries) {
        const int error_number = errno;
        ::close(fd);
        throw_errno("cannot list " + what, error_number);
    }
    for (;;) {
        errno = 0;
        const dirent* entry = ::readdir(entries.get());
        if (entry == nullptr) break;
        visit(entry->d_name);
    }
    if (errno != 0) throw_errno("cannot list " + what, errno);
}

}  // namespace reprieve::store
