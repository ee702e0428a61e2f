#include "store/file/file_store.hpp"

#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <string_view>

#include "base/error.hpp"
#include "base/uuid.hpp"
#include "store/file/folder.hpp"

namespace reprieve::store {
namespace {

constexpr std::string_view scheme = "file:";
constexpr const char* partial_folder = ".partial";
constexpr std::uint64_t stat_block_bytes = 512;  // unit of st_blocks on every file system

[[noreturn]] void throw_missing() {
    throw Error(ErrorKind::not_found, "the image's data is not in the store: run 'reprieve check'");
}

/// Returns the image id in `uri`, which is also the file's name. It is a canonical UUID, so the name cannot lead out of
/// the folder.
std::string id_of(const std::string& uri) {
    if (!uri.starts_with(scheme) || !is_canonical_uuid(std::string_view(uri).substr(scheme.size())))
        throw Error(ErrorKind::not_found, "this is not the URI of an image in a file store");
    return uri.substr(scheme.size());
}

StoreFolders open_folders(const std::string& path) {
    StoreFolders folders;
    folders.images = open_folder(path);
    const int images = folders.images.get();
    if (::mkdirat(images, partial_folder, 0700) == 0) {
        // First start: the names of the new folders must survive a power cut, too.
        sync_to_disk(folders.images, "the folder " + path);
        const FileDescriptor parent(::openat(images, "..", O_RDONLY | O_DIRECTORY | O_CLOEXEC));
        if (parent) sync_to_disk(parent, "the folder above " + path);
    } else if (errno != EEXIST) {
        throw_errno("cannot create a folder in " + path, errno);
    }
    folders.partial = FileDescriptor(::openat(images, partial_folder, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC));
    if (!folders.partial) throw_errno("cannot open the folder .partial in " + path, errno);
    return folders;
}

std::uint64_t allocated_bytes(const struct stat& info) {
    return static_cast<std::uint64_t>(info.st_blocks) * stat_block_bytes;
}

/// Returns nullopt if there is no regular file of that name.
std::optional<struct stat> stat_file(int folder, const char* name) {
    struct stat info {};
    if (::fstatat(folder, name, &info, AT_SYMLINK_NOFOLLOW) != 0) {
        if (errno == ENOENT) return std::nullopt;
        throw_errno("cannot look at the image's data", errno);
    }
    if (!S_ISREG(info.st_mode)) return std::nullopt;
    return info;
}

struct FileHold final : Hold {
    FileHold(SpaceLedger& ledger, std::uint64_t size) : reservation(ledger) { reservation.add(size); }
    SpaceLedger::Reservation reservation;
};

class FileReader final : public Reader {
public:
    FileReader(FileDescriptor file, std::uint64_t size) : file_(std::move(file)), size_(size) {}

    std::uint64_t size() const override { return size_; }

