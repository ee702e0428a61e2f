#pragma once

#include <string>
#include <string_view>
#include <utility>

namespace reprieve {

/// Owner of a file descriptor, or of none. The destructor closes the descriptor.
class FileDescriptor {
public:
    FileDescriptor() = default;
    explicit FileDescriptor(int fd) : fd_(fd) {}
    FileDescriptor(FileDescriptor&& other) noexcept : fd_(std::exchange(other.fd_, -1)) {}
    FileDescriptor& operator=(FileDescriptor&& other) noexcept {
        std::swap(fd_, other.fd_);
        return *this;
    }
    ~FileDescriptor() { reset(); }

    int get() const { return fd_; }
    explicit operator bool() const { return fd_ >= 0; }

    /// Closes the descriptor now if it is open.
    void reset();

private:
    int fd_ = -1;
};

/// Writes the content of the file or folder to the disk (fsync), so that it survives a power cut. `what` is its name in
/// error messages. Throws internal or storage_full.
void sync_to_disk(const FileDescriptor& file, const std::string& what);

/// Writes `text` as the file `name` in `folder`, readable by its owner only (mode 0600). An existing file is replaced
/// atomically: after a crash either the old or the new file is there. The new file is durable on return. `what` is its
/// name in error messages. Throws internal or storage_full.
void replace_private_file(const FileDescriptor& folder, const std::string& name, std::string_view text,
                          const std::string& what);

/// Does the same for the file at `path`; error messages name the path. Creates the folder of the file as open_folder()
/// does if it is missing.
void replace_private_file(const std::string& path, std::string_view text);

/// Opens a folder, for calls such as openat(). Creates it (mode 0700) and its parents (mode by the umask) if they are
/// missing. Throws internal or storage_full with the path and the reason.
FileDescriptor open_folder(const std::string& path);

}  // namespace reprieve
