#include "identity/users/directory.hpp"

#include <boost/test/unit_test.hpp>
#include <fstream>

#include "tests/error_of.hpp"
#include "tests/identity/identity_fixture.hpp"

using namespace reprieve;
using namespace reprieve::tests;
using identity::Assignment;
using identity::User;

namespace {

std::vector<std::string> names_of(const auto& things) {
    std::vector<std::string> names;
    for (const auto& thing : things) names.push_back(thing.name);
    return names;
}

const std::vector<std::string> only_default{"default"};

}  // namespace

BOOST_FIXTURE_TEST_SUITE(directory, IdentityFixture)

BOOST_AUTO_TEST_CASE(the_first_start_has_an_admin_without_a_password) {
    BOOST_TEST(names_of(directory.projects()) == only_default);
    BOOST_TEST(directory.project("default").name == "default");
    const User admin = directory.user("admin");
    BOOST_TEST(admin.name == "admin");
    BOOST_TEST(!admin.has_password);
    BOOST_TEST((directory.assignments("admin", {}) == std::vector<Assignment>{{"admin", "default", "admin"}}));
}

BOOST_AUTO_TEST_CASE(users_and_projects_are_found_by_id_and_by_name) {
    const auto lab = directory.create_project(root, "lab", "the lab");
    const User ann = directory.create_user(root, "ann", "a password", lab.id, "Ann");
    BOOST_TEST(ann.id.size() == 32);
    BOOST_TEST(lab.id.size() == 32);
    BOOST_TEST(directory.user(ann.id).default_project.value() == lab.id);
    BOOST_TEST(directory.user(ann.id).has_password);
    BOOST_TEST(names_of(directory.users("ann")) == std::vector<std::string>{"ann"});
    BOOST_TEST(directory.users("Ann").empty());
    BOOST_TEST((names_of(directory.users()) == std::vector<std::string>{"admin", "ann"}));
    BOOST_TEST(directory.projects("lab").front().description == "the lab");
    BOOST_TEST(error_of(ErrorKind::not_found, [&] { directory.user("nobody"); }) == "there is no user with id nobody");
    BOOST_TEST(error_of(ErrorKind::not_found, [&] { directory.project("x"); }) == "there is no project with id x");
}

BOOST_AUTO_TEST_CASE(a_name_is_given_once) {
    const auto lab = directory.create_project(root, "lab", "");
    const User ann = make_user("ann", "lab");
    BOOST_TEST(error_of(ErrorKind::conflict, [&] { directory.create_project(root, "lab", ""); }) ==
               "there is a project 'lab' already");
    BOOST_TEST(error_of(ErrorKind::conflict, [&] { directory.create_user(root, "ann", {}, {}, ""); }) ==
               "there is a user 'ann' already");
    BOOST_TEST(error_of(ErrorKind::conflict, [&] { directory.update_user(root, "admin", {.name = "ann"}); }) ==
               "there is a user 'ann' already");
    BOOST_TEST(error_of(ErrorKind::conflict, [&] { directory.update_project(root, "default", {.name = "lab"}); }) ==
               "there is a project 'lab' already");
    directory.update_user(root, ann.id, {.name = "ann"});
    directory.update_project(root, lab.id, {.name = "lab"});
}

BOOST_AUTO_TEST_CASE(a_name_that_no_list_could_show_is_refused) {
    for (const std::string& name : {std::string(), std::string(256, 'x'), std::string("a\nb"), std::string("\xff"),
                                    std::string(" a"), std::string("a "), std::string("a\xe2\x80\xae")}) {
        BOOST_TEST(error_of(ErrorKind::bad_request, [&] {
                       directory.create_user(root, name, {}, {}, "");
                   }).starts_with("the name of a user has"));
        BOOST_TEST(error_of(ErrorKind::bad_request, [&] {
                       directory.create_project(root, name, "");
                   }).starts_with("the name of a project has"));
    }
    directory.create_user(root, std::string(255, 'x'), {}, {}, "");
    directory.create_user(root, "Łukasz O'Neill", {}, {}, "");
    BOOST_TEST(error_of(ErrorKind::bad_request, [&] {
                   directory.create_project(root, "p", std::string(1001, 'x'));
               }).starts_with("a description has"));
}

BOOST_AUTO_TEST_CASE(a_change_leaves_alone_what_it_does_not_name) {
    const auto lab = directory.create_project(root, "lab", "the lab");
    const User ann = directory.create_user(root, "ann", {}, lab.id, "Ann");
    const User after = directory.update_user(root, ann.id, {.description = "Ann Smith"});
    BOOST_TEST(after.name == "ann");
    BOOST_TEST(after.default_project.value() == lab.id);
    BOOST_TEST(after.is_enabled);
    BOOST_TEST(!directory.update_user(root, ann.id, {.default_project = ""}).default_project.has_value());
    BOOST_TEST(error_of(ErrorKind::not_found, [&] { directory.update_user(root, ann.id, {.default_project = "x"}); }) ==
               "there is no project with id x");
    BOOST_TEST(directory.update_project(root, lab.id, {.name = "lab 2"}).description == "the lab");
}

