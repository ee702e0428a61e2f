#include "service/downloads.hpp"

#include <algorithm>

#include "base/error.hpp"
#include "base/log.hpp"
#include "service/find_image.hpp"

namespace reprieve::service {

std::shared_ptr<void> Downloads::take_slot() {
    if (++running_ > max_) {
        --running_;
        throw Error(ErrorKind::too_many_requests,
                    std::to_string(max_) +
                        " downloads are running, the most that may (server.max_transfers): "
                        "try again when one has ended");
    }
    return {this, [](Downloads* self) { --self->running_; }};
}

std::size_t Downloads::Opened::read(std::uint64_t offset, std::span<std::byte> out) {
    const std::size_t count = reader_->read(offset, out);
    if (count == 0)
        throw Error(ErrorKind::unavailable, "the stored data of the image " + image_.id + " ends too early");
    return count;
}

Downloads::Opened Downloads::open(const Caller& caller, const std::string& id) {
    Opened opened;
    catalog_.read([&](catalog::Connection& db) { opened.image_ = find_visible(db, id); });
    if (opened.image_.status == Status::deactivated && !caller.is_admin)
        throw Error(ErrorKind::forbidden, "the image " + id + " is deactivated: an admin can reactivate it");
    const auto& locations = opened.image_.locations;
    const auto stored = std::find_if(locations.begin(), locations.end(),
                                     [](const Location& l) { return l.state == Location::State::stored; });
    if (stored == locations.end()) return opened;
    opened.slot_ = take_slot();
    const std::string in_store = "of the image " + id + " in the store '" + stored->store + "'";
    try {
        opened.reader_ = stores_.at(stored->store).open(stored->uri);
    } catch (const Error& error) {
        if (error.kind() != ErrorKind::not_found) throw;
        // Deleted and scrubbed since it was looked up: then it is gone, and not missing.
        catalog_.read([&](catalog::Connection& db) { find_visible(db, id); });
        log_error("image.data_missing", error.what(), {{"image", id}, {"store", stored->store}});
        throw Error(ErrorKind::unavailable, "the data " + in_store + " is missing: 'reprieve check' tells more");
    }
    if (opened.size() != stored->size)
        throw Error(ErrorKind::unavailable,
                    "the data " + in_store + " has another length: 'reprieve check' tells more");
    return opened;
}

}  // namespace reprieve::service
