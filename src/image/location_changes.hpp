#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "image/image.hpp"

namespace reprieve {

/// What a client says of the bytes of a location: they become the image's digests, or have to be those that it has.
struct VouchedDigests {
    std::string checksum;        ///< MD5 in hexadecimal digits; empty for none
    std::string hash_algorithm;  ///< as base/digest.hpp names it
    std::string hash;            ///< in hexadecimal digits
};

/// A location that a client wants an image to have.
struct NewLocation {
    std::string url;
    std::string metadata = "{}";  ///< a JSON object
    std::optional<VouchedDigests> digests;
    std::string store;  ///< the name of the one that it is in; empty until somebody has found it

    // What that store says; until it is asked, `uri` is empty.
    std::string uri;
    std::uint64_t size = 0;
};

// The changes of `locations` by a PATCH, as Glance takes them. A queued image becomes active with its first location,
// and has its size and digests. All throw conflict where the status of the image does not allow it. Locations that are
// new have the number 0 then.

/// `position` is a number from 0, or "-" for the end. Throws bad_request for another one, for a location that the image
/// has already, and where disk_format or container_format is missing; conflict where the size or the digests are not
/// those of the image.
void add_location(Image& image, const std::string& position, const NewLocation& location);

/// Gives an image without locations its first ones, or those that it has another order or other metadata. Throws as
/// add_location() does; forbidden for an empty list; bad_request where the image has other locations.
void replace_locations(Image& image, const std::vector<NewLocation>& locations);

/// Throws forbidden for the last one.
void remove_location(Image& image, const std::string& position);

}  // namespace reprieve