BOOST_AUTO_TEST_CASE(a_new_password_or_a_disabled_user_ends_the_tokens) {
    const User ann = make_user("ann", "lab");
    const std::string first = token_for(ann, project_id("lab"));
    directory.update_user(root, ann.id, {.description = "still there"});
    BOOST_TEST(is_valid(first));
    directory.update_user(root, ann.id, {.password = "another one"});
    BOOST_TEST(!is_valid(first));
    const std::string second = token_for(ann, project_id("lab"));
    directory.update_user(root, ann.id, {.is_enabled = false});
    directory.update_user(root, ann.id, {.is_enabled = true});
    BOOST_TEST(!is_valid(second));
}

BOOST_AUTO_TEST_CASE(a_disabled_or_deleted_project_ends_the_tokens_for_it) {
    const User ann = make_user("ann", "lab");
    const std::string lab = project_id("lab");
    const std::string first = token_for(ann, lab);
    const std::string unscoped = token_for(ann, "");
    directory.update_project(root, lab, {.is_enabled = false});
    directory.update_project(root, lab, {.is_enabled = true});
    BOOST_TEST(!is_valid(first));
    const std::string second = token_for(ann, lab);
    directory.delete_project(root, lab);
    BOOST_TEST(!is_valid(second));
    BOOST_TEST(is_valid(unscoped));
    BOOST_TEST(directory.assignments(ann.id, {}).empty());
}

BOOST_AUTO_TEST_CASE(the_last_admin_stays_whatever_is_changed) {
    const std::string refusal = "no admin would be left; give the role admin to another user first";
    const Assignment assignment{"admin", "default", "admin"};
    const auto refused = [&](const auto& change) { return error_of(ErrorKind::conflict, change) == refusal; };
    BOOST_TEST(refused([&] { directory.delete_user(root, "admin"); }));
    BOOST_TEST(refused([&] { directory.update_user(root, "admin", {.is_enabled = false}); }));
    BOOST_TEST(refused([&] { directory.unassign(root, assignment); }));
    BOOST_TEST(directory.user("admin").is_enabled);
    BOOST_TEST((directory.assignments("admin", {}) == std::vector<Assignment>{assignment}));

    const std::string lab = project_id("lab");
    directory.assign(root, {"admin", lab, "admin"});
    directory.unassign(root, assignment);
    BOOST_TEST(refused([&] { directory.delete_project(root, lab); }));
    BOOST_TEST(refused([&] { directory.update_project(root, lab, {.is_enabled = false}); }));
    directory.assign(root, {make_user("ann", "lab").id, "default", "admin"});
    directory.delete_user(root, "admin");
    BOOST_TEST(directory.users("admin").empty());
}

BOOST_AUTO_TEST_CASE(the_project_of_mode_none_stays) {
    BOOST_TEST(error_of(ErrorKind::conflict, [&] { directory.delete_project(root, "default"); }) ==
               "the project 'default' cannot be deleted");
    BOOST_TEST(error_of(ErrorKind::conflict, [&] {
                   directory.update_project(root, "default", {.is_enabled = false});
               }) == "the project 'default' cannot be disabled");
}

BOOST_AUTO_TEST_CASE(a_project_that_owns_images_is_deleted_only_with_an_heir) {
    const auto lab = directory.create_project(root, "lab", "");
    const auto heir = directory.create_project(root, "heir", "");
    store_image(lab.id, 700);
    Image deleted = new_image();
    deleted.owner = lab.id;
    deleted.size = 300;
    insert(in_bin(deleted, 1, 2));
    BOOST_TEST(error_of(ErrorKind::in_use, [&] { directory.delete_project(root, lab.id); }) ==
               "the project 'lab' owns 2 images with 1000 bytes, recycle bin included; delete them and empty its bin, "
               "or name a project that takes them over");
    BOOST_TEST(error_of(ErrorKind::not_found, [&] { directory.delete_project(root, lab.id, "nobody"); }) ==
               "there is no project with id nobody");
    BOOST_TEST(error_of(ErrorKind::bad_request, [&] { directory.delete_project(root, lab.id, lab.id); }) ==
               "a project cannot inherit its own images");
    directory.delete_project(root, lab.id, heir.id);
    BOOST_TEST(find(deleted.id)->owner == heir.id);
    BOOST_TEST(error_of(ErrorKind::in_use, [&] {
                   directory.delete_project(root, heir.id);
               }).starts_with("the project 'heir' owns 2 images with 1000 bytes"));
}

