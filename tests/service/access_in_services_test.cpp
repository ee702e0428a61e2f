// Every service must ask the table of image/access.cpp. tests/image/access_test.cpp tests the table itself.

#include <boost/test/unit_test.hpp>

#include "image/access.hpp"
#include "service/images/downloads.hpp"
#include "tests/hang_limit.hpp"
#include "tests/service/service_fixture.hpp"

using namespace reprieve;
using namespace reprieve::tests;

namespace {

struct Access : ServiceFixture {
    service::Uploads uploads{
        catalog, stores, buffers, running, quotas, clock, {.image_size_cap = 1 << 20, .hash_algorithm = "sha256"}};
    service::Downloads downloads{catalog, stores, audit, clock, 2};
    const Caller nowhere{.user = "u", .project = "", .is_admin = false, .is_member = false, .is_reader = false};

    using Call = std::function<void(const Caller&, const std::string&)>;

    const std::vector<std::pair<const char*, Call>> reads{
        {"get", [&](const Caller& who, const std::string& id) { images.get(who, id); }},
        {"get_anywhere", [&](const Caller& who, const std::string& id) { images.get_anywhere(who, id); }},
        {"download", [&](const Caller& who, const std::string& id) { downloads.open(who, id); }},
    };
    const std::vector<std::pair<const char*, Call>> writes{
        {"update",
         [&](const Caller& who, const std::string& id) {
             images.update(who, id, {{AttributeChange::Operation::add, "name", std::string("mine")}});
         }},
        {"nothing", [&](const Caller& who, const std::string& id) { images.update(who, id, {}); }},
        {"add_tag", [&](const Caller& who, const std::string& id) { images.add_tag(who, id, "t"); }},
        {"remove_tag", [&](const Caller& who, const std::string& id) { images.remove_tag(who, id, "t"); }},
        {"deactivate", [&](const Caller& who, const std::string& id) { images.deactivate(who, id); }},
        {"reactivate", [&](const Caller& who, const std::string& id) { images.reactivate(who, id); }},
        {"remove", [&](const Caller& who, const std::string& id) { images.remove(who, id); }},
        {"add_member", [&](const Caller& who, const std::string& id) { members.add(who, id, "third"); }},
        {"remove_member", [&](const Caller& who, const std::string& id) { members.remove(who, id, "attic"); }},
        {"upload",
         [&](const Caller& who, const std::string& id) {
             uploads.upload(who, {.image_id = id, .size = {}, .store = {}, .source = [](auto) -> std::size_t {
                                      throw std::logic_error("a byte was read for a stranger");
                                  }});
         }},
    };
    const std::vector<std::pair<const char*, Call>> of_the_bin{
        {"bin get", [&](const Caller& who, const std::string& id) { trash.get(who, id); }},
        {"restore", [&](const Caller& who, const std::string& id) { trash.restore(who, id); }},
        {"purge", [&](const Caller& who, const std::string& id) { trash.purge(who, id, hang_limit_us); }},
        {"details", [&](const Caller& who, const std::string& id) { images.get_anywhere(who, id); }},
    };

    static std::string kind_of(const Call& call, const Caller& who, const std::string& id) {
        try {
            call(who, id);
        } catch (const Error& error) {
            return error.kind() == ErrorKind::not_found   ? "hidden"
                   : error.kind() == ErrorKind::forbidden ? "forbidden"
                                                          : error.what();
        }
        return "allowed";
    }
    void expect(const std::vector<std::pair<const char*, Call>>& calls, const Caller& who, const Image& image,
                const std::string& expected) {
        for (const auto& [name, call] : calls) BOOST_TEST(kind_of(call, who, image.id) == expected, name);
    }
    std::vector<std::string> ids(const Caller& who, const ImageQuery& query = {}) {
        std::vector<std::string> found;
        for (const Image& image : images.list(who, query)) found.push_back(image.id);
        return found;
    }
};

}  // namespace

BOOST_FIXTURE_TEST_SUITE(access_in_services, Access)

BOOST_AUTO_TEST_CASE(a_stranger_gets_at_nothing_of_a_private_image) {
    const Image image = of_lab();
    expect(reads, mallory, image, "hidden");
    expect(writes, mallory, image, "hidden");
    images.remove(bob, image.id);
    expect(of_the_bin, mallory, image, "hidden");
    BOOST_TEST(status_of(image) == Status::pending_delete);
}

