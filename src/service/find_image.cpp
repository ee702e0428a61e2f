#include "service/find_image.hpp"

#include "base/error.hpp"
#include "base/uuid.hpp"
#include "catalog/images/image_table.hpp"
#include "catalog/images/member_table.hpp"

namespace reprieve::service {
namespace {

std::optional<Image> find(catalog::Connection& db, std::string_view id) {
    return is_canonical_uuid(id) ? catalog::find_image(db, id) : std::nullopt;
}

bool is_on_its_way_out(const Image& image) {
    return image.status == Status::pending_delete || image.status == Status::scrubbing;
}

bool is_in_bin(const Image& image) {
    return is_on_its_way_out(image) && image.deletion.has_value() && image.deletion->in_bin;
}

[[noreturn]] void refuse_unknown(std::string_view id) {
    throw Error(ErrorKind::not_found, "No image found with ID " + std::string(id));
}

[[noreturn]] void refuse_not_in_bin(std::string_view id) {
    throw Error(ErrorKind::not_found, "No image with ID " + std::string(id) + " is in the recycle bin");
}

std::optional<MemberStatus> membership(catalog::Connection& db, const Caller& caller, const Image& image) {
    // Skip the lookup if judge() does not need the membership.
    if (caller.is_admin || image.visibility != Visibility::shared) return std::nullopt;
    const auto member = catalog::find_member(db, image.number, caller.project);
    return member ? std::optional(member->status) : std::nullopt;
}

/// Returns false if the image is hidden from the caller. Throws forbidden if the caller may not do `action`.
bool is_permitted(catalog::Connection& db, const Caller& caller, Action action, const Image& image) {
    const Verdict verdict = judge(caller, action, image, membership(db, caller, image));
    if (verdict == Verdict::forbidden) throw Error(ErrorKind::forbidden, why_forbidden(caller, action));
    return verdict == Verdict::allowed;
}

/// Refuses a caller who may see no images at all. Called before the lookup, so that the answer is the same for any id.
void require_reader(const Caller& caller) { require(caller, Action::list_images); }

}  // namespace

Image find_visible(catalog::Connection& db, const Caller& caller, Action action, std::string_view id) {
    require_reader(caller);
    auto image = find(db, id);
    if (!image || is_on_its_way_out(*image) || !is_permitted(db, caller, action, *image)) refuse_unknown(id);
    return std::move(*image);
}

Image find_undeleted(catalog::Connection& db, const Caller& caller, Action action, std::string_view id) {
    require_reader(caller);
    auto image = find(db, id);
    if (!image || !is_permitted(db, caller, action, *image)) refuse_unknown(id);
    return std::move(*image);
}

Image find_in_bin(catalog::Connection& db, const Caller& caller, Action action, std::string_view id) {
    require_reader(caller);
    auto image = find(db, id);
    if (!image || !is_in_bin(*image) || !is_permitted(db, caller, action, *image)) refuse_not_in_bin(id);
    return std::move(*image);
}

Image find_in_bin(catalog::Connection& db, std::string_view id, const std::optional<std::string>& owner) {
    auto image = find(db, id);
    if (!image || !is_in_bin(*image) || (owner && image->owner != *owner)) refuse_not_in_bin(id);
    return std::move(*image);
}

void check_marker(catalog::Connection& db, const Caller& caller, const ImageQuery& query) {
    if (!query.marker) return;
    try {
        if (query.in_bin)
            find_in_bin(db, caller, Action::see_bin_entry, *query.marker);
        else
            find_visible(db, caller, Action::see_image, *query.marker);
    } catch (const Error& error) {
        if (error.kind() != ErrorKind::not_found) throw;
        throw Error(ErrorKind::bad_request,
                    "the marker " + *query.marker + " is no image of this list: begin the list again");
    }
}

}  // namespace reprieve::service
