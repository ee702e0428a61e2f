#include "image/access.hpp"

#include <algorithm>

#include "base/error.hpp"

namespace reprieve {
namespace {

/// The role that an action requires. An admin may do everything with every image.
enum class Role {
    reader,
    member,
    service,  ///< a reader whose request is sent by a service such as Nova, with the service's own token too
    admin,
};

/// The relation to the image that an action requires. An image that the caller cannot see allows no action.
enum class Reach {
    any,           ///< any image that the caller may see; also used for actions that are not about one image
    own,           ///< the image belongs to the caller's project
    own_or_given,  ///< the image belongs to the caller's project or is shared with it
    given,         ///< the image is shared with the caller's project
};

struct Rule {
    Action action;
    Role role;
    Reach reach;
    std::string_view what;  ///< text for the action in errors, to follow "only an admin may "
};

// The only place that says who may do what.
constexpr Rule rules[] = {
    {Action::list_images, Role::reader, Reach::any, "list images"},
    {Action::create_image, Role::member, Reach::any, "create an image"},
    {Action::set_owner, Role::admin, Reach::any, "give an image to another project"},
    {Action::publicize, Role::admin, Reach::any, "make an image public"},
    {Action::make_community, Role::member, Reach::any, "make an image community"},
    {Action::see_stores, Role::reader, Reach::any, "list the stores"},
    {Action::see_store_setup, Role::admin, Reach::any, "see how the stores are set up"},

    {Action::see_image, Role::reader, Reach::any, "see an image"},
    {Action::download_image, Role::reader, Reach::any, "download an image"},
    {Action::download_deactivated, Role::admin, Reach::any, "download a deactivated image"},
    {Action::see_locations, Role::service, Reach::any, "see the locations of an image"},
    {Action::change_locations, Role::service, Reach::own, "change the locations of an image"},
    {Action::see_storage, Role::reader, Reach::own, "see how an image is stored"},
    {Action::upload_data, Role::member, Reach::own, "upload the data of an image"},
    {Action::update_image, Role::member, Reach::own, "change an image"},
    {Action::deactivate_image, Role::member, Reach::own, "deactivate an image"},
    {Action::reactivate_image, Role::member, Reach::own, "reactivate an image"},
    {Action::delete_image, Role::member, Reach::own, "delete an image"},

    {Action::see_members, Role::reader, Reach::own_or_given, "see the members of an image"},
    {Action::add_member, Role::member, Reach::own, "share an image"},
    {Action::remove_member, Role::member, Reach::own, "end the sharing of an image"},
    {Action::answer_share, Role::member, Reach::given, "accept or reject an image"},

    {Action::list_bin, Role::reader, Reach::any, "list the recycle bin"},
    {Action::see_bin_entry, Role::reader, Reach::own, "see an image in the recycle bin"},
    {Action::restore_image, Role::member, Reach::own, "restore an image"},
    {Action::purge_image, Role::member, Reach::own, "purge an image"},
    {Action::empty_bin, Role::member, Reach::any, "empty the recycle bin"},
    {Action::empty_all_bins, Role::admin, Reach::any, "empty the recycle bin of all projects"},

    {Action::see_usage, Role::reader, Reach::any, "see the usage"},
    {Action::see_events, Role::reader, Reach::any, "see the audit trail"},
    {Action::see_all_events, Role::admin, Reach::any, "see the audit trail of all projects"},
    {Action::manage_identity, Role::admin, Reach::any, "manage users and projects"},
    {Action::manage_appliance, Role::admin, Reach::any, "manage the appliance"},
};

const Rule& rule_of(Action action) {
    return *std::find_if(std::begin(rules), std::end(rules), [&](const Rule& rule) { return rule.action == action; });
}

bool has(const Caller& caller, Role role) {
    // A role belongs to a project, so a caller without a project has no rights, except an admin.
    if (caller.is_admin) return true;
    if (caller.project.empty() || !caller.is_reader) return false;
    switch (role) {
        case Role::reader:
            return true;
        case Role::member:
            return caller.is_member;
        case Role::service:
            return caller.is_service;
        case Role::admin:
            return false;
    }
    return false;
}

bool owns(const Caller& caller, const Image& image) { return !image.owner.empty() && image.owner == caller.project; }

bool is_given(const Image& image, std::optional<MemberStatus> membership) {
    return image.visibility == Visibility::shared && membership.has_value();
}

bool sees(const Caller& caller, const Image& image, std::optional<MemberStatus> membership) {
    if (caller.is_admin || owns(caller, image)) return true;
    if (image.status >= Status::pending_delete) return false;
    if (image.visibility == Visibility::public_ || image.visibility == Visibility::community) return true;
    return is_given(image, membership);
}

}  // namespace

Verdict judge(const Caller& caller, Action action) {
    return has(caller, rule_of(action).role) ? Verdict::allowed : Verdict::forbidden;
}

Verdict judge(const Caller& caller, Action action, const Image& image, std::optional<MemberStatus> membership) {
    if (caller.is_admin) return Verdict::allowed;
    // Give the same answer for every image: the caller must not learn whether an image with this id exists.
    if (!has(caller, Role::reader)) return Verdict::forbidden;
    if (!sees(caller, image, membership)) return Verdict::hidden;
    const Rule& rule = rule_of(action);
    if (!has(caller, rule.role)) return Verdict::forbidden;
    const auto verdict = [](bool is_allowed) { return is_allowed ? Verdict::allowed : Verdict::forbidden; };
    switch (rule.reach) {
        case Reach::any:
            return Verdict::allowed;
        case Reach::own:
            return verdict(owns(caller, image));
        case Reach::own_or_given:
            return verdict(owns(caller, image) || is_given(image, membership));
        case Reach::given:
            return verdict(is_given(image, membership));
    }
    return Verdict::forbidden;
}

std::string why_forbidden(const Caller& caller, Action action) {
    const Rule& rule = rule_of(action);
    const std::string what(rule.what);
    if (rule.role == Role::admin) return "only an admin may " + what;
    if (caller.project.empty())
        return "the token is not for a project: to " + what + ", choose a project when you sign in";
    if (!has(caller, rule.role)) {
        const char* role = rule.role == Role::member ? "member" : rule.role == Role::service ? "service" : "reader";
        return "to " + what + " you need the role '" + role + "' in the project " + caller.project +
               ": an admin can assign it";
    }
    switch (rule.reach) {
        case Reach::any:
            break;
        case Reach::own:
            return "only the project that owns it, or an admin, may " + what;
        case Reach::own_or_given:
            return "only the project that owns it, one that it is shared with, or an admin may " + what;
        case Reach::given:
            return "only the project that it is shared with, or an admin, may " + what;
    }
    return "you may not " + what;
}

void require(const Caller& caller, Action action) {
    if (judge(caller, action) != Verdict::allowed) throw Error(ErrorKind::forbidden, why_forbidden(caller, action));
}

void require_change(const Caller& caller, const Image* before, const Image& after) {
    const bool gets_owner = before != nullptr ? after.owner != before->owner : after.owner != caller.project;
    if (gets_owner) require(caller, Action::set_owner);
    if (before != nullptr && before->visibility == after.visibility) return;
    if (after.visibility == Visibility::public_) require(caller, Action::publicize);
    if (after.visibility == Visibility::community) require(caller, Action::make_community);
}

bool sees_member(const Caller& caller, const Image& image, std::string_view member) {
    return caller.is_admin || owns(caller, image) || member == caller.project;
}

void limit_to_visible(const Caller& caller, ImageQuery& query) {
    if (caller.is_admin) return;
    const ViewPart own{.owner = caller.project, .visibility = {}, .member = {}, .member_status = {}};
    const auto open_to_all = [](Visibility visibility) {
        return ViewPart{.owner = {}, .visibility = visibility, .member = {}, .member_status = {}};
    };
    std::vector<ViewPart>& view = query.view.emplace();
    view.push_back(own);
    if (query.in_bin) return;
    view.push_back(open_to_all(Visibility::public_));
    view.push_back({.owner = {},
                    .visibility = Visibility::shared,
                    .member = caller.project,
                    .member_status = query.member_status});
    // Everybody may use any community image, but a list shows community images of other projects only on request.
    if (query.with_community || query.visibility == Visibility::community)
        view.push_back(open_to_all(Visibility::community));
}

}  // namespace reprieve
