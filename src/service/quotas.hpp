#pragma once

#include <cstdint>
#include <string>

#include "catalog/catalog.hpp"
#include "catalog/operation/usage_table.hpp"

namespace reprieve::service {

/// What a project and a user may have. An image counts for the project that owns it and for the user that created it,
/// from its creation until its bytes are scrubbed. Any thread may call.
class Quotas {
public:
    /// 0: no limit.
    struct Limits {
        std::uint64_t project_image_count = 0;
        std::uint64_t user_image_count = 0;
        std::uint64_t project_bytes = 0;
        std::uint64_t user_bytes = 0;
    };

    Quotas(catalog::Catalog& catalog, const Limits& limits) : catalog_(catalog), limits_(limits) {}

    // Inside the Catalog::write that makes the change, and behind it: the change is undone by what these throw.

    /// Throws too_large, with the figures, where whom the image counts for has more images than allowed.
    void require_images(catalog::Connection& db, std::int64_t image_number) const;

    /// The same for their bytes, those that running uploads have reserved included.
    void require_bytes(catalog::Connection& db, std::int64_t image_number) const;

    /// Bytes that an upload to the image can still reserve.
    std::uint64_t room(catalog::Connection& db, std::int64_t image_number) const;

    bool limits_bytes() const { return limits_.project_bytes > 0 || limits_.user_bytes > 0; }

    /// What a project has.
    struct Report {
        catalog::Usage usage;
        std::uint64_t uploads = 0;  ///< images to which an upload runs
        Limits limits;
    };
    Report report(const std::string& project) const;

private:
    catalog::Catalog& catalog_;
    const Limits limits_;
};

}  // namespace reprieve::service
