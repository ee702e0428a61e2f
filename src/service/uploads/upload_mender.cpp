#include "service/uploads/upload_mender.hpp"

#include <algorithm>

#include "base/error.hpp"
#include "base/log.hpp"
#include "catalog/images/location_table.hpp"
#include "service/uploads/upload_leftovers.hpp"

namespace reprieve::service {
namespace {

constexpr std::size_t mend_batch = 1000;

}  // namespace

void UploadMender::start() {
    wake();  // recover() may have left uploads that it could not clean up
    worker_.start();
}

void UploadMender::wake() {
    set_due();
    worker_.wake();
}

void UploadMender::set_due() {
    const MutexLock lock(mutex_);
    if (!due_at_) due_at_ = clock_.boot_us() + retry_us;
}

std::optional<std::int64_t> UploadMender::left_until_due() const {
    const MutexLock lock(mutex_);
    if (!due_at_) return std::nullopt;
    return std::max<std::int64_t>(*due_at_ - clock_.boot_us(), 0);
}

std::optional<std::int64_t> UploadMender::turn() {
    if (const auto left_us = left_until_due(); left_us != 0) return left_us;
    {
        const MutexLock lock(mutex_);
        due_at_.reset();
    }
    try {
        if (mend() > 0) set_due();
    } catch (...) {
        set_due();
        throw;
    }
    return left_until_due();
}

std::size_t UploadMender::mend() {
    auto images = catalog_.read([&](catalog::Connection& db) { return catalog::images_being_written(db, mend_batch); });
    LeftoverRemover remover(stores_);
    std::size_t left = 0;
    for (const Image& image : images) {
        if (running_.contains(image.id)) continue;
        // An upload in one request gets its ticket before it adds its location, and keeps the ticket until the upload
        // ends. Here the location was in state writing before and after a moment without a ticket, so its upload has
        // ended. `images` has no locations of resumable uploads (images_being_written).
        const auto is_written = [&](catalog::Connection& db) {
            return std::all_of(image.locations.begin(), image.locations.end(), [&](const Location& location) {
                return location.state != Location::State::writing ||
                       catalog::find_location_being_written(db, location.number);
            });
        };
        const bool is_left_over = catalog_.read([&](catalog::Connection& db) { return is_written(db); });
        if (!is_left_over) continue;
        try {
            if (const auto problem = remover.remove(image)) throw Error(ErrorKind::unavailable, *problem);
            catalog_.write([&](catalog::Connection& db) {
                give_back_leftover(db, image,
                                   "the upload failed while the store did not answer: upload the data again");
            });
            log_info("upload.mended", {{"image", image.id}});
        } catch (const Error& error) {
            ++left;
            log_debug("upload.not_mended", {{"image", image.id}, {"reason", error.what()}});
        }
    }
    return left;
}

}  // namespace reprieve::service
