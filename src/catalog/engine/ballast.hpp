#pragma once

#include <cstdint>
#include <string>

#include "base/file.hpp"

namespace reprieve::catalog {

/// A file of no use but its size: space kept for the catalog, so that a delete can be written down on a disk that
/// something else has filled. Used by one thread at a time.
class Ballast {
public:
    /// Makes `reserve` in the folder, where it is missing and the disk has room for it.
    explicit Ballast(const std::string& folder);

    /// Frees its space. False where there was none to free.
    bool give_up();

    /// Makes it again, where it is missing and the disk has room for twice its size. Never throws.
    void restore() noexcept;

    bool is_there() const { return is_there_; }

private:
    bool looks_whole() const;
    bool has_room() const;

    FileDescriptor folder_;
    bool is_there_ = false;
};

}  // namespace reprieve::catalog
