#include "service/uploads/upload_leftovers.hpp"

#include "base/error.hpp"
#include "catalog/images/image_table.hpp"
#include "catalog/images/location_table.hpp"

namespace reprieve::service {

std::optional<std::string> LeftoverRemover::remove(const Image& image) {
    for (const Location& location : image.locations) {
        if (location.state != Location::State::writing) continue;
        if (const auto silent = silent_.find(location.store); silent != silent_.end()) return silent->second;
        try {
            stores_.at(location.store).remove(location.uri);
        } catch (const Error& error) {
            if (error.kind() == ErrorKind::unavailable) silent_.emplace(location.store, error.what());
            return error.what();
        }
    }
    return {};
}

void give_back_leftover(catalog::Connection& db, const Image& image, std::string_view reason) {
    for (const Location& location : image.locations) {
        if (location.state == Location::State::writing) catalog::delete_location(db, location.number);
    }
    auto found = catalog::find_image(db, image.id);
    if (!found || found->status != Status::saving) return;
    found->status = Status::queued;
    found->status_reason = reason;
    catalog::update_image_row(db, *found);
}

}  // namespace reprieve::service
