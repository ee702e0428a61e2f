#include "image/status.hpp"

#include <array>
#include <utility>

namespace reprieve {
namespace {

constexpr std::array<std::string_view, 9> status_names{"queued",         "saving",         "uploading",
                                                       "importing",      "active",         "deactivated",
                                                       "pending_delete", "pending_delete", "deleted"};

constexpr std::array<std::string_view, 4> visibility_names{"private", "shared", "community", "public"};

using enum Status;
constexpr std::pair<Status, Status> steps[] = {
    {queued, saving},
    {queued, uploading},
    {queued, importing},
    {uploading, importing},
    {queued, active},  // when a client adds a location to an image without data
    {saving, active},
    {importing, active},
    // A failed or abandoned upload returns the image to queued, without data.
    {saving, queued},
    {uploading, queued},
    {importing, queued},
    {active, deactivated},
    {deactivated, active},
    // A delete moves an image with data to the bin. An image without data becomes deleted at once.
    {active, pending_delete},
    {deactivated, pending_delete},
    {queued, deleted},
    {saving, deleted},
    {uploading, deleted},
    {importing, deleted},
    // A restore returns the image to its status before the delete.
    {pending_delete, active},
    {pending_delete, deactivated},
    // A scrub claims the image. A failed scrub returns the image to the bin.
    {pending_delete, scrubbing},
    {scrubbing, pending_delete},
    {scrubbing, deleted},
};

}  // namespace

std::string_view to_string(Status status) { return status_names.at(static_cast<std::size_t>(status)); }

std::optional<Status> status_from(std::string_view name) {
    for (std::size_t i = 0; i < status_names.size(); ++i) {
        if (status_names[i] == name) return static_cast<Status>(i);
    }
    return {};
}

std::string_view to_string(Visibility visibility) { return visibility_names.at(static_cast<std::size_t>(visibility)); }

std::optional<Visibility> visibility_from(std::string_view name) {
    for (std::size_t i = 0; i < visibility_names.size(); ++i) {
        if (visibility_names[i] == name) return static_cast<Visibility>(i);
    }
    return {};
}

bool may_follow(Status from, Status to) {
    for (const auto& [a, b] : steps) {
        if (a == from && b == to) return true;
    }
    return false;
}

}  // namespace reprieve
