#pragma once

#include <cstdint>
#include <span>

#include "catalog/catalog.hpp"
#include "image/image.hpp"
#include "service/quotas.hpp"
#include "service/uploads/ingest.hpp"

namespace reprieve::service {

/// Source of an upload of unknown length that enforces the byte limits of the image's project and user. It reserves
/// bytes before they are stored, in steps that grow with the upload. The size of the location in the catalog is the
/// number of reserved bytes. Unused bytes are released when the location gets its final size or is deleted. Only one
/// thread may use it.
class ReservingSource {
public:
    /// `location`: the location that is being written, as it is in the catalog. `taken`: number of bytes that the
    /// location already has. All arguments passed by reference must outlive this object.
    ReservingSource(ByteSource source, catalog::Catalog& catalog, const Quotas& quotas, std::int64_t image_number,
                    Location& location, std::uint64_t taken = 0);

    /// Reads like ByteSource. Throws too_large, with the figures, if there are more bytes than the limits allow.
    std::size_t read(std::span<std::byte> out);

private:
    void reserve_more();
    void reserve_one();

    const ByteSource source_;
    catalog::Catalog& catalog_;
    const Quotas& quotas_;
    const std::int64_t image_number_;
    Location& location_;
    std::uint64_t taken_;
};

}  // namespace reprieve::service
