#pragma once

#include <nlohmann/json_fwd.hpp>
#include <vector>

#include "image/location_changes.hpp"

namespace reprieve::api {

/// The value of `locations` in a PATCH: {"url": …, "metadata": {…}, "validation_data": {…}}, or where `is_list` a list
/// of them. Throws bad_request for anything else, naming what is wrong but no URL, which may be a secret.
std::vector<NewLocation> parse_locations(const nlohmann::json& value, bool is_list);

}  // namespace reprieve::api
