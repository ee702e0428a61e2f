#include "catalog/lists/image_list.hpp"

#include "catalog/images/image_row.hpp"
#include "catalog/lists/list_page.hpp"

namespace reprieve::catalog {

std::vector<Image> list_images(Connection& db, const ImageQuery& query) {
    const auto numbers = find_page(db, query);
    std::vector<Image> images;
    images.reserve(numbers.size());
    auto row = db.prepare("SELECT " + selected_image_columns() + " FROM images AS i WHERE i.n = ?1");
    for (const auto number : numbers) {
        if (row.bind(number).step()) images.push_back(read_image(row));
        row.restart();
    }
    load_properties(db, images);
    load_tags(db, images);
    load_locations(db, images);
    return images;
}

}  // namespace reprieve::catalog
