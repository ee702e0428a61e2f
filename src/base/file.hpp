#pragma once

#include <string>
#include <string_view>
#include <utility>

namespace reprieve {

/// Owns a file descriptor.
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

    /// Closes it now, where it is open.
    void reset();

private:
    int fd_ = -1;
};

/// Makes what is in the file or folder survive a power cut. Throws internal or storage_full.
void sync_to_disk(const FileDescriptor& file, const std::string& what);

/// Puts a whole file in the place of `name` in a folder, for its owner alone (mode 0600), whatever was there. It is
/// durable, and after a crash the old one or the new one is there. Throws internal or storage_full, with `what` it is.
void replace_private_file(const FileDescriptor& folder, const std::string& name, std::string_view text,
                          const std::string& what);

/// The same by its path, which errors then name.
void replace_private_file(const std::string& path, std::string_view text);

/// Opens a folder, for the calls that work below a descriptor, and creates it (mode 0700) and its
/// parents where they are missing. Throws internal with the path and the reason.
FileDescriptor open_folder(const std::string& path);

}  // namespace reprieve
