#pragma once

#include <string_view>

#include "catalog/connection.hpp"
#include "image/image.hpp"

namespace reprieve::service {

/// The image of that id as long as the Image API shows it: not deleted and not in the bin. Throws not_found, also
/// for an id that is none.
Image find_visible(catalog::Connection& db, std::string_view id);

/// The image of that id, in the bin or not, as long as it is not deleted. Throws not_found.
Image find_undeleted(catalog::Connection& db, std::string_view id);

/// The image of that id in the bin, also while a scrub has it. Throws not_found.
Image find_in_bin(catalog::Connection& db, std::string_view id);

}  // namespace reprieve::service
