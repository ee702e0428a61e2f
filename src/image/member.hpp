#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace reprieve {

/// What a project says to an image that is shared with it. The numbers are stored in the catalog and never change.
/// Whatever it says it may use the image; it finds it in its lists once it has accepted.
enum class MemberStatus : int { pending = 0, accepted = 1, rejected = 2 };

/// The name in the Image API.
std::string_view to_string(MemberStatus status);
std::optional<MemberStatus> member_status_from(std::string_view name);

/// A project that an image is shared with. It is kept whatever becomes of the image's visibility, but means something
/// only while that is "shared". Times are microseconds since 1970 UTC.
struct ImageMember {
    std::string member;  ///< id of the project
    MemberStatus status = MemberStatus::pending;
    std::int64_t created_at = 0;
    std::int64_t updated_at = 0;
};

/// Throws bad_request for what cannot be the id of a project: empty, longer than 255 characters, no UTF-8, or with a
/// NUL.
void check_member_id(std::string_view member);

}  // namespace reprieve
