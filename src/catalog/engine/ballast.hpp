#pragma once

#include <cstdint>
#include <string>

#include "base/file.hpp"

namespace reprieve::catalog {

/// Reserve file whose only use is the disk space that it takes. If other files fill the disk, deleting the reserve file
/// frees enough space to record in the catalog that an image is deleted. Use an object on one thread at a time.
class Ballast {
public:
    /// Opens `folder`, creating it if it is missing. Then calls restore(), which creates the file `reserve` in the
    /// folder. Throws internal if the folder cannot be opened.
    explicit Ballast(const std::string& folder);

    /// Deletes the reserve file, which frees its space. Returns false if the file cannot be deleted, for example
    /// because it does not exist.
    bool give_up();

    /// Creates the reserve file if it is missing and the disk has room for twice its size. Otherwise does nothing.
    /// Never throws.
    void restore() noexcept;

    bool is_there() const { return is_there_; }

private:
    bool looks_whole() const;
    bool has_room() const;

    FileDescriptor folder_;
    bool is_there_ = false;
};

}  // namespace reprieve::catalog
