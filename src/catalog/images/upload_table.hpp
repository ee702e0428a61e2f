#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "catalog/engine/connection.hpp"

namespace reprieve::catalog {

/// Uploads that come in several requests. All functions run inside Catalog::read or write.

/// One of them. Sizes are bytes, times microseconds since 1970 UTC.
struct Upload {
    std::string id;  ///< canonical UUID
    std::int64_t image_number = 0;
    std::string image_id;
    std::int64_t location_number = 0;  ///< the location that is being written
    std::string user, project;         ///< whose it is
    std::string metadata;              ///< as the client sent it
    std::optional<std::uint64_t> length;
    std::uint64_t offset = 0;  ///< bytes that survive a power cut; all of them only once the image has its data
    bool is_done = false;      ///< the image has its data
    std::int64_t expires_at = 0;

    /// As far as anybody knows, all bytes of it are there when `end` are.
    bool is_whole(std::uint64_t end) const { return length == end; }
};

/// Stores a new one; `image_id` is that of `image_number`.
void insert_upload(Connection& db, const Upload& upload);

/// Nothing where there is none.
std::optional<Upload> find_upload(Connection& db, std::string_view id);

/// The one that is writing the image's data; nothing where there is none.
std::optional<Upload> find_open_upload(Connection& db, std::string_view image_id);

/// All that are not done.
std::vector<Upload> open_uploads(Connection& db);

/// Those whose time was over before `now_us`, the longest first, done or not.
std::vector<Upload> expired_uploads(Connection& db, std::int64_t now_us, std::size_t limit);

/// Returns the earliest `expires_at` of all uploads, done or not; nullopt if there is none.
std::optional<std::int64_t> next_upload_expiry(Connection& db);

/// Writes length, offset, is_done and expires_at back. False where it is not there any more.
bool update_upload(Connection& db, const Upload& upload);

/// False where it was not there.
bool delete_upload(Connection& db, std::string_view id);

}  // namespace reprieve::catalog
