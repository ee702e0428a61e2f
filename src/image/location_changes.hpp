#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "image/image.hpp"

namespace reprieve {

/// Digests that a client declares for the bytes of a location. They become the digests of the image; digests that the
/// image already has must be equal.
struct VouchedDigests {
    std::string checksum;        ///< MD5 in hexadecimal digits; may be empty
    std::string hash_algorithm;  ///< name as in base/digest.hpp
    std::string hash;            ///< in hexadecimal digits
};

/// A location that a client wants an image to have.
struct NewLocation {
    std::string url;              ///< as the client sent it
    std::string metadata = "{}";  ///< a JSON object
    std::optional<VouchedDigests> digests;
    std::string store;  ///< name of the store of the bytes; empty until it is found

    // Answers of that store. `uri` is empty until the store was asked.
    std::string uri;         ///< name of the bytes in the store
    std::uint64_t size = 0;  ///< bytes
};

// Changes of `locations` by a PATCH, with Glance's rules. A queued image becomes active with its first location, from
// which it takes its size and digests. All functions throw conflict if the status of the image does not allow the
// change. After an error the image may be half changed. A new location has the number 0.

/// Inserts a location. `position` is an index from 0, or "-" for the end; a larger index means the end. Throws
/// bad_request if `position` is invalid, if the image already has the location, and if disk_format or container_format
/// is missing. Throws conflict if the size or the digests differ from those of the image.
void add_location(Image& image, const std::string& position, const NewLocation& location);

/// Sets the locations of an image that has none, or changes the order and metadata of those that it has. Throws as
/// add_location() does; forbidden if the list is empty; bad_request if the image has locations and the list does not
/// consist of the same ones.
void replace_locations(Image& image, const std::vector<NewLocation>& locations);

/// Removes a location. `position` is an index from 0, or "-" for the last; a larger index means the last. Throws
/// bad_request if it is invalid, and forbidden if the image has only one location.
void remove_location(Image& image, const std::string& position);

}  // namespace reprieve
