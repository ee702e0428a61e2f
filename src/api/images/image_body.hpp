#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "image/attributes.hpp"
#include "image/image.hpp"

namespace reprieve::api {

/// The body of POST /v2/images. Throws bad_request for what is not a JSON object, and what
/// set_new_attribute() throws.
Image parse_new_image(const std::string& body);

/// The two forms of a PATCH body: {"op": "add", "path": "/name", "value": …} of v2.1, and {"add": "/name", "value": …}
/// of v2.0.
enum class PatchForm { v2_0, v2_1 };

/// The body of PATCH /v2/images/{id}. Throws bad_request for what is no such patch, or a path that does not name one
/// attribute.
std::vector<AttributeChange> parse_patch(const std::string& body, PatchForm form);

}  // namespace reprieve::api
