#include "service/recovery.hpp"

#include <optional>
#include <set>

#include "base/error.hpp"
#include "base/log.hpp"
#include "catalog/image_table.hpp"
#include "catalog/location_table.hpp"

namespace reprieve::service {
namespace {

constexpr std::size_t batch_size = 1000;

void give_back(catalog::Connection& db, Image& image) {
    for (const Location& location : image.locations) {
        if (location.state == Location::State::writing) catalog::delete_location(db, location.number);
    }
    if (image.status != Status::saving) return;
    image.status = Status::queued;
    image.status_reason = "the upload was cut off because the appliance stopped: upload the data again";
    catalog::update_image_row(db, image);
}

/// Why the bytes of the unfinished uploads cannot be removed; nothing where they are.
std::optional<std::string> remove_unfinished(const Image& image, store::StoreSet& stores) {
    try {
        for (const Location& location : image.locations) {
            if (location.state == Location::State::writing) stores.at(location.store).remove(location.uri);
        }
    } catch (const Error& error) {
        return error.what();
    }
    return {};
}

void keep(catalog::Catalog& catalog, Image& image, const std::string& problem) {
    log_error("recovery.failed", problem, {{"image", image.id}});
    if (image.status != Status::saving) return;
    image.status_reason =
        "the upload was cut off because the appliance stopped, and what was uploaded could not be "
        "removed (" +
        problem + "): the next start of the appliance does it";
    catalog.write([&](catalog::Connection& db) { catalog::update_image_row(db, image); });
}

}  // namespace

RecoveryReport recover(catalog::Catalog& catalog, store::StoreSet& stores) {
    RecoveryReport report;
    for (const std::string& name : stores.names()) {
        try {
            report.temporary_files += stores.at(name).remove_temporary();
        } catch (const Error& error) {
            log_error("recovery.failed", error.what(), {{"store", name}});
        }
    }
    // One store that does not answer, or is no longer configured, must not keep the appliance from its start.
    std::set<std::int64_t> kept;
    for (;;) {
        std::vector<Image> images;
        catalog.read(
            [&](catalog::Connection& db) { images = catalog::images_being_written(db, batch_size + kept.size()); });
        std::erase_if(images, [&](const Image& image) { return kept.contains(image.number); });
        if (images.empty()) break;
        for (Image& image : images) {
            if (const auto problem = remove_unfinished(image, stores)) {
                kept.insert(image.number);
                keep(catalog, image, *problem);
            }
        }
        std::erase_if(images, [&](const Image& image) { return kept.contains(image.number); });
        catalog.write([&](catalog::Connection& db) {
            for (Image& image : images) give_back(db, image);
        });
        report.uploads += images.size();
    }
    if (report.uploads + report.temporary_files > 0)
        log_warning("recovery.done", "a stop in mid-upload was repaired",
                    {{"uploads", report.uploads}, {"temporary_files", report.temporary_files}});
    return report;
}

}  // namespace reprieve::service
