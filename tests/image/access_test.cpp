#include "image/access.hpp"

#include <array>
#include <boost/test/unit_test.hpp>
#include <map>
#include <string_view>
#include <vector>

#include "tests/error_of.hpp"

using namespace reprieve;
using namespace reprieve::tests;

BOOST_AUTO_TEST_SUITE(access_rules)

namespace {

enum Roles : unsigned { none = 0, reader = 1, member = 2, service = 4, admin = 8 };

Caller caller(const char* project, unsigned roles) {
    return {.user = "u",
            .user_name = "u",
            .project = project,
            .address = {},
            .request = {},
            .is_admin = (roles & admin) != 0,
            .is_member = (roles & (admin | member)) != 0,
            .is_reader = (roles & (admin | member | reader)) != 0,
            .is_service = (roles & service) != 0};
}

// Columns of the grids: the callers. The images belong to the project "own".
const std::array<Caller, 9> callers{caller("", none),
                                    caller("own", service),
                                    caller("own", reader),
                                    caller("own", member),
                                    caller("own", reader | service),
                                    caller("other", reader),
                                    caller("other", member),
                                    caller("other", reader | service),
                                    caller("other", admin)};

struct Case {
    Visibility visibility;
    std::optional<MemberStatus> membership;  // of the project "other"
    Status status = Status::active;
};

// Rows of the grids: the images.
const std::array<Case, 11> cases{{
    {Visibility::private_, {}},
    {Visibility::private_, MemberStatus::accepted},  // was shared earlier
    {Visibility::shared, {}},
    {Visibility::shared, MemberStatus::pending},
    {Visibility::shared, MemberStatus::accepted},
    {Visibility::shared, MemberStatus::rejected},
    {Visibility::community, {}},
    {Visibility::public_, {}},
    {Visibility::shared, MemberStatus::accepted, Status::pending_delete},
    {Visibility::public_, {}, Status::pending_delete},
    {Visibility::public_, {}, Status::scrubbing},
}};

using Grid = std::array<std::string_view, cases.size()>;

// Grids: + allowed, F forbidden, H hidden. The columns, from left to right: no project; then in the own project: only
// service, reader, member, reader and service; after the gap, in another project: reader, member, reader and service,
// admin.
constexpr Grid whoever_sees_it_reads{
    "FF+++ HHH+",  // private
    "FF+++ HHH+",  // private, once shared
    "FF+++ HHH+",  // shared with nobody
    "FF+++ ++++",  // shared: pending
    "FF+++ ++++",  // accepted
    "FF+++ ++++",  // rejected
    "FF+++ ++++",  // community
    "FF+++ ++++",  // public
    "FF+++ HHH+",  // the bin: shared
    "FF+++ HHH+",  // the bin: public
    "FF+++ HHH+",  // being scrubbed
};
constexpr Grid members_of_the_owner_write{
    "FFF+F HHH+", "FFF+F HHH+", "FFF+F HHH+", "FFF+F FFF+", "FFF+F FFF+", "FFF+F FFF+",
    "FFF+F FFF+", "FFF+F FFF+", "FFF+F HHH+", "FFF+F HHH+", "FFF+F HHH+",
};
constexpr Grid the_owner_reads{
    "FF+++ HHH+", "FF+++ HHH+", "FF+++ HHH+", "FF+++ FFF+", "FF+++ FFF+", "FF+++ FFF+",
    "FF+++ FFF+", "FF+++ FFF+", "FF+++ HHH+", "FF+++ HHH+", "FF+++ HHH+",
};
constexpr Grid owner_and_receiver_read{
    "FF+++ HHH+", "FF+++ HHH+", "FF+++ HHH+", "FF+++ ++++", "FF+++ ++++", "FF+++ ++++",
    "FF+++ FFF+", "FF+++ FFF+", "FF+++ HHH+", "FF+++ HHH+", "FF+++ HHH+",
};
constexpr Grid members_of_the_receiver_write{
    "FFFFF HHH+", "FFFFF HHH+", "FFFFF HHH+", "FFFFF F+F+", "FFFFF F+F+", "FFFFF F+F+",
    "FFFFF FFF+", "FFFFF FFF+", "FFFFF HHH+", "FFFFF HHH+", "FFFFF HHH+",
};
constexpr Grid services_that_see_it{
    "FFFF+ HHH+", "FFFF+ HHH+", "FFFF+ HHH+", "FFFF+ FF++", "FFFF+ FF++", "FFFF+ FF++",
    "FFFF+ FF++", "FFFF+ FF++", "FFFF+ HHH+", "FFFF+ HHH+", "FFFF+ HHH+",
};

constexpr Grid services_beside_the_owner{
    "FFFF+ HHH+", "FFFF+ HHH+", "FFFF+ HHH+", "FFFF+ FFF+", "FFFF+ FFF+", "FFFF+ FFF+",
    "FFFF+ FFF+", "FFFF+ FFF+", "FFFF+ HHH+", "FFFF+ HHH+", "FFFF+ HHH+",
};

const std::map<Action, const Grid*> with_an_image{
    {Action::see_image, &whoever_sees_it_reads},
    {Action::download_image, &whoever_sees_it_reads},
    {Action::see_locations, &services_that_see_it},
    {Action::change_locations, &services_beside_the_owner},
    {Action::see_storage, &the_owner_reads},
    {Action::upload_data, &members_of_the_owner_write},
    {Action::update_image, &members_of_the_owner_write},
    {Action::deactivate_image, &members_of_the_owner_write},
    {Action::reactivate_image, &members_of_the_owner_write},
    {Action::delete_image, &members_of_the_owner_write},
    {Action::see_members, &owner_and_receiver_read},
    {Action::add_member, &members_of_the_owner_write},
    {Action::remove_member, &members_of_the_owner_write},
    {Action::answer_share, &members_of_the_receiver_write},
    {Action::see_bin_entry, &the_owner_reads},
    {Action::restore_image, &members_of_the_owner_write},
    {Action::purge_image, &members_of_the_owner_write},
};

constexpr std::string_view readers = "FF+++ ++++", members = "FFF+F F+F+", admins = "FFFFF FFF+";

const std::map<Action, std::string_view> without_an_image{
    {Action::list_images, readers},     {Action::create_image, members},        {Action::set_owner, admins},
    {Action::publicize, admins},        {Action::make_community, members},      {Action::see_stores, readers},
    {Action::see_store_setup, admins},  {Action::download_deactivated, admins}, {Action::list_bin, readers},
    {Action::empty_bin, members},       {Action::empty_all_bins, admins},       {Action::see_usage, readers},
    {Action::see_events, readers},      {Action::see_all_events, admins},       {Action::manage_identity, admins},
    {Action::manage_appliance, admins},
};

char letter(Verdict verdict) { return verdict == Verdict::allowed ? '+' : verdict == Verdict::forbidden ? 'F' : 'H'; }

// Number of callers left of the gap: those without a project, and those of the owning project.
constexpr std::size_t own_callers = 5;

template <typename Judge>
std::string row(const Judge& judge_one) {
    std::string text;
    for (std::size_t i = 0; i < callers.size(); ++i) {
        if (i == own_callers) text += ' ';
        text += letter(judge_one(callers[i], i < own_callers));
    }
    return text;
}

Image image_of(const Case& one) {
    Image image;
    image.owner = "own";
    image.visibility = one.visibility;
    image.status = one.status;
    return image;
}

std::string view_of(const Caller& who, ImageQuery query) {
    limit_to_visible(who, query);
    if (!query.view) return "all";
    std::string text;
    for (const ViewPart& part : *query.view) {
        if (part.owner) text += "owner=" + *part.owner + ' ';
        if (part.visibility) text += std::string(to_string(*part.visibility)) + ' ';
        if (part.member) text += "member=" + *part.member + ' ';
        if (part.member) text += std::string(part.member_status ? to_string(*part.member_status) : "any") + ' ';
        text += "| ";
    }
    return text;
}

}  // namespace

