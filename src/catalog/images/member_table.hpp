#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

#include "catalog/engine/connection.hpp"
#include "image/member.hpp"

namespace reprieve::catalog {

/// This file is the table of members: the projects that an image is shared with. Call its functions inside
/// Catalog::read or Catalog::write. `image` is Image::number, and `member` is the id of a project.

/// Returns the members of the image, in the order of their ids.
std::vector<ImageMember> members_of(Connection& db, std::int64_t image);

std::size_t count_members(Connection& db, std::int64_t image);

/// Returns the member; nullopt if the image is not shared with that project.
std::optional<ImageMember> find_member(Connection& db, std::int64_t image, std::string_view member);

/// Stores a new member. Throws conflict if the project is a member already. Requires: the row of the image exists.
void insert_member(Connection& db, std::int64_t image, const ImageMember& member);

/// Stores status and updated_at of a member. Does nothing if the project is not a member.
void update_member(Connection& db, std::int64_t image, const ImageMember& member);

/// Deletes a member. Returns false if the project was not a member.
bool delete_member(Connection& db, std::int64_t image, std::string_view member);

}  // namespace reprieve::catalog
