#include "service/bin/trash.hpp"

#include "base/error.hpp"
#include "catalog/images/image_table.hpp"
#include "catalog/images/location_table.hpp"
#include "catalog/lists/image_list.hpp"
#include "catalog/operation/event_table.hpp"
#include "service/find_image.hpp"

namespace reprieve::service {

std::vector<Image> Trash::list(const Caller& caller, ImageQuery query) {
    require(caller, Action::list_bin);
    query.in_bin = true;
    limit_to_visible(caller, query);
    return catalog_.read([&](catalog::Connection& db) {
        check_marker(db, caller, query);
        return catalog::list_images(db, query);
    });
}

Image Trash::get(const Caller& caller, const std::string& id) {
    return catalog_.read([&](catalog::Connection& db) { return find_in_bin(db, caller, Action::see_bin_entry, id); });
}

Image Trash::restore(const Caller& caller, const std::string& id) {
    return catalog_.write([&](catalog::Connection& db) {
        Image image = find_in_bin(db, caller, Action::restore_image, id);
        if (image.status == Status::scrubbing)
            throw Error(ErrorKind::conflict, "the image " + id + " is being scrubbed and can no longer be restored");
        image.status = image.deletion->deleted_from;
        image.deletion.reset();
        catalog::update_image_row(db, image);
        for (Location& location : image.locations) {
            if (location.attempts == 0) continue;
            location.attempts = 0;
            location.last_error.clear();
            location.blocked_by.clear();
            location.next_attempt_at = 0;
            catalog::update_location(db, location);
        }
        catalog::record_event(db, done_by(caller, clock_.now_us(), "image.restore", id, image.owner));
        return image;
    });
}

Trash::Purged Trash::purge(const Caller& caller, const std::string& id, std::int64_t wait_us) {
    Image image =
        catalog_.read([&](catalog::Connection& db) { return find_in_bin(db, caller, Action::purge_image, id); });
    // The scrubber checks the owner again in the transaction that claims the image, because the owner may have changed
    // by then.
    const auto progress = scrubber_.run({ScrubScope::Kind::one, id, image.owner, caller}, wait_us);
    if (!progress.report.failed.empty()) {
        const ScrubFailure& failure = progress.report.failed.front();
        // Report all other kinds of failure as unavailable: the image stays in the bin, and a later attempt can
        // succeed.
        const bool is_blocked = failure.kind == ErrorKind::in_use;
        throw Error(is_blocked ? ErrorKind::in_use : ErrorKind::unavailable,
                    "the image " + id + " stays in the recycle bin: " + failure.reason);
    }
    return progress.is_done ? Purged::removed : Purged::running;
}

Scrubber::Progress Trash::empty(const Caller& caller, bool everybody, std::int64_t wait_us) {
    require(caller, everybody ? Action::empty_all_bins : Action::empty_bin);
    std::optional<std::string> owner;
    if (!everybody) owner = caller.project;
    return scrubber_.run({ScrubScope::Kind::bin, {}, owner, caller}, wait_us);
}

}  // namespace reprieve::service
