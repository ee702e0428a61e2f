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

/// Returns the members of the image, in the order of their ids.
std::vector<ImageMember> members_of(Connection& db, std::int64_t image);

std::size_t count_members(Connection& db, std::int64_t image);

/// Returns the member; nullopt if the image is not shared with that project.
std::optional<ImageMember> find_member(Connection& db, std::int64_t image, std::string_view member);

/// Throws conflict if the project is a member already.
void insert_member(Connection& db, std::int64_t image, const ImageMember& member);

/// Writes the member's status and updated_at. Requires: it is a member.
void update_member(Connection& db, std::int64_t image, const ImageMember& member);

/// Returns false if the project was no member.
bool delete_member(Connection& db, std::int64_t image, std::string_view member);

}  // namespace reprieve::catalog
