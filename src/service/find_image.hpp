#pragma once

#include <optional>
#include <string_view>

#include "catalog/engine/connection.hpp"
#include "image/access.hpp"
#include "image/caller.hpp"
#include "image/image.hpp"

namespace reprieve::service {

// How services get at an image: it is found, and the caller's right to it judged, in the transaction that then uses it.
// All throw not_found, also for an id that is none, and for an image that is hidden from the caller; forbidden where
// the caller sees it and may not do `action` with it.

/// The image of that id as long as the Image API shows it: not deleted and not in the bin.
Image find_visible(catalog::Connection& db, const Caller& caller, Action action, std::string_view id);

/// The image of that id, in the bin or not, as long as it is not deleted.
Image find_undeleted(catalog::Connection& db, const Caller& caller, Action action, std::string_view id);

/// The image of that id in the bin, also while a scrub has it.
Image find_in_bin(catalog::Connection& db, const Caller& caller, Action action, std::string_view id);

/// The same for the scrubber, which has no caller: only an image of `owner`, where that is given.
Image find_in_bin(catalog::Connection& db, std::string_view id, const std::optional<std::string>& owner);

/// Throws bad_request where the page is to begin behind an image that the caller may not see.
void check_marker(catalog::Connection& db, const Caller& caller, const ImageQuery& query);

}  // namespace reprieve::service
