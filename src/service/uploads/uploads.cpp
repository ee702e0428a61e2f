#include "service/uploads/uploads.hpp"

#include "base/error.hpp"
#include "base/log.hpp"
#include "base/uuid.hpp"
#include "catalog/images/image_table.hpp"
#include "catalog/images/location_table.hpp"
#include "catalog/operation/event_table.hpp"
#include "service/find_image.hpp"
#include "service/uploads/reserving_source.hpp"

namespace reprieve::service {
namespace {

[[noreturn]] void refuse_gone(const std::string& id) {
    throw Error(ErrorKind::gone, "the image " + id + " was deleted while its data was uploaded");
}

void check_ready(const Image& image) {
    if (image.status != Status::queued)
        throw Error(ErrorKind::conflict, "the image " + image.id + " is " + std::string(to_string(image.status)) +
                                             ": data can be uploaded only to a queued image");
    if (!image.disk_format || !image.container_format)
        throw Error(ErrorKind::bad_request,
                    "Properties disk_format, container_format must be set prior to saving data.");
}

}  // namespace

Uploads::Uploads(catalog::Catalog& catalog, store::StoreSet& stores, BufferPool& buffers, RunningUploads& running,
                 const Quotas& quotas, const Clock& clock, Options options)
    : catalog_(catalog),
      stores_(stores),
      buffers_(buffers),
      running_(running),
      quotas_(quotas),
      clock_(clock),
      options_(std::move(options)) {}

void Uploads::require_size(std::uint64_t size) const {
    if (size > options_.image_size_cap)
        throw Error(ErrorKind::too_large, "the image has " + std::to_string(size) + " bytes; at most " +
                                              std::to_string(options_.image_size_cap) +
                                              " are allowed (limits.image_size_cap)");
}

Location Uploads::place_for(const std::string& image_id, const std::string& store) const {
    Location location{.store = store.empty() ? stores_.default_name() : store};
    const store::Store& driver = stores_.at(location.store);
    if (is_canonical_uuid(image_id)) location.uri = driver.uri_for(image_id);
    return location;
}

Image Uploads::upload(const Caller& caller, Request request) {
    require_size(request.size.value_or(0));
    const RunningUploads::Ticket ticket(running_, request.image_id);
    const Location place = place_for(request.image_id, request.store);
    Claim claimed;
    catalog_.write(
        [&](catalog::Connection& db) { claimed = claim(db, caller, request.image_id, request.size, place); });
    ByteSource source = [&](std::span<std::byte> out) {
        if (ticket.is_cancelled()) refuse_gone(request.image_id);
        return request.source(out);
    };
    ReservingSource reserving(source, catalog_, quotas_, claimed.image.number, claimed.location);
    if (!request.size && quotas_.limits_bytes()) source = [&](std::span<std::byte> out) { return reserving.read(out); };
    try {
        return complete(caller, claimed, request.size, source);
    } catch (const std::exception& error) {
        log_warning("upload.failed", error.what(), {{"image", request.image_id}});
        if (!give_back(request.image_id, claimed.location, error.what()) && options_.left_behind)
            options_.left_behind();
        throw;
    }
}

Uploads::Claim Uploads::claim(catalog::Connection& db, const Caller& caller, const std::string& image_id,
                              std::optional<std::uint64_t> size, const Location& location) const {
    Claim claimed{.image = find_visible(db, caller, Action::upload_data, image_id), .location = location};
    check_ready(claimed.image);
    claimed.location.size = size.value_or(0);
    catalog::insert_location(db, claimed.image.number, claimed.location);
    if (claimed.location.size > 0) quotas_.require_bytes(db, claimed.image.number);
    claimed.image.status = Status::saving;
    claimed.image.status_reason.clear();
    catalog::update_image_row(db, claimed.image);
    return claimed;
}

Image Uploads::complete(const Caller& caller, const Claim& claim, std::optional<std::uint64_t> size,
                        const ByteSource& source, const std::function<void(catalog::Connection&)>& in_commit) {
    const auto writer = stores_.at(claim.location.store).create(claim.location.uri, size);
    const IngestOptions ingest_options{.hash_algorithm = options_.hash_algorithm,
                                       .size_cap = options_.image_size_cap,
                                       .size = size,
                                       .disk_format = claim.image.disk_format,
                                       .is_bare = claim.image.container_format == "bare",
                                       .raw_accepts_any_format = options_.raw_accepts_any_format};
    const IngestResult result = ingest(source, *writer, buffers_, ingest_options);
    writer->commit();
    return catalog_.write([&](catalog::Connection& db) {
        Image image = finish(db, caller, claim, result);
        if (in_commit) in_commit(db);
        return image;
    });
}

Image Uploads::finish(catalog::Connection& db, const Caller& caller, const Claim& claim, const IngestResult& result) {
    auto found = catalog::find_image(db, claim.image.id);
    if (!found || found->status != Status::saving) refuse_gone(claim.image.id);
    Image image = std::move(*found);
    Location location = claim.location;
    location.state = Location::State::stored;
    location.size = result.size;
    catalog::update_location(db, location);
    image.status = Status::active;
    image.status_reason.clear();
    image.size = result.size;
    image.virtual_size = result.virtual_size;
    image.checksum = result.md5;
    image.os_hash_algo = result.hash_algorithm;
    image.os_hash_value = result.hash;
    image.updated_at = clock_.now_us();
    image.locations = {location};
    catalog::update_image_row(db, image);
    catalog::record_event(db, done_by(caller, image.updated_at, "image.upload", image.id, image.owner,
                                      std::to_string(result.size) + " bytes"));
    return image;
}

bool Uploads::give_back(const std::string& image_id, const Location& location, const std::string& reason) noexcept {
    try {
        // Remove the bytes first: while the catalog has the location, a crash cannot leave bytes that nobody knows.
        stores_.at(location.store).remove(location.uri);
        catalog_.write([&](catalog::Connection& db) {
            catalog::delete_location(db, location.number);
            auto image = catalog::find_image(db, image_id);
            if (!image || image->status != Status::saving) return;
            image->status = Status::queued;
            image->status_reason = reason;
            catalog::update_image_row(db, *image);
        });
        return true;
    } catch (const std::exception& error) {
        log_error("upload.not_given_back", std::string(error.what()) + "; it is tried again", {{"image", image_id}});
        tell(image_id, reason + "; and the uploaded bytes could not be removed (" + error.what() +
                           "): the appliance tries again, and then the data can be uploaded again");
        return false;
    }
}

void Uploads::tell(const std::string& image_id, const std::string& reason) noexcept {
    try {
        catalog_.write([&](catalog::Connection& db) {
            auto image = catalog::find_image(db, image_id);
            if (!image || image->status != Status::saving) return;
            image->status_reason = reason;
            catalog::update_image_row(db, *image);
        });
    } catch (const std::exception& error) {
        log_error("upload.reason_lost", error.what(), {{"image", image_id}});
    }
}

}  // namespace reprieve::service
