#pragma once

#include <cstdint>
#include <string>

namespace reprieve {

/// Bytes of images in one store. They are sums of the sizes of images, which can differ from the space that the images
/// take on the disk.
struct StoreUsage {
    std::uint64_t images = 0;    ///< bytes of images outside the bin
    std::uint64_t bin = 0;       ///< bytes of images in the bin, and of images whose removal is not finished
    std::uint64_t reserved = 0;  ///< bytes that running uploads have reserved

    bool operator==(const StoreUsage&) const = default;
};

/// Fill level of a store at one time.
struct SpaceSample {
    std::string store;    ///< name of the store
    std::int64_t at = 0;  ///< microseconds since 1970 UTC
    StoreUsage usage;
    std::uint64_t total = 0;      ///< capacity of the store in bytes
    std::uint64_t available = 0;  ///< number of bytes that uploads could still write
};

}  // namespace reprieve
