#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "image/caller.hpp"
#include "image/image.hpp"
#include "image/image_query.hpp"
#include "image/member.hpp"

namespace reprieve {

// These functions decide who may do what: the rules of Glance's secure RBAC, with the recycle bin added. The functions
// are pure. Read the image in the same transaction that then does the action; otherwise the image could change between
// the check and the action.

/// An action that a caller can request. The table in access.cpp says what each action requires.
enum class Action {
    list_images,
    create_image,
    set_owner,       ///< make another project than the caller's the owner of a new or existing image
    publicize,       ///< give an image the visibility public
    make_community,  ///< give an image the visibility community
    see_stores,
    see_store_setup,  ///< see the setup of the stores: pools, folders and the like

    // Actions on one image outside the bin.
    see_image,
    download_image,
    download_deactivated,  ///< download an image whose status is deactivated
    see_locations,         ///< see in which stores the image's bytes are, and under which names
    change_locations,      ///< add locations with bytes that somebody else wrote, and remove locations
    see_storage,           ///< see how the image is stored, and the reason of its status
    upload_data,
    update_image,  ///< change attributes, properties, tags or protection
    deactivate_image,
    reactivate_image,
    delete_image,

    // Actions on the members of an image: the projects that it is shared with.
    see_members,
    add_member,
    remove_member,
    answer_share,  ///< set the answer of the caller's project to the share: accepted, rejected or pending

    // Actions on the recycle bin.
    list_bin,
    see_bin_entry,
    restore_image,
    purge_image,
    empty_bin,       ///< purge all images of the caller's project from the bin
    empty_all_bins,  ///< purge all images of all projects from the bin

    // Actions on the appliance.
    see_usage,         ///< see how much the caller's project stores, and its limits
    see_events,        ///< see the entries of the audit trail about images of the caller's project
    see_all_events,    ///< see the whole audit trail
    manage_identity,   ///< change users, projects and roles, and tokens of other users
    manage_appliance,  ///< run the scrubber and the consistency check
};

/// Result of the check whether a caller may do an action.
enum class Verdict {
    allowed,
    forbidden,  ///< refuse the request, with the text of why_forbidden()
    hidden,     ///< the caller may not see the image: answer that it does not exist
};

/// Returns whether `caller` may do an action that is not about one image: allowed or forbidden, never hidden.
Verdict judge(const Caller& caller, Action action);

/// Returns whether `caller` may do an action on `image`. `membership` is the status that the image's share with the
/// caller's project has; nullopt if the image is not shared with this project. An image in the bin is visible only to
/// its owner and to admins, even if it is shared.
Verdict judge(const Caller& caller, Action action, const Image& image, std::optional<MemberStatus> membership);

/// Returns the reason why judge() returned forbidden: a sentence for the caller that names what is required.
std::string why_forbidden(const Caller& caller, Action action);

/// Throws forbidden if `caller` may not do the action. Requires: the action is not about one image.
void require(const Caller& caller, Action action);

/// Compares owner and visibility of an image before and after a change, and throws forbidden if the caller may not
/// change them in this way. `before` is null for a new image.
void require_change(const Caller& caller, const Image* before, const Image& after);

/// Returns true if the caller may see that the image is shared with the project `member`. The owner and admins see all
/// members; a project that the image is shared with sees only itself. Requires: judge() allows the caller
/// Action::see_members on the image.
bool sees_member(const Caller& caller, const Image& image, std::string_view member);

/// Sets `query.view`, so that the list contains only images that the caller may see. Does nothing for an admin, who may
/// see all images.
void limit_to_visible(const Caller& caller, ImageQuery& query);

}  // namespace reprieve