BOOST_AUTO_TEST_CASE(the_last_user_of_a_project_with_images_stays) {
    const User ann = make_user("ann", "lab");
    const std::string lab = project_id("lab");
    store_image(lab, 700);
    BOOST_TEST(error_of(ErrorKind::in_use, [&] { directory.delete_user(root, ann.id); }) ==
               "the project 'lab' owns 1 image with 700 bytes, recycle bin included; 'ann' is its last user: give "
               "another one a role in it first");
    const User bob = make_user("bob", "lab");
    const std::string token = token_for(ann, lab);
    directory.delete_user(root, ann.id);
    BOOST_TEST(!is_valid(token));
    BOOST_TEST(directory.assignments(ann.id, {}).empty());
    BOOST_TEST(
        error_of(ErrorKind::in_use, [&] { directory.delete_user(root, bob.id); }).starts_with("the project 'lab'"));
}

BOOST_AUTO_TEST_CASE(roles_are_the_four_there_are) {
    const User ann = make_user("ann", "lab");
    const std::string lab = project_id("lab");
    BOOST_TEST(error_of(ErrorKind::not_found, [&] {
                   directory.assign(root, {ann.id, lab, "root"});
               }) == "there is no role 'root': use admin, member, reader or service");
    BOOST_TEST(error_of(ErrorKind::not_found, [&] {
                   directory.assign(root, {"x", lab, "reader"});
               }) == "there is no user with id x");
    BOOST_TEST(error_of(ErrorKind::not_found, [&] {
                   directory.assign(root, {ann.id, "x", "reader"});
               }) == "there is no project with id x");
    directory.assign(root, {ann.id, lab, "reader"});
    directory.assign(root, {ann.id, lab, "reader"});
    BOOST_TEST(directory.assignments({}, lab).size() == 2);
    directory.unassign(root, {ann.id, lab, "reader"});
    BOOST_TEST(error_of(ErrorKind::not_found, [&] {
                   directory.unassign(root, {ann.id, lab, "reader"});
               }) == "the user lacks the role 'reader' in the project");
}

BOOST_AUTO_TEST_CASE(an_application_credential_has_no_more_than_its_user) {
    const User ann = make_user("ann", "lab");
    const std::string lab = project_id("lab");
    const auto made = directory.create_credential(root, {.name = "robot", .user = ann.id, .project = lab}, {});
    BOOST_TEST(made.secret.size() == 64);
    BOOST_TEST((made.credential.roles == std::vector<std::string>{"member", "reader"}));
    const auto watcher =
        directory.create_credential(root, {.name = "w", .user = ann.id, .project = lab, .roles = {"reader"}}, {});
    BOOST_TEST((watcher.credential.roles == std::vector<std::string>{"reader"}));
    BOOST_TEST(directory.credentials(ann.id).size() == 2);
    BOOST_TEST(directory.credentials(ann.id, "robot").front().id == made.credential.id);
    BOOST_TEST(error_of(ErrorKind::conflict, [&] {
                   directory.create_credential(root, {.name = "robot", .user = ann.id, .project = lab}, {});
               }) == "the user has an application credential 'robot' already");
    BOOST_TEST(error_of(ErrorKind::bad_request, [&] {
                   directory.create_credential(root, {.name = "r", .user = ann.id, .project = lab, .roles = {"admin"}},
                                               {});
               }) == "an application credential cannot have the role 'admin', which its user lacks in the project");
    BOOST_TEST(error_of(ErrorKind::bad_request, [&] {
                   directory.create_credential(root, {.name = "r", .user = ann.id, .project = "default"}, {});
               }).starts_with("the user has no role in the project"));
    BOOST_TEST(error_of(ErrorKind::bad_request, [&] {
                   directory.create_credential(
                       root, {.name = "r", .user = ann.id, .project = lab, .expires_at = clock.now_us()}, {});
               }) == "expires_at is in the past");
    directory.delete_credential(root, made.credential.id);
    BOOST_TEST(error_of(ErrorKind::not_found, [&] {
                   directory.credential(made.credential.id);
               }).starts_with("there is no application credential with id "));
    BOOST_TEST(error_of(ErrorKind::not_found, [&] {
                   directory.delete_credential(root, made.credential.id);
               }).starts_with("there is no application credential with id "));
}

BOOST_AUTO_TEST_CASE(the_catalog_holds_no_secret_as_it_is) {
    const User ann = directory.create_user(root, "ann", "hunter-2-hunter", {}, "");
    const std::string token = token_for(ann, "");
    const auto text = first_sign_in.prepare("http://box:9292").value();
    const std::string secret = text.substr(text.find("one_time\": \"") + 12, 64);
    for (const char* name : {"catalog.db", "catalog.db-wal"}) {
        std::ifstream file(folder / name, std::ios::binary);
        const std::string bytes{std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>()};
        for (const std::string& word : {std::string("hunter-2-hunter"), token, secret})
            BOOST_TEST((bytes.find(word) == std::string::npos), name << " holds " << word);
    }
}

BOOST_AUTO_TEST_SUITE_END()
