#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "image/caller.hpp"
#include "image/image.hpp"
#include "image/image_query.hpp"
#include "image/member.hpp"

namespace reprieve {

// Who may do what: the rules of Glance's secure RBAC, with the recycle bin added. They are pure: whoever asks has read
// the image in the transaction that then acts, so that nothing can change in between.

/// What a caller can ask for. What each takes is the one table in access.cpp.
enum class Action {
    list_images,
    create_image,
    set_owner,       ///< another project than the caller's, on a new image or an old one
    publicize,       ///< makes an image public
    make_community,  ///< makes an image community
    see_stores,
    see_store_setup,  ///< pools, folders and the like

    // With one image, as the Image API shows it.
    see_image,
    download_image,
    download_deactivated,  ///< what download_image may, while the image is deactivated
    see_locations,         ///< where in the stores the bytes are
    change_locations,      ///< tell of bytes that somebody else wrote, and forget them
    see_storage,           ///< what is stored of it, and why it is where it is
    upload_data,
    update_image,  ///< attributes, properties, tags, protection
    deactivate_image,
    reactivate_image,
    delete_image,

    // With those that it is shared with.
    see_members,
    add_member,
    remove_member,
    answer_share,  ///< accept it, reject it, or leave it open

    // With the recycle bin.
    list_bin,
    see_bin_entry,
    restore_image,
    purge_image,
    empty_bin,       ///< the own project's part of it
    empty_all_bins,  ///< of all projects

    // With the appliance.
    see_usage,         ///< of the own project
    see_events,        ///< of the own project's images
    see_all_events,    ///< of all the audit trail
    manage_identity,   ///< users, projects, roles, other people's tokens
    manage_appliance,  ///< scrubber, check
};

enum class Verdict {
    allowed,
    forbidden,  ///< the caller is told that it may not
    hidden,     ///< the caller is told that there is no such image
};

/// For what is not about one image.
Verdict judge(const Caller& caller, Action action);

/// For what is about `image`; `membership` is that of the caller's project in it, where there is one. An image in the
/// bin is its owner's and the admins' alone, whoever it is shared with.
Verdict judge(const Caller& caller, Action action, const Image& image, std::optional<MemberStatus> membership);

/// Why judge() said forbidden: a sentence that names what it takes.
std::string why_forbidden(const Caller& caller, Action action);

/// Throws forbidden where `caller` may not do that. For what is not about one image.
void require(const Caller& caller, Action action);

/// Throws forbidden where the caller may not give an image what `after` has and `before` has not: another project as
/// its owner, or a visibility. `before` is nothing for a new image.
void require_change(const Caller& caller, const Image* before, const Image& after);

/// True where the caller is told that `member` is one of those that the image is shared with: who has only been given
/// the image sees itself alone. For a caller who may see_members.
bool sees_member(const Caller& caller, const Image& image, std::string_view member);

/// Lets a list hold only what the caller may see: sets `query.view`.
void limit_to_visible(const Caller& caller, ImageQuery& query);

}  // namespace reprieve
