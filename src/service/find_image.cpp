#include "service/find_image.hpp"

#include "base/error.hpp"
#include "base/uuid.hpp"
#include "catalog/image_table.hpp"

namespace reprieve::service {
namespace {

std::optional<Image> find(catalog::Connection& db, std::string_view id) {
    return is_canonical_uuid(id) ? catalog::find_image(db, id) : std::nullopt;
}

bool is_on_its_way_out(const Image& image) {
    return image.status == Status::pending_delete || image.status == Status::scrubbing;
}

}  // namespace

Image find_visible(catalog::Connection& db, std::string_view id) {
    auto image = find(db, id);
    if (!image || is_on_its_way_out(*image) || image->status == Status::deleted)
        throw Error(ErrorKind::not_found, "No image found with ID " + std::string(id));
    return std::move(*image);
}

Image find_undeleted(catalog::Connection& db, std::string_view id) {
    auto image = find(db, id);
    if (!image) throw Error(ErrorKind::not_found, "No image found with ID " + std::string(id));
    return std::move(*image);
}

Image find_in_bin(catalog::Connection& db, std::string_view id) {
    auto image = find(db, id);
    if (!image || !is_on_its_way_out(*image) || !image->deletion || !image->deletion->in_bin)
        throw Error(ErrorKind::not_found, "No image with ID " + std::string(id) + " is in the recycle bin");
    return std::move(*image);
}

}  // namespace reprieve::service
