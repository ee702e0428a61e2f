#include "service/uploads/resumable_uploads.hpp"

#include <algorithm>
#include <set>
#include <utility>
#include <vector>

#include "base/error.hpp"
#include "base/log.hpp"
#include "base/quantity.hpp"
#include "base/uuid.hpp"
#include "catalog/images/image_table.hpp"
#include "catalog/images/location_table.hpp"
#include "catalog/operation/event_table.hpp"
#include "service/find_image.hpp"

// This file begins and ends uploads; resumable_append.cpp appends their bytes.

namespace reprieve::service {
namespace {

constexpr std::size_t swept_at_a_time = 100;

bool is_theirs(const Caller& caller, const ResumableUploads::Upload& upload) {
    return upload.user == caller.user && upload.project == caller.project;
}

/// Returns the location of the image that the upload writes; an empty location if the image no longer has it.
Location location_of(const Image& image, const ResumableUploads::Upload& upload) {
    const auto found = std::find_if(image.locations.begin(), image.locations.end(), [&](const Location& location) {
        return location.number == upload.location_number;
    });
    return found == image.locations.end() ? Location{} : *found;
}

bool is_writing(const std::optional<Image>& image, const ResumableUploads::Upload& upload) {
    return image && image->status == Status::saving && location_of(*image, upload).number != 0;
}

}  // namespace

ResumableUploads::ResumableUploads(catalog::Catalog& catalog, store::StagingFolder& staging, store::StoreSet& stores,
                                   Uploads& uploads, RunningUploads& running, BufferPool& buffers, const Quotas& quotas,
                                   const Clock& clock, Options options)
    : catalog_(catalog),
      staging_(staging),
      stores_(stores),
      uploads_(uploads),
      running_(running),
      buffers_(buffers),
      quotas_(quotas),
      clock_(clock),
      options_(std::move(options)) {}

ResumableUploads::Upload ResumableUploads::create(const Caller& caller, const Creation& creation) {
    uploads_.require_size(creation.length.value_or(0));
    const Location place = uploads_.place_for(creation.image_id, creation.store);
    end_older(caller, creation.image_id);
    Upload upload{.id = new_uuid(),
                  .image_id = creation.image_id,
                  .user = caller.user,
                  .project = caller.project,
                  .metadata = creation.metadata,
                  .length = creation.length,
                  .expires_at = clock_.now_us() + options_.expire_after_us};
    set_space(upload.id, reserve(upload, place));
    try {
        staging_.create(upload.id);
        catalog_.write([&](catalog::Connection& db) {
            const auto claimed = uploads_.claim(db, caller, upload.image_id, upload.length, place);
            upload.image_number = claimed.image.number;
            upload.location_number = claimed.location.number;
            catalog::insert_upload(db, upload);
            const std::string size = upload.length ? std::to_string(*upload.length) + " bytes" : "of unknown length";
            catalog::record_event(
                db, done_by(caller, clock_.now_us(), "upload.create", upload.image_id, claimed.image.owner, size));
        });
    } catch (...) {
        forget(upload.id);
        throw;
    }
    if (!creation.first && upload.length != 0U) return upload;
    const Chunk nothing{.source = [](std::span<std::byte>) { return std::size_t{0}; }};
    try {
        return append(caller, upload.id, creation.first ? *creation.first : nothing);
    } catch (const std::exception& error) {
        // The client does not know the upload's id, so nobody could continue the upload.
        try {
            end(caller, upload.id, error.what());
        } catch (const std::exception& second) {
            log_warning("upload.not_ended", std::string(second.what()) + "; it ends when it expires",
                        {{"upload", upload.id}});
        }
        throw;
    }
}

/// Ends the caller's unfinished upload to the image. A client that lost the address of that upload must be able to
/// begin another upload.
void ResumableUploads::end_older(const Caller& caller, const std::string& image_id) {
    const auto older = catalog_.read([&](catalog::Connection& db) {
        find_visible(db, caller, Action::upload_data, image_id);
        return catalog::find_open_upload(db, image_id);
    });
    if (older && is_theirs(caller, *older)) end(caller, older->id, "another upload of the image has begun");
}

std::optional<ResumableUploads::Upload> ResumableUploads::open_to(const Image& image) const {
    const auto written = std::find_if(image.locations.begin(), image.locations.end(), [](const Location& location) {
        return location.state == Location::State::writing;
    });
    if (written == image.locations.end()) return std::nullopt;
    auto upload = catalog_.read([&](catalog::Connection& db) { return catalog::find_open_upload(db, image.id); });
    const bool writes_it = upload && upload->location_number == written->number && upload->expires_at > clock_.now_us();
    return writes_it ? upload : std::nullopt;
}

ResumableUploads::Upload ResumableUploads::get(const Caller& caller, const std::string& id) {
    return find(caller, id).upload;
}

ResumableUploads::Upload ResumableUploads::resume(const Caller& caller, const std::string& id) {
    find(caller, id);  // refuse others: only the creator may end a request
    const UploadTurns::Turn turn(turns_, id, UploadTurns::Aim::go_on);
    return find(caller, id).upload;
}

void ResumableUploads::stop() {
    is_stopping_ = true;
    turns_.stop();
}

void ResumableUploads::terminate(const Caller& caller, const std::string& id) {
    find(caller, id);
    end(caller, id, "the upload was ended: upload the data again");
}

ResumableUploads::Found ResumableUploads::find(const Caller& caller, const std::string& id) {
    Found found;
    catalog_.read([&](catalog::Connection& db) {
        auto upload = is_canonical_uuid(id) ? catalog::find_upload(db, id) : std::nullopt;
        if (!upload || !is_theirs(caller, *upload))
            throw Error(ErrorKind::not_found, "There is no upload with ID " + id);
        if (upload->expires_at <= clock_.now_us())
            throw Error(ErrorKind::gone,
                        "the upload " + id + " has expired or was ended, or its image was deleted: start a new upload");
        found.claim.image = find_visible(db, caller, Action::upload_data, upload->image_id);
        found.claim.location = location_of(found.claim.image, *upload);
        if (!upload->is_done && found.claim.location.number == 0)
            throw Error(ErrorKind::gone, "the upload " + id + " was ended: start a new upload");
        found.upload = std::move(*upload);
    });
    return found;
}

/// Ends the upload; if `only_expired` is set, only an expired one. Returns false if there was no such upload.
bool ResumableUploads::end(const Caller& by, const std::string& id, const std::string& reason, bool only_expired) {
    const UploadTurns::Turn turn(turns_, id, UploadTurns::Aim::end);
    auto upload = catalog_.read([&](catalog::Connection& db) { return catalog::find_upload(db, id); });
    if (!upload || (only_expired && upload->expires_at > clock_.now_us())) return false;
    drop(by, *upload, reason);
    return true;
}

/// Ends an upload. Requires: the calling request has the upload's turn. Deletes the row of the upload last, because
/// nobody else touches the location while that row exists.
void ResumableUploads::drop(const Caller& by, const Upload& upload, const std::string& reason) {
    std::optional<Image> image;
    std::optional<Location> location;
    catalog_.read([&](catalog::Connection& db) {
        image = catalog::find_image(db, upload.image_id);
        location = catalog::find_location_being_written(db, upload.location_number);  // even if the image is deleted
    });
    const bool is_left = location && !uploads_.give_back(upload.image_id, *location, reason);
    catalog_.write([&](catalog::Connection& db) {
        if (!catalog::delete_upload(db, upload.id) || upload.is_done) return;
        catalog::record_event(db, done_by(by, clock_.now_us(), "upload.end", upload.image_id,
                                          image ? image->owner : std::string(), reason));
    });
    if (is_left && options_.left_behind) options_.left_behind();
    forget(upload.id);
}

void ResumableUploads::forget(const std::string& id) noexcept {
    try {
        staging_.remove(id);
    } catch (const std::exception& error) {
        log_error("upload.bytes_left", std::string(error.what()) + "; the next start removes them", {{"upload", id}});
    }
    const MutexLock lock(mutex_);
    spaces_.erase(id);
}

std::size_t ResumableUploads::sweep() {
    std::vector<Upload> expired;
    catalog_.read(
        [&](catalog::Connection& db) { expired = catalog::expired_uploads(db, clock_.now_us(), swept_at_a_time); });
    const std::string abandoned = "the upload expired, because no data came for " +
                                  duration_to_text(options_.expire_after_us) + ": upload the data again";
    const std::string ended = "the upload was ended, because its creator may not continue it: upload the data again";
    std::size_t count = 0;
    for (const Upload& upload : expired) {
        if (is_stopping_) break;
        // Skip an expired upload while a request works on it, because appending postpones the expiry. End an upload
        // that may not continue during a request, too, unless the request is storing the image: a call of the store may
        // take long, and the request's last transaction fails anyway.
        const bool is_ended = upload.expires_at == 0;
        if (is_ended ? turns_.is_storing(upload.id) : turns_.is_busy(upload.id)) continue;
        try {
            count += end(scrubber_caller(), upload.id, is_ended ? ended : abandoned, true) ? 1 : 0;
        } catch (const Error& error) {
            log_warning("upload.not_expired", error.what(), {{"upload", upload.id}});
        }
    }
    return count;
}

std::optional<std::int64_t> ResumableUploads::next_expiry() const {
    return catalog_.read([&](catalog::Connection& db) { return catalog::next_upload_expiry(db); });
}

void ResumableUploads::recover() {
    auto open = catalog_.read([&](catalog::Connection& db) { return catalog::open_uploads(db); });
    std::set<std::string> known;
    for (const Upload& upload : open) {
        known.insert(upload.id);
        try {
            recover_one(upload);
        } catch (const Error& error) {
            log_error("upload.not_recovered", error.what(), {{"upload", upload.id}, {"image", upload.image_id}});
        }
    }
    for (const std::string& id : staging_.ids())
        if (!known.contains(id)) forget(id);
}

void ResumableUploads::recover_one(const Upload& upload) {
    auto image = catalog_.read([&](catalog::Connection& db) { return catalog::find_image(db, upload.image_id); });
    // The image was deleted or given back. The appliance stopped before the upload was deleted, too.
    if (!is_writing(image, upload)) return drop(scrubber_caller(), upload, "the appliance stopped");
    try {
        store::StagedFile file = staging_.open(upload.id);
        if (file.size() < upload.offset) throw Error(ErrorKind::not_found, "bytes of the upload are missing");
        // Cut the file: the bytes beyond the offset may be anything after a power cut.
        file.truncate(upload.offset);
    } catch (const Error& error) {
        if (error.kind() != ErrorKind::not_found) throw;
        log_error("upload.bytes_lost", error.what(), {{"upload", upload.id}, {"image", upload.image_id}});
        return drop(scrubber_caller(), upload, "bytes of the upload were lost: upload the data again");
    }
    try {
        set_space(upload.id, reserve(upload, location_of(*image, upload)));
    } catch (const Error& error) {
        // The upload can continue without a reservation as long as there is space.
        log_warning("upload.space_not_reserved", error.what(), {{"upload", upload.id}, {"image", upload.image_id}});
    }
}

ResumableUploads::Space ResumableUploads::reserve(const Upload& upload, const Location& location) {
    if (!upload.length) return {.staged = staging_.reserve(0), .stored = nullptr};
    // Reserve space in the staging folder and in the store, because the staged bytes stay until the image is stored.
    return {.staged = staging_.reserve(*upload.length - upload.offset),
            .stored = stores_.at(location.store).hold(*upload.length)};
}

void ResumableUploads::set_space(const std::string& id, Space space) {
    const MutexLock lock(mutex_);
    spaces_.insert_or_assign(id, std::move(space));
}

ResumableUploads::Space& ResumableUploads::space_of(const std::string& id) {
    const MutexLock lock(mutex_);
    Space& space = spaces_[id];
    if (!space.staged) space.staged = staging_.reserve(0);
    return space;
}

}  // namespace reprieve::service
