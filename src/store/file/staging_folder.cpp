#include "store/file/staging_folder.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <utility>

#include "base/error.hpp"
#include "base/uuid.hpp"
#include "store/file/folder.hpp"

namespace reprieve::store {
namespace {

const char* name_of(const std::string& id) {
    if (!is_canonical_uuid(id)) throw Error(ErrorKind::internal, "the id of an upload is a canonical UUID");
    return id.c_str();
}

[[noreturn]] void throw_staging_error(int error_number) {
    if (error_number == ENOSPC || error_number == EDQUOT)
        throw Error(ErrorKind::storage_full,
                    "the disk of the data folder ran full while the upload was written: purge the recycle bin, delete "
                    "images or add space");
    throw_errno("cannot write the upload", error_number);
}

}  // namespace

std::uint64_t StagedFile::size() const {
    struct stat info {};
    if (::fstat(file_.get(), &info) != 0) throw_errno("cannot look at the upload", errno);
    return static_cast<std::uint64_t>(info.st_size);
}

void StagedFile::write(std::uint64_t offset, std::span<const std::byte> bytes) {
    while (!bytes.empty()) {
        const ssize_t count = ::pwrite(file_.get(), bytes.data(), bytes.size(), static_cast<off_t>(offset));
        if (count < 0 && errno == EINTR) continue;
        if (count < 0) throw_staging_error(errno);
        bytes = bytes.subspan(static_cast<std::size_t>(count));
        offset += static_cast<std::uint64_t>(count);
    }
}

std::size_t StagedFile::read(std::uint64_t offset, std::span<std::byte> out) const {
    std::size_t done = 0;
    while (done < out.size()) {
        const ssize_t count =
            ::pread(file_.get(), out.data() + done, out.size() - done, static_cast<off_t>(offset + done));
        if (count < 0 && errno == EINTR) continue;
        if (count < 0) throw_errno("cannot read the upload", errno);
        if (count == 0) break;
        done += static_cast<std::size_t>(count);
    }
    return done;
}

void StagedFile::sync() {
    if (sync_error_ == 0 && ::fdatasync(file_.get()) != 0) sync_error_ = errno;
    if (sync_error_ != 0) throw_staging_error(sync_error_);
}

void StagedFile::truncate(std::uint64_t size) {
    if (::ftruncate(file_.get(), static_cast<off_t>(size)) != 0) throw_staging_error(errno);
}

StagingFolder::StagingFolder(const std::string& folder, std::uint64_t reserve_bytes, std::shared_ptr<Promises> promises)
    : folder_(open_folder(folder)),
      ledger_([fd = folder_.get()] { return disk_space(fd, "for uploads"); }, reserve_bytes, std::move(promises)) {
    // Sync the parent folder: if this folder is new, its name must survive a power cut, too.
    const FileDescriptor parent(::openat(folder_.get(), "..", O_RDONLY | O_DIRECTORY | O_CLOEXEC));
    if (parent) sync_to_disk(parent, "the folder above " + folder);
}

std::unique_ptr<SpaceLedger::Reservation> StagingFolder::reserve(std::uint64_t bytes) {
    auto reservation = std::make_unique<SpaceLedger::Reservation>(ledger_);
    reservation->add(bytes);
    return reservation;
}

void StagingFolder::create(const std::string& id) {
    const FileDescriptor file(
        ::openat(folder_.get(), name_of(id), O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600));
    if (!file) throw_staging_error(errno);
    // Only the name must be durable: there are no bytes yet.
    sync_to_disk(folder_, "a new upload");
}

StagedFile StagingFolder::open(const std::string& id) const {
    FileDescriptor file(::openat(folder_.get(), name_of(id), O_RDWR | O_NOFOLLOW | O_CLOEXEC));
    if (!file) {
        if (errno == ENOENT) throw Error(ErrorKind::not_found, "the bytes of the upload " + id + " are missing");
        if (errno == EMFILE || errno == ENFILE)
            throw Error(ErrorKind::unavailable, "too many files are open: try again later");
        throw_errno("cannot open the upload", errno);
    }
    return StagedFile(std::move(file));
}

void StagingFolder::remove(const std::string& id) {
    if (::unlinkat(folder_.get(), name_of(id), 0) != 0 && errno != ENOENT)
        throw_errno("cannot remove the upload", errno);
}

std::vector<std::string> StagingFolder::ids() const {
    std::vector<std::string> found;
    for_each_name(folder_.get(), "the uploads", [&](const char* name) {
        if (is_canonical_uuid(name)) found.emplace_back(name);
    });
    return found;
}

}  // namespace reprieve::store
