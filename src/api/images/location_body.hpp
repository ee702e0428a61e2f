#pragma once

#include <nlohmann/json_fwd.hpp>
#include <vector>

#include "image/location_changes.hpp"

namespace reprieve::api {

/// Parses the value of `locations` in a PATCH: {"url": …, "metadata": {…}, "validation_data": {…}}, or, if `is_list` is
/// set, a list of such objects. Throws bad_request for anything else. The message says what is wrong, but never
/// contains the URL, which may hold a secret.
std::vector<NewLocation> parse_locations(const nlohmann::json& value, bool is_list);

}  // namespace reprieve::api
