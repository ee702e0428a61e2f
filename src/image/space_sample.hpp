#pragma once

#include <cstdint>
#include <string>

namespace reprieve {

/// Bytes of images, as clients count them, in one store.
struct StoreUsage {
    std::uint64_t images = 0;    ///< outside the bin
    std::uint64_t bin = 0;       ///< in it, or on their way out of it
    std::uint64_t reserved = 0;  ///< by running uploads

    bool operator==(const StoreUsage&) const = default;
};

/// How full a store was at one moment.
struct SpaceSample {
    std::string store;
    std::int64_t at = 0;  ///< microseconds since 1970 UTC
    StoreUsage usage;
    std::uint64_t total = 0;      ///< bytes of the store itself
    std::uint64_t available = 0;  ///< what uploads could still take
};

}  // namespace reprieve
