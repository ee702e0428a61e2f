#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

#include "catalog/engine/connection.hpp"
#include "image/member.hpp"

namespace reprieve::catalog {

/// The projects that images are shared with. All functions run inside Catalog::read or write; `image` is Image::number.

/// By their ids.
std::vector<ImageMember> members_of(Connection& db, std::int64_t image);
std::size_t count_members(Connection& db, std::int64_t image);
std::optional<ImageMember> find_member(Connection& db, std::int64_t image, std::string_view member);

/// Throws conflict where the project is a member already.
void insert_member(Connection& db, std::int64_t image, const ImageMember& member);

/// Writes what a member says, and when. It is there.
void update_member(Connection& db, std::int64_t image, const ImageMember& member);

/// False where the project is no member.
bool delete_member(Connection& db, std::int64_t image, std::string_view member);

}  // namespace reprieve::catalog
