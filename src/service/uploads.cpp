#include "service/uploads.hpp"

#include "base/error.hpp"
#include "base/log.hpp"
#include "catalog/image_table.hpp"
#include "service/find_image.hpp"

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
                 const Clock& clock, Options options)
    : catalog_(catalog),
      stores_(stores),
      buffers_(buffers),
      running_(running),
      clock_(clock),
      options_(std::move(options)) {}

Image Uploads::upload(const Caller& caller, Request request) {
    if (request.store.empty()) request.store = stores_.default_name();
    store::Store& store = stores_.at(request.store);
    if (request.size.value_or(0) > options_.image_size_cap)
        throw Error(ErrorKind::too_large, "the image has " + std::to_string(*request.size) + " bytes; at most " +
                                              std::to_string(options_.image_size_cap) +
                                              " are allowed (limits.image_size_cap)");
    const RunningUploads::Ticket ticket(running_, request.image_id);
    Location location{.store = request.store};
    const Image claimed = claim(request, location);
    const ByteSource source = [&](std::span<std::byte> out) {
        if (ticket.is_cancelled()) refuse_gone(request.image_id);
        return request.source(out);
    };
    Image image;
    try {
        const auto writer = store.create(location.uri, request.size);
        const IngestOptions ingest_options{.hash_algorithm = options_.hash_algorithm,
                                           .size_cap = options_.image_size_cap,
                                           .size = request.size,
                                           .disk_format = claimed.disk_format,
                                           .is_bare = claimed.container_format == "bare",
                                           .raw_accepts_any_format = options_.raw_accepts_any_format};
        const IngestResult result = ingest(source, *writer, buffers_, ingest_options);
        writer->commit();
        image = finish(request, location, result);
    } catch (const std::exception& error) {
        log_warning("upload.failed", error.what(), {{"image", request.image_id}});
        give_back(request.image_id, location, error.what());
        throw;
    }
    log_info("image.uploaded", {{"image", image.id}, {"by", caller.user}, {"bytes", image.size.value_or(0)}});
    return image;
}

Image Uploads::claim(const Request& request, Location& location) {
    Image image;
    catalog_.write([&](catalog::Connection& db) {
        image = find_visible(db, request.image_id);
        check_ready(image);
        location.uri = stores_.at(request.store).uri_for(image.id);
        catalog::insert_location(db, image.number, location);
        image.status = Status::saving;
        image.status_reason.clear();
        catalog::update_image_row(db, image);
    });
    return image;
}

Image Uploads::finish(const Request& request, Location& location, const IngestResult& result) {
    Image image;
    catalog_.write([&](catalog::Connection& db) {
        auto found = catalog::find_image(db, request.image_id);
        if (!found || found->status != Status::saving) refuse_gone(request.image_id);
        image = std::move(*found);
        location.state = Location::State::stored;
        location.size = result.size;
        catalog::update_location(db, location);
        image.status = Status::active;
        image.size = result.size;
        image.virtual_size = result.virtual_size;
        image.checksum = result.md5;
        image.os_hash_algo = result.hash_algorithm;
        image.os_hash_value = result.hash;
        image.updated_at = clock_.now_us();
        image.locations = {location};
        catalog::update_image_row(db, image);
    });
    return image;
}

void Uploads::give_back(const std::string& image_id, const Location& location, const std::string& reason) noexcept {
    try {
        // The bytes first: while the location is written down, a crash cannot make anybody forget them.
        stores_.at(location.store).remove(location.uri);
        catalog_.write([&](catalog::Connection& db) {
            catalog::delete_location(db, location.number);
            auto image = catalog::find_image(db, image_id);
            if (!image || image->status != Status::saving) return;
            image->status = Status::queued;
            image->status_reason = reason;
            catalog::update_image_row(db, *image);
        });
    } catch (const std::exception& error) {
        log_error("upload.not_given_back", std::string(error.what()) + "; the next start repairs it",
                  {{"image", image_id}});
        tell_stuck(image_id, reason + "; and what was uploaded could not be removed (" + error.what() +
                                 "): the next start of the appliance does it");
    }
}

void Uploads::tell_stuck(const std::string& image_id, const std::string& reason) noexcept {
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
