#pragma once

#include <optional>
#include <string_view>

namespace reprieve {

/// Status of an image in its life cycle. The numbers are stored in the catalog and never change.
enum class Status : int {
    queued = 0,          ///< the image has no data yet
    saving = 1,          ///< an upload is running
    uploading = 2,       ///< data is being staged for an import
    importing = 3,       ///< an import is running
    active = 4,          ///< the image has its data; everybody who may see the image may download it
    deactivated = 5,     ///< the image has its data; only an admin may download it
    pending_delete = 6,  ///< the image is in the bin, or due for removal
    scrubbing = 7,       ///< the scrubber is removing the data; clients see this status as pending_delete
    deleted = 8,         ///< the data is removed; the row of the image stays for trash.purge_deleted_after
};

/// Returns the name of the status in the Image API. Returns "pending_delete" for scrubbing.
std::string_view to_string(Status status);

/// Returns the status with this name in the Image API, or nullopt if there is none. Never returns scrubbing.
std::optional<Status> status_from(std::string_view name);

/// Visibility of an image in the Image API: who may see it. The numbers are stored in the catalog and never change.
enum class Visibility : int { private_ = 0, shared = 1, community = 2, public_ = 3 };

/// Returns the name in the Image API: "private", "shared", "community" or "public".
std::string_view to_string(Visibility visibility);

/// Returns the visibility with this name, or nullopt if there is none.
std::optional<Visibility> visibility_from(std::string_view name);

/// Returns true if an image may change from the status `from` to `to` (docs/ARCHITECTURE.md, "The life of one image").
/// Call this function before every change of a status.
bool may_follow(Status from, Status to);

}  // namespace reprieve
