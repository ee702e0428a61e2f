#include "service/uploads/recovery.hpp"

#include <set>

#include "base/error.hpp"
#include "base/log.hpp"
#include "catalog/images/image_table.hpp"
#include "catalog/images/location_table.hpp"
#include "service/uploads/upload_leftovers.hpp"

namespace reprieve::service {
namespace {

constexpr std::size_t recovery_batch = 1000;

void keep(catalog::Catalog& catalog, Image& image, const std::string& problem) {
    log_error("recovery.failed", problem, {{"image", image.id}});
    if (image.status != Status::saving) return;
    image.status_reason =
        "the upload was cut off because the appliance stopped, and the uploaded bytes could not be "
        "removed (" +
        problem + "): the appliance tries again, and then the data can be uploaded again";
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
    // A store that does not answer, or is no longer configured, must not keep the appliance from starting.
    LeftoverRemover remover(stores);
    std::set<std::int64_t> kept;
    for (;;) {
        std::vector<Image> images;
        catalog.read(
            [&](catalog::Connection& db) { images = catalog::images_being_written(db, recovery_batch + kept.size()); });
        std::erase_if(images, [&](const Image& image) { return kept.contains(image.number); });
        if (images.empty()) break;
        for (Image& image : images) {
            if (const auto problem = remover.remove(image)) {
                kept.insert(image.number);
                keep(catalog, image, *problem);
            }
        }
        std::erase_if(images, [&](const Image& image) { return kept.contains(image.number); });
        catalog.write([&](catalog::Connection& db) {
            for (const Image& image : images)
                give_back_leftover(db, image,
                                   "the upload was cut off because the appliance stopped: upload the data again");
        });
        report.uploads += images.size();
    }
    if (report.uploads + report.temporary_files > 0)
        log_warning("recovery.done", "uploads that a stop interrupted were cleaned up",
                    {{"uploads", report.uploads}, {"temporary_files", report.temporary_files}});
    return report;
}

}  // namespace reprieve::service