BOOST_AUTO_TEST_CASE(a_stranger_reads_a_public_image_and_changes_nothing) {
    const Image image = of_lab(Visibility::public_);
    expect(reads, mallory, image, "allowed");
    expect(writes, mallory, image, "forbidden");
    images.remove(bob, image.id);
    expect(of_the_bin, mallory, image, "hidden");
}

BOOST_AUTO_TEST_CASE(a_reader_of_the_project_reads_alone) {
    const Image image = of_lab(Visibility::shared);
    expect(reads, rita, image, "allowed");
    expect(writes, rita, image, "forbidden");
    images.remove(bob, image.id);
    BOOST_TEST(trash.get(rita, image.id).id == image.id);
    BOOST_TEST(trash.list(rita, {}).size() == 1U);
    for (const auto& [name, call] : {of_the_bin[1], of_the_bin[2]})
        BOOST_TEST(kind_of(call, rita, image.id) == "forbidden", name);
    BOOST_TEST(
        error_of(ErrorKind::forbidden, [&] { trash.empty(rita, false, hang_limit_us); }).starts_with("to empty"));
    BOOST_TEST(error_of(ErrorKind::forbidden, [&] { images.create(rita, {}); }).starts_with("to create an image"));
}

BOOST_AUTO_TEST_CASE(without_a_project_nobody_is_told_anything) {
    const Image image = of_lab(Visibility::public_);
    Image unknown;
    unknown.id = new_uuid();
    for (const Image& any : {image, unknown}) {
        expect(reads, nowhere, any, "forbidden");
        expect(writes, nowhere, any, "forbidden");
        expect(of_the_bin, nowhere, any, "forbidden");
    }
    BOOST_TEST(error_of(ErrorKind::forbidden, [&] { images.list(nowhere, {}); }).starts_with("the token is not"));
    BOOST_TEST(error_of(ErrorKind::forbidden, [&] { trash.list(nowhere, {}); }).starts_with("the token is not"));
    BOOST_TEST(error_of(ErrorKind::forbidden, [&] { images.create(nowhere, {}); }).starts_with("the token is not"));
}

BOOST_AUTO_TEST_CASE(a_list_and_its_filters_show_what_the_caller_may_see) {
    Image hidden = of_lab();
    hidden.name = "secret";
    hidden.checksum = "0123";
    hidden.tags = {"t"};
    hidden.properties = {{"os", "linux"}};
    catalog.write([&](catalog::Connection& db) {
        catalog::update_image_row(db, hidden);
        catalog::update_tags(db, hidden);
        catalog::update_properties(db, hidden);
    });
    const Image open = of_lab(Visibility::public_), for_all = of_lab(Visibility::community);
    BOOST_TEST(ids(mallory) == std::vector{open.id}, boost::test_tools::per_element());
    BOOST_TEST(ids(bob).size() == 3U);
    BOOST_TEST(ids(alice).size() == 3U);
    ImageQuery query;
    query.with_community = true;
    BOOST_TEST(ids(mallory, query) == (std::vector{for_all.id, open.id}), boost::test_tools::per_element());

    const auto asked = [&](const auto& change) {
        ImageQuery filtered;
        filtered.with_community = true;
        filtered.member_status.reset();
        change(filtered);
        return ids(mallory, filtered).size() + (ids(bob, filtered).empty() ? 100 : 0);
    };
    BOOST_TEST(asked([&](ImageQuery& q) { q.owner = "lab"; }) == 2U);
    BOOST_TEST(asked([&](ImageQuery& q) { q.id = TextFilter{{hidden.id, new_uuid()}}; }) == 0U);
    BOOST_TEST(asked([&](ImageQuery& q) { q.name = TextFilter{{"secret"}}; }) == 0U);
    BOOST_TEST(asked([&](ImageQuery& q) { q.tags = {"t"}; }) == 0U);
    BOOST_TEST(asked([&](ImageQuery& q) { q.properties = {{"os", "linux"}}; }) == 0U);
    BOOST_TEST(asked([&](ImageQuery& q) { q.checksum = "0123"; }) == 0U);
    BOOST_TEST(asked([&](ImageQuery& q) { q.visibility = Visibility::private_; }) == 0U);
    BOOST_TEST(asked([&](ImageQuery& q) { q.size_min = 1; }) == 2U);
}

