#include "catalog/images/member_table.hpp"

#include <boost/test/unit_test.hpp>

#include "base/error.hpp"
#include "tests/catalog/catalog_fixture.hpp"
#include "tests/error_of.hpp"

using namespace reprieve;
using namespace reprieve::tests;

namespace {

struct Shared : CatalogFixture {
    Image image = insert([] {
        Image made = new_image();
        made.status = Status::active;
        return made;
    }());

    void add(const Image& to, const std::string& member, MemberStatus status = MemberStatus::pending) {
        catalog.write([&](catalog::Connection& db) { catalog::insert_member(db, to.number, {member, status, 5, 5}); });
    }
    std::string names() {
        std::string text;
        catalog.read([&](catalog::Connection& db) {
            for (const auto& each : catalog::members_of(db, image.number)) text += each.member + ' ';
            BOOST_TEST(catalog::count_members(db, image.number) == catalog::members_of(db, image.number).size());
        });
        return text;
    }
    std::optional<ImageMember> find_member(const std::string& member) {
        return catalog.read([&](catalog::Connection& db) { return catalog::find_member(db, image.number, member); });
    }
};

}  // namespace

BOOST_FIXTURE_TEST_SUITE(member_table, Shared)

BOOST_AUTO_TEST_CASE(members_are_listed_by_id_and_each_image_has_its_own) {
    add(image, "b");
    add(image, "a");
    add(insert(new_image()), "c");
    BOOST_TEST(names() == "a b ");
    BOOST_TEST(!find_member("c"));
}

BOOST_AUTO_TEST_CASE(a_project_is_a_member_once) {
    add(image, "a", MemberStatus::accepted);
    BOOST_TEST(error_of(ErrorKind::conflict, [&] { add(image, "a"); }) ==
               "the image is shared with the project a already");
    BOOST_TEST((find_member("a")->status == MemberStatus::accepted));
}

BOOST_AUTO_TEST_CASE(an_answer_changes_its_member_alone) {
    add(image, "a");
    add(image, "b");
    catalog.write([&](catalog::Connection& db) {
        catalog::update_member(db, image.number, {"a", MemberStatus::rejected, 99, 7});
    });
    BOOST_TEST((find_member("a")->status == MemberStatus::rejected));
    BOOST_TEST(find_member("a")->created_at == 5);
    BOOST_TEST(find_member("a")->updated_at == 7);
    BOOST_TEST((find_member("b")->status == MemberStatus::pending));
}

BOOST_AUTO_TEST_CASE(a_member_is_removed_once_and_all_with_the_row_of_the_image) {
    add(image, "a");
    add(image, "b");
    const auto remove = [&] {
        return catalog.write([&](catalog::Connection& db) { return catalog::delete_member(db, image.number, "a"); });
    };
    BOOST_TEST(remove());
    BOOST_TEST(!remove());
    BOOST_TEST(names() == "b ");
    Image gone = in_bin(image, 1, 2);
    update(gone);
    BOOST_TEST(names() == "b ");
    gone.status = Status::scrubbing;
    update(gone);
    gone.status = Status::deleted;
    update(gone);
    catalog.write([&](catalog::Connection& db) { BOOST_TEST(catalog::purge_deleted(db, 10, 10) == 1U); });
    BOOST_TEST(names().empty());
}

BOOST_AUTO_TEST_SUITE_END()