BOOST_AUTO_TEST_CASE(every_caller_may_do_with_every_image_what_the_grids_say) {
    for (const auto& [action, grid] : with_an_image)
        for (std::size_t i = 0; i < cases.size(); ++i) {
            const Image image = image_of(cases.at(i));
            const auto verdict = [&, action = action](const Caller& who, bool is_own) {
                return judge(who, action, image, is_own ? std::nullopt : cases.at(i).membership);
            };
            BOOST_TEST_CONTEXT("action " << static_cast<int>(action) << ", case " << i)
            BOOST_TEST(row(verdict) == grid->at(i));
        }
}

BOOST_AUTO_TEST_CASE(every_caller_may_do_what_is_about_no_image_as_its_roles_say) {
    for (const auto& [action, expected] : without_an_image) {
        const auto verdict = [action = action](const Caller& who, bool) { return judge(who, action); };
        BOOST_TEST_CONTEXT("action " << static_cast<int>(action)) BOOST_TEST(row(verdict) == expected);
    }
}

BOOST_AUTO_TEST_CASE(every_action_is_in_one_of_the_grids) {
    for (int number = 0; number <= static_cast<int>(Action::manage_appliance); ++number) {
        const auto action = static_cast<Action>(number);
        BOOST_TEST(with_an_image.count(action) + without_an_image.count(action) == 1U, "action " << number);
    }
}

