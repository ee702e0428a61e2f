#include "catalog/images/member_table.hpp"

#include "base/error.hpp"

namespace reprieve::catalog {
namespace {

ImageMember read_member(const Statement& row) {
    return {.member = row.get<std::string>(0),
            .status = row.get<MemberStatus>(1),
            .created_at = row.get<std::int64_t>(2),
            .updated_at = row.get<std::int64_t>(3)};
}

}  // namespace

std::vector<ImageMember> members_of(Connection& db, std::int64_t image) {
    auto rows =
        db.prepare("SELECT member, status, created_at, updated_at FROM image_members WHERE image = ?1 ORDER BY member");
    rows.bind(image);
    std::vector<ImageMember> members;
    while (rows.step()) members.push_back(read_member(rows));
    return members;
}

std::size_t count_members(Connection& db, std::int64_t image) {
    auto row = db.prepare("SELECT count(*) FROM image_members WHERE image = ?1");
    row.bind(image).step();
    return row.get<std::size_t>(0);
}

std::optional<ImageMember> find_member(Connection& db, std::int64_t image, std::string_view member) {
    auto row =
        db.prepare("SELECT member, status, created_at, updated_at FROM image_members WHERE image = ?1 AND member = ?2");
    if (!row.bind(image, member).step()) return std::nullopt;
    return read_member(row);
}

void insert_member(Connection& db, std::int64_t image, const ImageMember& member) {
    db.run(
        "INSERT INTO image_members (image, member, status, created_at, updated_at) VALUES (?1, ?2, ?3, ?4, ?5) "
        "ON CONFLICT (image, member) DO NOTHING",
        image, member.member, member.status, member.created_at, member.updated_at);
    if (db.changes() == 0)
        throw Error(ErrorKind::conflict, "the image is shared with the project " + member.member + " already");
}

void update_member(Connection& db, std::int64_t image, const ImageMember& member) {
    db.run("UPDATE image_members SET status = ?3, updated_at = ?4 WHERE image = ?1 AND member = ?2", image,
           member.member, member.status, member.updated_at);
}

bool delete_member(Connection& db, std::int64_t image, std::string_view member) {
    db.run("DELETE FROM image_members WHERE image = ?1 AND member = ?2", image, member);
    return db.changes() > 0;
}

}  // namespace reprieve::catalog
