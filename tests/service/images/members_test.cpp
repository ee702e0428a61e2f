#include "service/images/members.hpp"

#include <boost/test/unit_test.hpp>

#include "tests/service/service_fixture.hpp"

using namespace reprieve;
using namespace reprieve::tests;
using enum MemberStatus;

namespace {

struct Sharing : ServiceFixture {
    const Image image = of_lab(Visibility::shared);
    const Caller third{.user = "eve", .project = "third", .is_admin = false};

    std::string names(const Caller& caller) {
        std::string text;
        for (const ImageMember& each : members.list(caller, image.id))
            text += each.member + '=' + std::string(to_string(each.status)) + ' ';
        return text;
    }
    template <typename Work>
    bool is_refused(ErrorKind kind, Work work) {
        const std::string message = error_of(kind, work);
        BOOST_TEST_INFO(message);
        return !message.starts_with("another kind") && message != "nothing was thrown";
    }
    bool is_listed(const Caller& caller, std::optional<MemberStatus> status = accepted) {
        ImageQuery query;
        query.member_status = status;
        return !images.list(caller, query).empty();
    }
};

}  // namespace

BOOST_FIXTURE_TEST_SUITE(members_of_images, Sharing)

BOOST_AUTO_TEST_CASE(the_owner_shares_and_the_member_says_whether_it_takes_it) {
    const ImageMember added = members.add(bob, image.id, "attic");
    BOOST_TEST((added.status == pending));
    BOOST_TEST(added.created_at == clock.now_us());
    BOOST_TEST(images.get(mallory, image.id).id == image.id);
    BOOST_TEST(!is_listed(mallory));
    BOOST_TEST(is_listed(mallory, pending));

    clock.advance_us(5);
    const ImageMember taken = members.set_status(mallory, image.id, "attic", accepted);
    BOOST_TEST((taken.status == accepted));
    BOOST_TEST(taken.created_at == added.created_at);
    BOOST_TEST(taken.updated_at == clock.now_us());
    BOOST_TEST(is_listed(mallory));
    BOOST_TEST(!is_listed(third));

    members.set_status(mallory, image.id, "attic", rejected);
    BOOST_TEST(!is_listed(mallory));
    BOOST_TEST(is_listed(mallory, std::nullopt));
    members.remove(bob, image.id, "attic");
    BOOST_TEST(is_refused(ErrorKind::not_found, [&] { images.get(mallory, image.id); }));
    BOOST_TEST(!is_listed(mallory, std::nullopt));
}

BOOST_AUTO_TEST_CASE(a_member_sees_itself_alone) {
    members.add(bob, image.id, "attic");
    members.add(bob, image.id, "third");
    BOOST_TEST(names(bob) == "attic=pending third=pending ");
    BOOST_TEST(names(rita) == "attic=pending third=pending ");
    BOOST_TEST(names(alice) == "attic=pending third=pending ");
    BOOST_TEST(names(mallory) == "attic=pending ");
    BOOST_TEST(members.get(mallory, image.id, "attic").member == "attic");
    BOOST_TEST(is_refused(ErrorKind::not_found, [&] { members.get(mallory, image.id, "third"); }));
    BOOST_TEST(is_refused(ErrorKind::not_found, [&] { members.set_status(mallory, image.id, "third", accepted); }));
    BOOST_TEST(members.get(bob, image.id, "third").member == "third");
}

BOOST_AUTO_TEST_CASE(only_the_member_answers_and_only_the_owner_shares) {
    members.add(bob, image.id, "attic");
    const Caller attic_reader{.user = "r", .project = "attic", .is_admin = false, .is_member = false};
    for (const Caller& who : {bob, rita, attic_reader})
        BOOST_TEST(is_refused(ErrorKind::forbidden, [&] { members.set_status(who, image.id, "attic", accepted); }));
    for (const Caller& who : {mallory, rita, attic_reader}) {
        BOOST_TEST(is_refused(ErrorKind::forbidden, [&] { members.add(who, image.id, "fourth"); }));
        BOOST_TEST(is_refused(ErrorKind::forbidden, [&] { members.remove(who, image.id, "attic"); }));
    }
    BOOST_TEST(names(bob) == "attic=pending ");
    members.set_status(alice, image.id, "attic", accepted);
    members.add(alice, image.id, "third");
    members.remove(alice, image.id, "attic");
    BOOST_TEST(names(bob) == "third=pending ");
}

