#include "service/trash.hpp"

#include "base/error.hpp"
#include "base/log.hpp"
#include "catalog/image_table.hpp"
#include "service/find_image.hpp"

namespace reprieve::service {
namespace {

constexpr std::int64_t patience_us = 5 * us_per_second;  // how long a request waits for a scrub

}  // namespace

std::vector<Image> Trash::list(const Caller&, ImageQuery query) {
    query.in_bin = true;
    std::vector<Image> images;
    catalog_.read([&](catalog::Connection& db) { images = catalog::list_images(db, query); });
    return images;
}

Image Trash::get(const Caller&, const std::string& id) {
    Image image;
    catalog_.read([&](catalog::Connection& db) { image = find_in_bin(db, id); });
    return image;
}

Image Trash::restore(const Caller& caller, const std::string& id) {
    Image image;
    catalog_.write([&](catalog::Connection& db) {
        image = find_in_bin(db, id);
        if (image.status == Status::scrubbing)
            throw Error(ErrorKind::conflict, "the image " + id + " is being scrubbed and can no longer be restored");
        image.status = image.deletion->deleted_from;
        image.deletion.reset();
        catalog::update_image_row(db, image);
        for (Location& location : image.locations) {
            if (location.attempts == 0) continue;
            location.attempts = 0;
            location.last_error.clear();
            location.next_attempt_at = 0;
            catalog::update_location(db, location);
        }
    });
    log_info("image.restored", {{"image", id}, {"by", caller.user}});
    return image;
}

Trash::Purged Trash::purge(const Caller&, const std::string& id) {
    const auto progress = scrubber_.run({ScrubScope::Kind::one, id, {}}, patience_us);
    if (!progress.report.failed.empty()) {
        const ScrubFailure& failure = progress.report.failed.front();
        // Whatever it was, the image waits in the bin and a later attempt can succeed.
        const bool is_blocked = failure.kind == ErrorKind::in_use;
        throw Error(is_blocked ? ErrorKind::in_use : ErrorKind::unavailable,
                    "the image " + id + " stays in the recycle bin: " + failure.reason);
    }
    return progress.is_done ? Purged::removed : Purged::running;
}

Scrubber::Progress Trash::empty(const Caller& caller, bool everybody) {
    std::optional<std::string> owner;
    if (!everybody) owner = caller.project;
    return scrubber_.run({ScrubScope::Kind::bin, {}, owner}, patience_us);
}

}  // namespace reprieve::service
