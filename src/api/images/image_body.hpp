#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "image/attributes.hpp"
#include "image/image.hpp"

namespace reprieve::api {

/// Parses the body of POST /v2/images. Throws bad_request if the body is not a JSON object, and the errors of
/// set_new_attribute().
Image parse_new_image(const std::string& body);

/// Form of the operations in a PATCH body. v2_1: {"op": "add", "path": "/name", "value": …}. v2_0: {"add": "/name",
/// "value": …}.
enum class PatchForm { v2_0, v2_1 };

/// Parses the body of PATCH /v2/images/{id}. Throws bad_request if the body is not a patch of this form, or if a path
/// names neither one attribute nor one entry of `locations`.
std::vector<AttributeChange> parse_patch(const std::string& body, PatchForm form);

}  // namespace reprieve::api
