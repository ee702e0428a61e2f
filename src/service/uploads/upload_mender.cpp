#include "service/uploads/upload_mender.hpp"

#include <algorithm>
#include <chrono>

#include "base/error.hpp"
#include "base/log.hpp"
#include "catalog/images/location_table.hpp"
#include "service/uploads/upload_leftovers.hpp"

namespace reprieve::service {
namespace {

constexpr std::size_t mend_batch = 1000;

}  // namespace

void UploadMender::start() {
    thread_ = std::thread([this] { loop(); });
}

void UploadMender::stop() {
    {
        const std::lock_guard lock(mutex_);
        is_stopping_ = true;
        changed_.notify_all();
    }
    if (thread_.joinable()) thread_.join();
}

void UploadMender::wake() {
    const std::lock_guard lock(mutex_);
    is_needed_ = true;
    changed_.notify_all();
}

void UploadMender::loop() {
    std::unique_lock lock(mutex_);
    const auto stops = [this] { return is_stopping_; };
    for (;;) {
        changed_.wait(lock, [&] { return is_stopping_ || is_needed_; });
        if (changed_.wait_for(lock, std::chrono::microseconds(retry_us), stops)) return;
        is_needed_ = false;
        lock.unlock();
        bool is_left = true;
        try {
            is_left = mend() > 0;
        } catch (const std::exception& error) {
            log_error("upload.not_mended", error.what(), {});
        }
        lock.lock();
        is_needed_ = is_needed_ || is_left;
    }
}

std::size_t UploadMender::mend() {
    std::vector<Image> images;
    catalog_.read([&](catalog::Connection& db) { images = catalog::images_being_written(db, mend_batch); });
    LeftoverRemover remover(stores_);
    std::size_t left = 0;
    for (const Image& image : images) {
        if (running_.contains(image.id)) continue;
        // An upload in one request has its ticket before its location, and longer: one that is still being written, and
        // had no ticket in between, is nobody's. Those of resumable uploads are not among them (images_being_written).
        const auto is_written = [&](catalog::Connection& db) {
            return std::all_of(image.locations.begin(), image.locations.end(), [&](const Location& location) {
                return location.state != Location::State::writing ||
                       catalog::find_location_being_written(db, location.number);
            });
        };
        bool is_left_over = false;
        catalog_.read([&](catalog::Connection& db) { is_left_over = is_written(db); });
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
