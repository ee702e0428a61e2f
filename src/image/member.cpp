#include "image/member.hpp"

#include <array>

#include "base/error.hpp"
#include "base/utf8.hpp"

namespace reprieve {
namespace {

constexpr std::array<std::string_view, 3> names{"pending", "accepted", "rejected"};
constexpr std::size_t max_characters = 255;

}  // namespace

std::string_view to_string(MemberStatus status) { return names.at(static_cast<std::size_t>(status)); }

std::optional<MemberStatus> member_status_from(std::string_view name) {
    for (std::size_t i = 0; i < names.size(); ++i)
        if (names.at(i) == name) return static_cast<MemberStatus>(i);
    return std::nullopt;
}

void check_member_id(std::string_view member) {
    const auto length = utf8_length(member);
    const bool is_fine =
        length && *length > 0 && *length <= max_characters && member.find('\0') == std::string_view::npos;
    if (!is_fine)
        throw Error(ErrorKind::bad_request, "a member must be the id of a project: a text of 1 to 255 characters");
}

}  // namespace reprieve