    std::size_t read(std::uint64_t offset, std::span<std::byte> out) override {
        if (offset >= size_) return 0;
        out = out.first(static_cast<std::size_t>(std::min<std::uint64_t>(out.size(), size_ - offset)));
        std::size_t done = 0;
        while (done < out.size()) {
            const ssize_t result =
                ::pread(file_.get(), out.data() + done, out.size() - done, static_cast<off_t>(offset + done));
            if (result < 0) {
                if (errno == EINTR) continue;
                throw_errno("cannot read the image", errno);
            }
            if (result == 0) throw Error(ErrorKind::internal, "the image's data became shorter: run 'reprieve check'");
            done += static_cast<std::size_t>(result);
        }
        return done;
    }

private:
    FileDescriptor file_;
    std::uint64_t size_;
};

}  // namespace

FileStore::FileStore(const std::string& folder, std::uint64_t reserve_bytes, std::shared_ptr<Promises> promises)
    : path_(folder),
      folders_(open_folders(folder)),
      ledger_([fd = folders_.images.get()] { return disk_space(fd, "of the store"); }, reserve_bytes,
              std::move(promises)) {}

std::string FileStore::public_url(const std::string& uri) const { return "file://" + path_ + "/" + id_of(uri); }

std::string FileStore::uri_for(const std::string& image_id) const {
    if (!is_canonical_uuid(image_id)) throw Error(ErrorKind::bad_request, "an image's id is a canonical UUID");
    return std::string(scheme) + image_id;
}

std::unique_ptr<Writer> FileStore::create(const std::string& uri, std::optional<std::uint64_t> size) {
    return std::make_unique<FileWriter>(folders_, ledger_, id_of(uri), size);
}

std::unique_ptr<Hold> FileStore::hold(std::uint64_t size) { return std::make_unique<FileHold>(ledger_, size); }

std::unique_ptr<Reader> FileStore::open(const std::string& uri) {
    // O_NONBLOCK, because otherwise the open of a named pipe would block the thread.
    FileDescriptor file(
        ::openat(folders_.images.get(), id_of(uri).c_str(), O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC));
    if (!file) {
        if (errno == ENOENT || errno == ELOOP || errno == ENXIO) throw_missing();
        if (errno == EMFILE || errno == ENFILE)
            throw Error(ErrorKind::unavailable, "too many files are open: try again later");
        throw_errno("cannot open the image's data", errno);
    }
    struct stat info {};
    if (::fstat(file.get(), &info) != 0) throw_errno("cannot open the image's data", errno);
    if (!S_ISREG(info.st_mode)) throw_missing();
    // This doubles the kernel's read-ahead. Leave the pages in the cache, because most images are fetched more than
    // once.
    ::posix_fadvise(file.get(), 0, 0, POSIX_FADV_SEQUENTIAL);
    return std::make_unique<FileReader>(std::move(file), static_cast<std::uint64_t>(info.st_size));
}

std::optional<std::uint64_t> FileStore::remove(const std::string& uri) {
    const auto freed = remove_unflushed(uri);
    // Flush even if there was no file, because an earlier unlink may not have reached the disk.
    flush_removals();
    return freed;
}

std::optional<std::uint64_t> FileStore::remove_unflushed(const std::string& uri) {
    const std::string id = id_of(uri);
    const auto info = stat_file(folders_.images.get(), id.c_str());
    if (!info) return std::nullopt;
    if (::unlinkat(folders_.images.get(), id.c_str(), 0) != 0) {
        if (errno == ENOENT) return std::nullopt;
        throw_errno("cannot remove the image's data", errno);
    }
    ++removals_;
    return allocated_bytes(*info);
}

void FileStore::flush_removals() {
    const MutexLock lock(flush_mutex_);
    const std::uint64_t removals = removals_;
    // The thread that held the lock before may have flushed these removals, too.
    if (removals == flushed_removals_) return;
    sync_to_disk(folders_.images, "the removal of images");
    flushed_removals_ = removals;
}

StoredObject FileStore::stat(const std::string& uri) {
    const auto info = stat_file(folders_.images.get(), id_of(uri).c_str());
    if (!info) throw_missing();
    return {uri, id_of(uri), static_cast<std::uint64_t>(info->st_size), allocated_bytes(*info), false};
}

void FileStore::list(const std::function<void(const StoredObject&)>& visit) {
    const auto report = [&](int folder, const char* name, const std::string& uri, bool is_temporary) {
        const auto info = stat_file(folder, name);
        if (info)
            visit({uri, is_temporary ? "" : name, static_cast<std::uint64_t>(info->st_size), allocated_bytes(*info),
                   is_temporary});
    };
    for_each_name(folders_.images.get(), "the store", [&](const char* name) {
        if (is_canonical_uuid(name)) report(folders_.images.get(), name, uri_for(name), false);
    });
    for_each_name(folders_.partial.get(), "the store", [&](const char* name) {
        report(folders_.partial.get(), name, std::string(scheme) + partial_folder + "/" + name, true);
    });
}

std::size_t FileStore::remove_temporary() {
    std::size_t count = 0;
    const int folder = folders_.partial.get();
    for_each_name(folder, "the store", [&](const char* name) {
        if (!stat_file(folder, name)) return;
        const FileDescriptor file(::openat(folder, name, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC));
        // If the file is locked, another process shares the folder and is writing this file.
        if (file && ::flock(file.get(), LOCK_EX | LOCK_NB) != 0 && errno == EWOULDBLOCK) return;
        if (::unlinkat(folder, name, 0) == 0) ++count;
    });
    if (count > 0) sync_to_disk(folders_.partial, "the removal of unfinished uploads");
    return count;
}

Space FileStore::space() { return ledger_.space(); }

}  // namespace reprieve::store
