#include "catalog/engine/ballast.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <unistd.h>

namespace reprieve::catalog {

namespace {

constexpr const char* ballast_file = "reserve";

// Size of the reserve file. A full write-ahead log (2,000 pages of 4 KiB) takes 8 MiB, and copying it into the catalog
// can take as much again.
constexpr off_t ballast_bytes = 16 * 1024 * 1024;

}  // namespace

Ballast::Ballast(const std::string& folder) : folder_(open_folder(folder)), is_there_(looks_whole()) { restore(); }

bool Ballast::looks_whole() const {
    struct stat status {};
    return ::fstatat(folder_.get(), ballast_file, &status, AT_SYMLINK_NOFOLLOW) == 0 && S_ISREG(status.st_mode) &&
           status.st_size == ballast_bytes;
}

bool Ballast::has_room() const {
    struct statvfs status {};
    if (::fstatvfs(folder_.get(), &status) != 0) return false;
    return status.f_bavail >= 2 * static_cast<fsblkcnt_t>(ballast_bytes) / status.f_frsize;
}

bool Ballast::give_up() {
    is_there_ = false;
    return ::unlinkat(folder_.get(), ballast_file, 0) == 0;
}

void Ballast::restore() noexcept {
    if (is_there_ || !has_room()) return;
    const FileDescriptor file(
        ::openat(folder_.get(), ballast_file, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC | O_NOFOLLOW, 0600));
    if (!file) return;
    is_there_ = ::posix_fallocate(file.get(), 0, ballast_bytes) == 0;
    if (!is_there_) ::unlinkat(folder_.get(), ballast_file, 0);
}

}  // namespace reprieve::catalog
