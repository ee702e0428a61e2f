#include "service/recovery.hpp"

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

}  // namespace

RecoveryReport recover(catalog::Catalog& catalog, store::StoreSet& stores) {
    RecoveryReport report;
    for (const std::string& name : stores.names()) report.temporary_files += stores.at(name).remove_temporary();
    for (;;) {
        std::vector<Image> images;
        catalog.read([&](catalog::Connection& db) { images = catalog::images_being_written(db, batch_size); });
        if (images.empty()) break;
        for (const Image& image : images) {
            for (const Location& location : image.locations) {
                if (location.state == Location::State::writing)
                    stores.at(location.store).remove_unflushed(location.uri);
            }
        }
        for (const std::string& name : stores.names()) stores.at(name).flush_removals();
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