BOOST_AUTO_TEST_CASE(a_page_does_not_begin_behind_what_is_hidden) {
    const Image hidden = of_lab(), binned_one = of_lab();
    images.remove(bob, binned_one.id);
    ImageQuery query, of_bin;
    query.marker = hidden.id;
    of_bin.marker = binned_one.id;
    of_bin.in_bin = true;
    const std::string refusal = "the marker " + hidden.id + " is no image of this list: begin the list again";
    BOOST_TEST(error_of(ErrorKind::bad_request, [&] { images.list(mallory, query); }) == refusal);
    BOOST_TEST(images.list(bob, query).empty());
    for (const auto& list : {std::function([&](const Caller& who) { return images.list(who, of_bin); }),
                             std::function([&](const Caller& who) { return trash.list(who, of_bin); })}) {
        BOOST_TEST(error_of(ErrorKind::bad_request, [&] { list(mallory); }).starts_with("the marker"));
        BOOST_TEST(list(bob).empty());
    }
}

BOOST_AUTO_TEST_CASE(the_bin_shows_a_project_its_own) {
    const Image own = of_lab(Visibility::public_), other = active();
    images.remove(bob, own.id);
    images.remove(alice, other.id);
    ImageQuery query;
    query.in_bin = true;
    for (const auto& page : {trash.list(bob, {}), images.list(bob, query)}) {
        BOOST_REQUIRE(page.size() == 1U);
        BOOST_TEST(page[0].id == own.id);
    }
    BOOST_TEST(trash.list(alice, {}).size() == 2U);
    BOOST_TEST(trash.list(mallory, {}).empty());
    BOOST_TEST(images.list(mallory, query).empty());
}

BOOST_AUTO_TEST_CASE(a_purge_takes_no_image_that_has_got_another_owner_meanwhile) {
    const Image image = of_lab();
    images.remove(bob, image.id);
    auto scope = purge_of(image);
    scope.owner = "attic";
    BOOST_TEST(error_of(ErrorKind::not_found, [&] { scrub(scope); }).starts_with("No image"));
    BOOST_TEST(status_of(image) == Status::pending_delete);
    scope.owner = "lab";
    BOOST_TEST(scrub(scope).images == 1U);
}

BOOST_AUTO_TEST_CASE(only_an_admin_gives_an_image_away_or_makes_it_public) {
    Image given;
    given.owner = "attic";
    BOOST_TEST(error_of(ErrorKind::forbidden, [&] { images.create(bob, given); }).starts_with("only an admin"));
    given.owner.clear();
    given.visibility = Visibility::public_;
    BOOST_TEST(error_of(ErrorKind::forbidden, [&] { images.create(bob, given); }).starts_with("only an admin"));
    given.visibility = Visibility::community;
    const Image image = images.create(bob, given);
    const auto set = [&](const Caller& who, const char* name, const char* value) {
        images.update(who, image.id, {{AttributeChange::Operation::add, name, std::string(value)}});
    };
    BOOST_TEST(error_of(ErrorKind::forbidden, [&] { set(bob, "visibility", "public"); }).starts_with("only an admin"));
    BOOST_TEST(error_of(ErrorKind::forbidden, [&] { set(bob, "owner", "attic"); }).starts_with("only an admin"));
    BOOST_TEST(find(image.id)->owner == "lab");
    set(bob, "owner", "lab");
    set(alice, "visibility", "public");
    set(bob, "name", "still mine");
    set(alice, "owner", "attic");
    BOOST_TEST(find(image.id)->owner == "attic");
    const Caller system_admin{.user = "root", .project = "", .is_admin = true};
    BOOST_TEST(error_of(ErrorKind::forbidden, [&] { images.create(system_admin, {}); }).starts_with("the token "));
}

BOOST_AUTO_TEST_CASE(who_was_given_an_image_does_not_find_it_in_the_bin) {
    const Image image = of_lab(Visibility::shared);
    members.add(bob, image.id, "attic");
    members.set_status(mallory, image.id, "attic", MemberStatus::accepted);
    expect(reads, mallory, image, "allowed");
    images.remove(bob, image.id);
    expect(reads, mallory, image, "hidden");
    expect(of_the_bin, mallory, image, "hidden");
    BOOST_TEST(trash.list(mallory, {}).empty());
}

BOOST_AUTO_TEST_SUITE_END()
