#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace reprieve {

/// Answer of a project to an image that is shared with it. The numbers are stored in the catalog and never change. The
/// project may use the image whatever the answer is, but lists show the image to the project only if the answer is
/// `accepted`.
enum class MemberStatus : int { pending = 0, accepted = 1, rejected = 2 };

/// Returns the name in the Image API: "pending", "accepted" or "rejected".
std::string_view to_string(MemberStatus status);

/// Returns the status with this name, or nullopt if there is none.
std::optional<MemberStatus> member_status_from(std::string_view name);

/// A project that an image is shared with. The entry is kept if the visibility of the image changes, but has an effect
/// only while the visibility is "shared". Times are microseconds since 1970 UTC.
struct ImageMember {
    std::string member;  ///< id of the project
    MemberStatus status = MemberStatus::pending;
    std::int64_t created_at = 0;
    std::int64_t updated_at = 0;
};

/// Throws bad_request if the text cannot be the id of a project: it is empty, longer than 255 characters, not UTF-8, or
/// contains a NUL.
void check_member_id(std::string_view member);

}  // namespace reprieve
