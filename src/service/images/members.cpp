#include "service/images/members.hpp"

#include "base/error.hpp"
#include "catalog/identity/project_table.hpp"
#include "catalog/images/member_table.hpp"
#include "catalog/operation/event_table.hpp"
#include "service/find_image.hpp"

namespace reprieve::service {
namespace {

Image find_shared(catalog::Connection& db, const Caller& caller, Action action, std::string_view id) {
    Image image = find_visible(db, caller, action, id);
    if (image.visibility != Visibility::shared)
        throw Error(ErrorKind::forbidden, "the image " + image.id + " is " + std::string(to_string(image.visibility)) +
                                              ": only shared images have members");
    return image;
}

[[noreturn]] void refuse_unknown_member(const Image& image, std::string_view member) {
    throw Error(ErrorKind::not_found,
                std::string(member) + " not found in the member list of the image " + image.id + ".");
}

/// Returns the member if the caller may see it. `asked` is the member as the caller named it: a refusal must not tell
/// the id of a project that the caller knows only by name.
ImageMember find_seen_member(catalog::Connection& db, const Caller& caller, const Image& image, std::string_view member,
                             std::string_view asked) {
    auto found = catalog::find_member(db, image.number, member);
    if (!found || !sees_member(caller, image, member)) refuse_unknown_member(image, asked);
    return std::move(*found);
}

}  // namespace

/// Returns the id of the project with that id or name; nullopt if there is none.
std::optional<std::string> Members::project_of(catalog::Connection& db, std::string_view id_or_name) const {
    if (projects_ == Projects::unknown || catalog::find_project(db, id_or_name)) return std::string(id_or_name);
    const auto named = catalog::list_projects(db, std::string(id_or_name));
    return named.empty() ? std::nullopt : std::optional(named.front().id);
}

/// Returns the id of the project that the caller means, member or not. Looks for a member with that id
/// first: its project may have been deleted, or the member may have been added in a mode in which projects are unknown.
std::string Members::member_of(catalog::Connection& db, const Image& image, std::string_view id_or_name) const {
    if (catalog::find_member(db, image.number, id_or_name)) return std::string(id_or_name);
    return project_of(db, id_or_name).value_or(std::string(id_or_name));
}

ImageMember Members::add(const Caller& caller, std::string_view id, const std::string& member) {
    check_member_id(member);
    ImageMember added;
    added.created_at = added.updated_at = clock_.now_us();
    catalog_.write([&](catalog::Connection& db) {
        const Image image = find_shared(db, caller, Action::add_member, id);
        const auto project = project_of(db, member);
        if (!project)
            throw Error(ErrorKind::bad_request,
                        "there is no project '" + member + "' to share the image with: give the id or the name of one");
        added.member = *project;
        catalog::insert_member(db, image.number, added);
        if (catalog::count_members(db, image.number) > quota_)
            throw Error(ErrorKind::too_large, "the image " + image.id + " is shared with " + std::to_string(quota_) +
                                                  " projects; no more are allowed (limits.image_member_quota)");
        catalog::record_event(db, done_by(caller, added.created_at, "member.add", image.id, image.owner, added.member));
    });
    return added;
}

std::vector<ImageMember> Members::list(const Caller& caller, std::string_view id) {
    std::vector<ImageMember> members;
    catalog_.read([&](catalog::Connection& db) {
        const Image image = find_shared(db, caller, Action::see_members, id);
        members = catalog::members_of(db, image.number);
        std::erase_if(members, [&](const ImageMember& each) { return !sees_member(caller, image, each.member); });
    });
    return members;
}

ImageMember Members::get(const Caller& caller, std::string_view id, std::string_view member) {
    return catalog_.read([&](catalog::Connection& db) {
        const Image image = find_visible(db, caller, Action::see_image, id);
        if (image.visibility != Visibility::shared)
            throw Error(ErrorKind::not_found, "the image " + image.id + " has no members: it is not shared");
        return find_seen_member(db, caller, image, member_of(db, image, member), member);
    });
}

ImageMember Members::set_status(const Caller& caller, std::string_view id, std::string_view member,
                                MemberStatus status) {
    ImageMember changed;
    catalog_.write([&](catalog::Connection& db) {
        const Image image = find_shared(db, caller, Action::see_members, id);
        changed = find_seen_member(db, caller, image, member_of(db, image, member), member);
        const bool is_own = changed.member == caller.project;
        const auto verdict =
            judge(caller, Action::answer_share, image, is_own ? std::optional(changed.status) : std::nullopt);
        if (verdict != Verdict::allowed) throw Error(ErrorKind::forbidden, why_forbidden(caller, Action::answer_share));
        changed.status = status;
        changed.updated_at = clock_.now_us();
        catalog::update_member(db, image.number, changed);
        catalog::record_event(db, done_by(caller, changed.updated_at, "member.answer", image.id, image.owner,
                                          changed.member + ' ' + std::string(to_string(status))));
    });
    return changed;
}

void Members::remove(const Caller& caller, std::string_view id, std::string_view member) {
    catalog_.write([&](catalog::Connection& db) {
        const Image image = find_shared(db, caller, Action::remove_member, id);
        const std::string project = member_of(db, image, member);
        if (!catalog::delete_member(db, image.number, project)) refuse_unknown_member(image, member);
        catalog::record_event(db, done_by(caller, clock_.now_us(), "member.remove", image.id, image.owner, project));
    });
}

}  // namespace reprieve::service
