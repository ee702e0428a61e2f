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

/// The projects that an image is shared with. Any thread may call.
///
/// Only an image whose visibility is "shared" has members to ask for or to change; any other throws forbidden. Those
/// that it had while it was shared are kept for the time that it is shared again. An id of an image that is malformed,
/// unknown, deleted, in the bin or hidden from the caller throws not_found.
class Members {
public:
    /// Who knows which projects there are.
    enum class Projects {
        of_catalog,  ///< the catalog: only those can be members, and their names mean them too
        unknown,     ///< somebody else, who is not asked, as in Glance: any id can be a member
    };

    /// `quota`: how many members an image may have.
    Members(catalog::Catalog& catalog, const Clock& clock, std::uint64_t quota, Projects projects)
        : catalog_(catalog), clock_(clock), quota_(quota), projects_(projects) {}

    /// Shares an image with a project, which has said nothing yet. Throws conflict where it is shared with it already,
    /// too_large at the quota, bad_request where there is no such project.
    ImageMember add(const Caller& caller, std::string_view id, const std::string& member);

    /// By their ids. A member sees only itself.
    std::vector<ImageMember> list(const Caller& caller, std::string_view id);

    /// Throws not_found also where the image has no members to ask for, and for a member that is not the caller's own.
    ImageMember get(const Caller& caller, std::string_view id, std::string_view member);

    /// What the member says: the member itself, or an admin; the owner of the image is forbidden.
    ImageMember set_status(const Caller& caller, std::string_view id, std::string_view member, MemberStatus status);

    /// Throws not_found where the project is no member, forbidden where the member itself asks.
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
