#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/clock.hpp"
#include "catalog/catalog.hpp"
#include "image/caller.hpp"
#include "image/image.hpp"
#include "image/member.hpp"

namespace reprieve::service {

/// Members of images: the projects that an image is shared with. Any thread may call.
///
/// Members can be read and changed only if the visibility of the image is "shared". Otherwise the functions throw
/// forbidden, except get(), which throws not_found. An image that is no longer shared keeps its members for the time
/// when it is shared again. All functions throw not_found for an image that is unknown, deleted, in the bin or hidden
/// from the caller, and for a malformed id.
class Members {
public:
    /// Source of the projects that can be members.
    enum class Projects {
        of_catalog,  ///< the catalog: only its projects can be members, by id or by name
        unknown,     ///< another service, which is not asked, as in Glance: any id can be a member
    };

    /// `quota`: maximum number of members of one image.
    Members(catalog::Catalog& catalog, const Clock& clock, std::uint64_t quota, Projects projects)
        : catalog_(catalog), clock_(clock), quota_(quota), projects_(projects) {}

    /// Shares an image with a project. The status of the new member is pending. Throws conflict if the project is a
    /// member already, too_large at the quota, bad_request if there is no such project.
    ImageMember add(const Caller& caller, std::string_view id, const std::string& member);

    /// Returns the members in the order of their ids. A member sees only itself.
    std::vector<ImageMember> list(const Caller& caller, std::string_view id);

    /// Returns a member. Throws not_found also if the image is not shared, or the caller may not see this member.
    ImageMember get(const Caller& caller, std::string_view id, std::string_view member);

    /// Sets the member's answer to the sharing. Only the member itself and an admin may do that; throws forbidden for
    /// the image's owner.
    ImageMember set_status(const Caller& caller, std::string_view id, std::string_view member, MemberStatus status);

    /// Ends the sharing with a project. Throws not_found if the project is no member, forbidden if the member itself
    /// asks.
    void remove(const Caller& caller, std::string_view id, std::string_view member);

private:
    std::optional<std::string> project_of(catalog::Connection& db, std::string_view id_or_name) const;
    std::string member_of(catalog::Connection& db, const Image& image, std::string_view id_or_name) const;

    catalog::Catalog& catalog_;
    const Clock& clock_;
    const std::uint64_t quota_;
    const Projects projects_;
};

}  // namespace reprieve::service