BOOST_AUTO_TEST_CASE(an_image_of_nobody_is_the_admins_alone) {
    Image image;
    BOOST_TEST((judge(caller("", member), Action::see_image, image, {}) == Verdict::forbidden));
    BOOST_TEST((judge(caller("own", member), Action::see_image, image, {}) == Verdict::hidden));
    BOOST_TEST((judge(caller("own", admin), Action::update_image, image, {}) == Verdict::allowed));
}

BOOST_AUTO_TEST_CASE(only_an_admin_gives_images_away_or_makes_them_public) {
    Image image;
    image.owner = "own";
    const Caller maker = caller("own", member), boss = caller("other", admin);
    require_change(maker, nullptr, image);
    image.visibility = Visibility::community;
    require_change(maker, nullptr, image);
    image.visibility = Visibility::public_;
    const auto refusal = [&](const Image* before, const Image& after) {
        return error_of(ErrorKind::forbidden, [&] { require_change(maker, before, after); });
    };
    BOOST_TEST(refusal(nullptr, image) == "only an admin may make an image public");
    require_change(boss, nullptr, image);
    // The owner may change other attributes of an image that is public already.
    require_change(maker, &image, image);

    Image given = image;
    given.owner = "other";
    BOOST_TEST(refusal(&image, given) == "only an admin may give an image to another project");
    given.owner.clear();
    BOOST_TEST(refusal(&image, given) == "only an admin may give an image to another project");
    require_change(boss, &image, given);
    Image foreign;
    foreign.owner = "other";
    BOOST_TEST(refusal(nullptr, foreign) == "only an admin may give an image to another project");
}

BOOST_AUTO_TEST_CASE(a_refusal_says_what_it_takes) {
    BOOST_TEST(why_forbidden(callers[0], Action::list_images) ==
               "the token is not for a project: to list images, choose a project when you sign in");
    BOOST_TEST(why_forbidden(callers[1], Action::see_image) ==
               "to see an image you need the role 'reader' in the project own: an admin can assign it");
    BOOST_TEST(why_forbidden(callers[2], Action::delete_image) ==
               "to delete an image you need the role 'member' in the project own: an admin can assign it");
    BOOST_TEST(why_forbidden(callers[6], Action::delete_image) ==
               "only the project that owns it, or an admin, may delete an image");
    BOOST_TEST(why_forbidden(callers[3], Action::answer_share) ==
               "only the project that it is shared with, or an admin, may accept or reject an image");
    BOOST_TEST(error_of(ErrorKind::forbidden, [] { require(callers[3], Action::manage_appliance); }) ==
               "only an admin may manage the appliance");
}

BOOST_AUTO_TEST_CASE(who_was_given_an_image_sees_itself_alone_among_its_members) {
    Image image;
    image.owner = "own";
    BOOST_TEST(sees_member(caller("own", reader), image, "third"));
    BOOST_TEST(sees_member(caller("admin", admin), image, "third"));
    BOOST_TEST(sees_member(caller("other", reader), image, "other"));
    BOOST_TEST(!sees_member(caller("other", member), image, "third"));
}

BOOST_AUTO_TEST_CASE(a_list_holds_what_its_caller_may_see) {
    const Caller who = caller("own", reader);
    ImageQuery query;
    BOOST_TEST(view_of(caller("own", admin), query) == "all");
    BOOST_TEST(view_of(who, query) == "owner=own | public | shared member=own accepted | ");
    query.member_status = MemberStatus::pending;
    BOOST_TEST(view_of(who, query) == "owner=own | public | shared member=own pending | ");
    query.member_status.reset();
    query.with_community = true;
    BOOST_TEST(view_of(who, query) == "owner=own | public | shared member=own any | community | ");
    query.with_community = false;
    query.visibility = Visibility::community;
    BOOST_TEST(view_of(who, query) == "owner=own | public | shared member=own any | community | ");
    query.in_bin = true;
    BOOST_TEST(view_of(who, query) == "owner=own | ");
}

BOOST_AUTO_TEST_SUITE_END()
