#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "image/caller.hpp"
#include "image/image.hpp"
#include "image/image_query.hpp"
#include "image/member.hpp"

namespace reprieve {

// The rights: Glance's secure RBAC, with the recycle bin added. These functions are pure. Read the image in the same
// transaction that then acts, so that it cannot change in between.

/// An action that a caller can request. The table in access.cpp says what each action requires.
enum class Action {
    list_images,
    create_image,
    set_owner,       ///< gives a new or existing image to another project than the caller's
    publicize,       ///< makes an image public
    make_community,  ///< makes an image community
    see_stores,
    see_store_setup,  ///< pools, folders and the like

    // Actions on one image outside the bin.
    see_image,
    download_image,
    download_deactivated,  ///< like download_image, but for a deactivated image
    see_locations,         ///< the places of the bytes in the stores
    change_locations,      ///< register bytes that somebody else wrote, and unregister them
    see_storage,           ///< how the image is stored, and the reason of its status
    upload_data,
    update_image,  ///< attributes, properties, tags, protection
    deactivate_image,
    reactivate_image,
    delete_image,

    // Actions on the members of an image: the projects that it is shared with.
    see_members,
    add_member,
    remove_member,
    answer_share,  ///< set the caller's answer: accepted, rejected or pending

    // Actions on the recycle bin.
    list_bin,
    see_bin_entry,
    restore_image,
    purge_image,
    empty_bin,       ///< only the images of the caller's project
    empty_all_bins,  ///< the images of all projects

    // Actions on the appliance.
    see_usage,         ///< of the caller's project
    see_events,        ///< about images of the caller's project
    see_all_events,    ///< the whole audit trail
    manage_identity,   ///< users, projects, roles, other people's tokens
    manage_appliance,  ///< run the scrubber and the consistency check
};

/// Answer to whether a caller may do an action.
enum class Verdict {
    allowed,
    forbidden,  ///< refuse with the reason
    hidden,     ///< answer that the image does not exist
};

/// Judges an action that is not about one image. Returns allowed or forbidden.
Verdict judge(const Caller& caller, Action action);

/// Judges an action on `image`. `membership` is the answer of the caller's project if the image is shared with it, else
/// nullopt. An image in the bin is visible only to its owner and to admins, even if it is shared.
Verdict judge(const Caller& caller, Action action, const Image& image, std::optional<MemberStatus> membership);

/// Returns the reason why judge() returned forbidden: a sentence for the caller that names what is required.
std::string why_forbidden(const Caller& caller, Action action);

/// Throws forbidden if `caller` may not do the action. For actions that are not about one image.
void require(const Caller& caller, Action action);

/// Throws forbidden if the caller may not change the owner or the visibility from those of `before` to those of
/// `after`. `before` is null for a new image.
void require_change(const Caller& caller, const Image* before, const Image& after);

/// Returns true if the caller may see that the image is shared with the project `member`. The owner and admins see all
/// members; a project that the image is shared with sees only itself. Requires: the caller may see_members.
bool sees_member(const Caller& caller, const Image& image, std::string_view member);

/// Sets `query.view`, so that the list contains only images that the caller may see.
void limit_to_visible(const Caller& caller, ImageQuery& query);

}  // namespace reprieve
