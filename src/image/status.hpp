#pragma once

#include <optional>
#include <string_view>

namespace reprieve {

/// Where an image is in its life. The numbers are stored in the catalog and never change.
enum class Status : int {
    queued = 0,          ///< has no data yet
    saving = 1,          ///< an upload is running
    uploading = 2,       ///< staged for an import
    importing = 3,       ///< an import is running
    active = 4,          ///< has its data, for everybody who may see it
    deactivated = 5,     ///< has its data, which only an admin may read
    pending_delete = 6,  ///< in the bin, or waiting to be removed
    scrubbing = 7,       ///< claimed by the scrubber; shown as pending_delete
    deleted = 8,         ///< its data is gone; the row stays for trash.purge_deleted_after
};

/// The name in the Image API.
std::string_view to_string(Status status);

/// The status of that name; nothing where there is none. "scrubbing" is inside only and not found.
std::optional<Status> status_from(std::string_view name);

/// Who may see an image. The numbers are stored in the catalog and never change.
enum class Visibility : int { private_ = 0, shared = 1, community = 2, public_ = 3 };

std::string_view to_string(Visibility visibility);
std::optional<Visibility> visibility_from(std::string_view name);

/// True where the life of an image allows the step; every change of a status asks this one table
/// (docs/ARCHITECTURE.md, "The life of one image").
bool may_follow(Status from, Status to);

}  // namespace reprieve
