#pragma once

#include <optional>
#include <string>

#include "base/uuid.hpp"
#include "catalog/catalog.hpp"
#include "catalog/images/image_table.hpp"
#include "catalog/lists/image_list.hpp"
#include "tests/scratch_folder.hpp"

namespace reprieve::tests {

/// New catalog, with the calls that most tests make.
struct CatalogFixture {
    ScratchFolder folder;
    catalog::Catalog catalog{folder.path()};

    Image insert(Image image) {
        catalog.write([&](catalog::Connection& db) { catalog::insert_image(db, image); });
        return image;
    }
    void update(const Image& image) {
        catalog.write([&](catalog::Connection& db) { catalog::update_image_row(db, image); });
    }
    std::optional<Image> find(const std::string& id) {
        return catalog.read([&](catalog::Connection& db) { return catalog::find_image(db, id); });
    }
    std::vector<Image> list(const ImageQuery& query) {
        return catalog.read([&](catalog::Connection& db) { return catalog::list_images(db, query); });
    }
};

inline Image new_image(std::int64_t created_at = 1) {
    Image image;
    image.id = new_uuid();
    image.owner = "default";
    image.created_at = image.updated_at = created_at;
    return image;
}

/// Returns the image as a delete at `deleted_at` changes it.
inline Image in_bin(Image image, std::int64_t deleted_at, std::int64_t scrub_after) {
    image.deletion = Deletion{deleted_at, "alice", image.status, scrub_after, scrub_after - deleted_at, true};
    image.status = Status::pending_delete;
    return image;
}

}  // namespace reprieve::tests
