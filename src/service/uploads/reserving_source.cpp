#include "service/uploads/reserving_source.hpp"

#include <algorithm>
#include <utility>

#include "catalog/images/location_table.hpp"

namespace reprieve::service {
namespace {

// A small first step takes little from other uploads. Large later steps keep the number of transactions small.
constexpr std::uint64_t first_step = 1 << 20;
constexpr std::uint64_t largest_step = 64 << 20;

}  // namespace

ReservingSource::ReservingSource(ByteSource source, catalog::Catalog& catalog, const Quotas& quotas,
                                 std::int64_t image_number, Location& location, std::uint64_t taken)
    : source_(std::move(source)),
      catalog_(catalog),
      quotas_(quotas),
      image_number_(image_number),
      location_(location),
      taken_(taken) {}

std::size_t ReservingSource::read(std::span<std::byte> out) {
    std::size_t filled = 0;
    while (filled < out.size()) {
        if (taken_ == location_.size) reserve_more();
        if (taken_ == location_.size) {
            // No more bytes can be reserved. That is no error if the upload ends here.
            if (source_(out.subspan(filled, 1)) == 0) break;
            reserve_one();
            ++filled;
            ++taken_;
            continue;
        }
        const auto wanted =
            static_cast<std::size_t>(std::min<std::uint64_t>(out.size() - filled, location_.size - taken_));
        const std::size_t count = source_(out.subspan(filled, wanted));
        filled += count;
        taken_ += count;
        if (count < wanted) break;
    }
    return filled;
}

/// Reserves space for the next bytes: as many as came so far within bounds, or as many as the quotas allow.
void ReservingSource::reserve_more() {
    Location grown = location_;
    catalog_.write([&](catalog::Connection& db) {
        const std::uint64_t step = std::clamp(taken_, first_step, largest_step);
        grown.size = location_.size + std::min(step, quotas_.room(db, image_number_));
        catalog::update_location(db, grown);
    });
    location_ = grown;
}

/// Reserves one byte. Throws too_large, with the figures, if the limits do not allow it. They may allow it now, because
/// another upload may have released bytes.
void ReservingSource::reserve_one() {
    Location grown = location_;
    ++grown.size;
    catalog_.write([&](catalog::Connection& db) {
        catalog::update_location(db, grown);
        quotas_.require_bytes(db, image_number_);
    });
    location_ = grown;
}

}  // namespace reprieve::service
