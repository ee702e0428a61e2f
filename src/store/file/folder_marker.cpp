#include "store/file/folder_marker.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <filesystem>

#include "base/error.hpp"
#include "base/uuid.hpp"

namespace reprieve::store {
namespace {

constexpr const char* marker_name = ".reprieve-store";

/// Returns the first line of the file; empty if there is no such file.
std::string read_text(int folder, const char* name) {
    const FileDescriptor file(::openat(folder, name, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC));
    if (!file) {
        if (errno == ENOENT) return {};
        throw_errno("cannot open the marker of the store's folder", errno);
    }
    std::array<char, 64> text{};
    const ssize_t size = ::read(file.get(), text.data(), text.size());
    if (size < 0) throw_errno("cannot read the marker of the store's folder", errno);
    const std::string_view read(text.data(), static_cast<std::size_t>(size));
    return std::string(read.substr(0, read.find('\n')));
}

void write_text(const FileDescriptor& folder, const std::string& name, const std::string& text) {
    replace_private_file(folder, name, text + "\n", "the marker of the store's folder");
}

FileDescriptor open_known_folder(const std::string& folder, const std::string& known) {
    FileDescriptor images(::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
    if (!images) {
        if (errno == ENOENT || errno == ENOTDIR)
            throw Error(ErrorKind::unavailable, "its folder is missing: mount its disk");
        throw_errno("cannot open the folder " + folder, errno);
    }
    const std::string marker = read_text(images.get(), marker_name);
    if (marker.empty())
        throw Error(ErrorKind::unavailable,
                    std::string("its folder lacks the file ") + marker_name + ": mount its disk");
    if (marker != known)
        throw Error(ErrorKind::unavailable, "its folder is that of another store: mount the right disk");
    return images;
}

}  // namespace

FileDescriptor open_marked_folder(const std::string& folder, const std::string& record) {
    const std::filesystem::path path(record);
    const FileDescriptor records = open_folder(path.parent_path().string());
    const std::string known = read_text(records.get(), path.filename().c_str());
    if (!known.empty()) return open_known_folder(folder, known);
    FileDescriptor images = open_folder(folder);
    std::string marker = read_text(images.get(), marker_name);
    if (marker.empty()) write_text(images, marker_name, marker = new_uuid());
    write_text(records, path.filename().string(), marker);
    return images;
}

}  // namespace reprieve::store
