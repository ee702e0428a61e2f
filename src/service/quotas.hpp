#pragma once

#include <cstdint>
#include <string>

#include "catalog/catalog.hpp"
#include "catalog/operation/usage_table.hpp"

namespace reprieve::service {

/// Limits on the images and bytes of each project and each user. An image counts for the project that owns it and for
/// the user that created it, from its creation until its bytes are scrubbed. Any thread may call.
class Quotas {
public:
    /// Maximum numbers of images and bytes; 0: no limit.
    struct Limits {
        std::uint64_t project_image_count = 0;
        std::uint64_t user_image_count = 0;
        std::uint64_t project_bytes = 0;
        std::uint64_t user_bytes = 0;
    };

    Quotas(catalog::Catalog& catalog, const Limits& limits) : catalog_(catalog), limits_(limits) {}

    // Call these three functions inside the Catalog::write that makes the change. Call the first two after the change,
    // because their exception rolls it back. `image_number` is Image::number.

    /// Throws too_large, with the figures, if the image's project or user has more images than allowed.
    void require_images(catalog::Connection& db, std::int64_t image_number) const;

    /// Throws too_large, with the figures, if the image's project or user has more bytes than allowed. Counts the bytes
    /// that running uploads have reserved.
    void require_bytes(catalog::Connection& db, std::int64_t image_number) const;

    /// Returns how many bytes an upload to the image can still reserve; UINT64_MAX if no limit is set.
    std::uint64_t room(catalog::Connection& db, std::int64_t image_number) const;

    bool limits_bytes() const { return limits_.project_bytes > 0 || limits_.user_bytes > 0; }

    /// Usage of one project, and the limits.
    struct Report {
        catalog::Usage usage;
        std::uint64_t uploads = 0;  ///< images with an unfinished upload
        Limits limits;
    };
    Report report(const std::string& project) const;

private:
    catalog::Catalog& catalog_;
    const Limits limits_;
};

}  // namespace reprieve::service
