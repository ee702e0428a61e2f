#pragma once

#include <cstdint>
#include <string>

#include "base/file.hpp"

namespace reprieve::catalog {

/// Reserve file whose only use is the disk space that it takes. If something else fills the disk, deleting the file
/// frees enough space to record a delete in the catalog. Used by one thread at a time.
class Ballast {
public:
    /// Opens `folder`, creating it if it is missing, and then calls restore() for the file `reserve` in it. Throws
    /// internal if the folder cannot be opened.
    explicit Ballast(const std::string& folder);

    /// Deletes the file, which frees its space. Returns false if it cannot be deleted, for example because there is
    /// none.
    bool give_up();

    /// Creates the file if it is missing and the disk has room for twice its size. Otherwise does nothing. Never
    /// throws.
    void restore() noexcept;

    bool is_there() const { return is_there_; }

private:
    bool looks_whole() const;
    bool has_room() const;

    FileDescriptor folder_;
    bool is_there_ = false;
};

}  // namespace reprieve::catalog
