#pragma once

#include <cstdint>
#include <span>

#include "catalog/catalog.hpp"
#include "image/image.hpp"
#include "service/quotas.hpp"
#include "service/uploads/ingest.hpp"

namespace reprieve::service {

/// The bytes of an upload whose length nobody said, held to the limits of whom its image counts for: every byte is
/// reserved before it is stored, in steps that grow with the upload, and what is left over is given back with the
/// location, which holds the reservation. Used by one thread.
class ReservingSource {
public:
    /// `location` is the one that is being written, as it is in the catalog; `taken`: bytes that it has already. All of
    /// them outlive this.
    ReservingSource(ByteSource source, catalog::Catalog& catalog, const Quotas& quotas, std::int64_t image_number,
                    Location& location, std::uint64_t taken = 0);

    /// As ByteSource. Throws too_large, with the figures, where there are more bytes than the limits leave.
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
