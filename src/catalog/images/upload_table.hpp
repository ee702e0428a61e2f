#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "catalog/engine/connection.hpp"

namespace reprieve::catalog {

/// This file is the table of resumable uploads, whose bytes arrive in several requests. Call its functions inside
/// Catalog::read or Catalog::write.

/// One resumable upload of the data of an image. Sizes are bytes, times microseconds since 1970 UTC.
struct Upload {
    std::string id;  ///< canonical UUID
    std::int64_t image_number = 0;
    std::string image_id;
    std::int64_t location_number = 0;     ///< the location that is being written
    std::string user, project;            ///< ids of the user who began the upload and of the project of that user
    std::string metadata;                 ///< the header Upload-Metadata, as the client sent it
    std::optional<std::uint64_t> length;  ///< size of the whole upload; nullopt until the client has told it
    std::uint64_t offset = 0;             ///< received bytes that survive a power cut; below length until is_done
    bool is_done = false;                 ///< the image has its data
    std::int64_t expires_at = 0;

    /// Tells whether `end` bytes are the whole upload. Returns false while the length is not known.
    bool is_whole(std::uint64_t end) const { return length == end; }
};

/// Stores a new upload. Ignores `image_id`. Requires: the row of `image_number` exists, and no upload has the same id.
void insert_upload(Connection& db, const Upload& upload);

/// Returns the upload; nullopt if there is none.
std::optional<Upload> find_upload(Connection& db, std::string_view id);

/// Returns the upload of that image whose is_done is false; nullopt if there is none.
std::optional<Upload> find_open_upload(Connection& db, std::string_view image_id);

/// Returns all uploads that are not done.
std::vector<Upload> open_uploads(Connection& db);

/// Returns at most `limit` uploads, done or not, that expire at or before `now_us`; the oldest expiry first.
std::vector<Upload> expired_uploads(Connection& db, std::int64_t now_us, std::size_t limit);

/// Returns the earliest `expires_at` of all uploads, done or not; nullopt if there is none.
std::optional<std::int64_t> next_upload_expiry(Connection& db);

/// Stores length, offset, is_done and expires_at of `upload`. Returns false if no upload with its id is stored.
bool update_upload(Connection& db, const Upload& upload);

/// Deletes an upload. Returns false if there was none.
bool delete_upload(Connection& db, std::string_view id);

}  // namespace reprieve::catalog
