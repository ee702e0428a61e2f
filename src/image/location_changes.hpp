#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "image/image.hpp"

namespace reprieve {

/// Digests that a client declares for the bytes of a location. These digests become the digests of the image. If the
/// image already has digests, they must be equal to these.
struct VouchedDigests {
    std::string checksum;        ///< MD5 in hexadecimal digits; may be empty
    std::string hash_algorithm;  ///< algorithm of `hash`, a name that Digest accepts (base/digest.hpp)
    std::string hash;            ///< digest in hexadecimal digits
};

/// A location that a client wants an image to have.
struct NewLocation {
    std::string url;              ///< the URL of the location, as the client sent it
    std::string metadata = "{}";  ///< a JSON object
    std::optional<VouchedDigests> digests;
    std::string store;  ///< name of the store in which the bytes are; empty until this store has been found

    // `uri` and `size` are answers of that store. `uri` is empty until the store has been asked.
    std::string uri;         ///< name of the bytes in the store
    std::uint64_t size = 0;  ///< number of bytes of the location
};

// The functions below apply changes of `locations` by a PATCH request, with Glance's rules. A queued image becomes
// active with its first location, and takes its size and digests from that location. All functions throw conflict if
// the status of the image does not allow the change. If a function throws, the image may be half changed: discard it. A
// new location has the number 0.

/// Inserts a location. `position` is an index from 0, or "-" for the end; a larger index means the end. Throws
/// bad_request if `position` is invalid, if the image already has the location, and if disk_format or container_format
/// is missing. Throws conflict if the size or the digests differ from those of the image.
void add_location(Image& image, const std::string& position, const NewLocation& location);

/// Sets the locations of an image that has none, or changes the order and metadata of those that it has. Throws as
/// add_location() does; forbidden if `locations` is empty; bad_request if the image has locations and `locations` does
/// not consist of exactly the same ones.
void replace_locations(Image& image, const std::vector<NewLocation>& locations);

/// Removes a location. `position` is an index from 0, or "-" for the last; a larger index means the last. Throws
/// bad_request if `position` is invalid, and forbidden if the image has only one location.
void remove_location(Image& image, const std::string& position);

}  // namespace reprieve