BOOST_AUTO_TEST_CASE(to_whom_the_image_is_hidden_its_members_are_too) {
    members.add(bob, image.id, "attic");
    const std::string unknown = "No image found with ID " + image.id;
    BOOST_TEST(error_of(ErrorKind::not_found, [&] { members.list(third, image.id); }) == unknown);
    BOOST_TEST(error_of(ErrorKind::not_found, [&] { members.get(third, image.id, "third"); }) == unknown);
    BOOST_TEST(error_of(ErrorKind::not_found, [&] { members.add(third, image.id, "third"); }) == unknown);
    BOOST_TEST(error_of(ErrorKind::not_found, [&] { members.set_status(third, image.id, "attic", accepted); }) ==
               unknown);
    BOOST_TEST(error_of(ErrorKind::not_found, [&] { members.remove(third, image.id, "attic"); }) == unknown);
}

BOOST_AUTO_TEST_CASE(an_image_that_is_not_shared_has_no_members_to_ask_for) {
    for (const Visibility visibility : {Visibility::private_, Visibility::community, Visibility::public_}) {
        const Image other = of_lab(visibility);
        BOOST_TEST(is_refused(ErrorKind::forbidden, [&] { members.add(bob, other.id, "attic"); }));
        BOOST_TEST(is_refused(ErrorKind::forbidden, [&] { members.list(bob, other.id); }));
        BOOST_TEST(is_refused(ErrorKind::forbidden, [&] { members.remove(bob, other.id, "attic"); }));
        BOOST_TEST(is_refused(ErrorKind::forbidden, [&] { members.set_status(bob, other.id, "lab", accepted); }));
        BOOST_TEST(is_refused(ErrorKind::not_found, [&] { members.get(bob, other.id, "attic"); }));
    }
}

BOOST_AUTO_TEST_CASE(a_member_is_added_once_up_to_the_quota_and_removed_once) {
    members.add(bob, image.id, "attic");
    BOOST_TEST(error_of(ErrorKind::conflict, [&] { members.add(bob, image.id, "attic"); }) ==
               "the image is shared with the project attic already");
    members.add(bob, image.id, "2");
    members.add(bob, image.id, "3");
    BOOST_TEST(error_of(ErrorKind::too_large, [&] { members.add(bob, image.id, "4"); }) ==
               "the image " + image.id + " is shared with 3 projects; no more are allowed (limits.image_member_quota)");
    BOOST_TEST(names(bob) == "2=pending 3=pending attic=pending ");
    members.remove(bob, image.id, "2");
    BOOST_TEST(is_refused(ErrorKind::not_found, [&] { members.remove(bob, image.id, "2"); }));
    members.add(bob, image.id, "4");
    for (const std::string& bad : {std::string(), std::string(256, 'x'), std::string("a\0b", 3), std::string("\xff")})
        BOOST_TEST(is_refused(ErrorKind::bad_request, [&] { members.add(bob, image.id, bad); }));
}

BOOST_AUTO_TEST_CASE(members_are_there_again_when_the_image_is_shared_again) {
    members.add(bob, image.id, "attic");
    members.set_status(mallory, image.id, "attic", accepted);
    const auto set = [&](const char* visibility) {
        images.update(bob, image.id, {{AttributeChange::Operation::add, "visibility", std::string(visibility)}});
    };
    set("private");
    BOOST_TEST(is_refused(ErrorKind::not_found, [&] { images.get(mallory, image.id); }));
    BOOST_TEST(!is_listed(mallory, std::nullopt));
    set("shared");
    BOOST_TEST(names(bob) == "attic=accepted ");
    BOOST_TEST(is_listed(mallory));
}

BOOST_AUTO_TEST_CASE(members_come_back_with_a_restore) {
    members.add(bob, image.id, "attic");
    members.add(bob, image.id, "third");
    members.set_status(mallory, image.id, "attic", accepted);
    clock.advance_us(us_per_second);
    images.remove(bob, image.id);
    BOOST_TEST(is_refused(ErrorKind::not_found, [&] { images.get(mallory, image.id); }));
    BOOST_TEST(is_refused(ErrorKind::not_found, [&] { members.list(bob, image.id); }));
    BOOST_TEST(!is_listed(mallory));
    trash.restore(bob, image.id);
    BOOST_TEST(names(bob) == "attic=accepted third=pending ");
    BOOST_TEST(is_listed(mallory));
}

BOOST_AUTO_TEST_SUITE_END()
