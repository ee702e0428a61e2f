#include "identity/users/first_sign_in.hpp"

#include <sys/stat.h>
#include <unistd.h>

#include <boost/test/unit_test.hpp>
#include <fstream>

#include "tests/error_of.hpp"
#include "tests/identity/identity_fixture.hpp"

using namespace reprieve;
using namespace reprieve::tests;

namespace {

const std::string url = "http://box:9292";

std::string secret_in(const std::string& text) {
    const std::string before = "\"one_time\": \"";
    return text.substr(text.find(before) + before.size(), 64);
}

struct First : IdentityFixture {
    const std::string file = folder / "first-sign-in";

    bool has_file() const { return ::access(file.c_str(), F_OK) == 0; }
    std::string content() const {
        std::ifstream in(file);
        return {std::istreambuf_iterator<char>(in), std::istreambuf_iterator<char>()};
    }
    identity::LocalTokens::NewToken use(const std::string& secret) {
        identity::SignInRequest request;
        request.one_time = secret;
        return sign_in.sign_in(request);
    }
};

const std::string over =
    "the one-time sign-in is unknown, used or expired; a restart makes another, as long as no admin has a password";

}  // namespace

BOOST_FIXTURE_TEST_SUITE(first_sign_in_suite, First)

BOOST_AUTO_TEST_CASE(the_first_start_leaves_a_secret_for_the_owner_alone) {
    const std::string text = first_sign_in.prepare(url).value();
    BOOST_TEST(content() == text);
    BOOST_TEST(text.find(url + "/api/session") != std::string::npos);
    BOOST_TEST(text.find(" user set admin --password\n") != std::string::npos);
    struct stat info {};
    BOOST_REQUIRE(::stat(file.c_str(), &info) == 0);
    BOOST_TEST((info.st_mode & 07777) == 0600);
}

BOOST_AUTO_TEST_CASE(it_signs_the_admin_in_once) {
    const std::string secret = secret_in(first_sign_in.prepare(url).value());
    const auto made = use(secret);
    BOOST_TEST(made.facts.user.name == "admin");
    BOOST_TEST(made.facts.project->name == "default");
    BOOST_TEST(tokens.validate(made.token).roles.front().name == "admin");
    BOOST_TEST(!has_file());
    BOOST_TEST(error_of(ErrorKind::unauthenticated, [&] { use(secret); }) == over);
    for (const std::string& wrong : {std::string(), std::string(64, '0'), std::string("x")})
        BOOST_TEST(error_of(ErrorKind::unauthenticated, [&] { use(wrong); }) == over);
}

BOOST_AUTO_TEST_CASE(it_ends_as_soon_as_some_admin_has_a_password) {
    const std::string secret = secret_in(first_sign_in.prepare(url).value());
    const auto user = directory.create_user(root, "ann", "a long password", {}, "");
    directory.assign(root, {user.id, "default", "admin"});
    BOOST_TEST(!has_file());
    BOOST_TEST(error_of(ErrorKind::unauthenticated, [&] { use(secret); }) == over);
}

BOOST_AUTO_TEST_CASE(it_expires_after_a_day) {
    const std::string secret = secret_in(first_sign_in.prepare(url).value());
    clock.advance_us(day_us);
    BOOST_TEST(error_of(ErrorKind::unauthenticated, [&] { use(secret); }) == over);
}

BOOST_AUTO_TEST_CASE(a_new_start_makes_another_as_long_as_no_admin_has_a_password) {
    const std::string first = secret_in(first_sign_in.prepare(url).value());
    const std::string second = secret_in(first_sign_in.prepare(url).value());
    BOOST_TEST(error_of(ErrorKind::unauthenticated, [&] { use(first); }) == over);
    directory.update_user(root, "admin", {.password = "a password"});
    BOOST_TEST(!has_file(), "a password from the command line ends it too");
    BOOST_TEST(error_of(ErrorKind::unauthenticated, [&] { use(second); }) == over);
    BOOST_TEST(!first_sign_in.prepare(url).has_value());
    BOOST_TEST(!has_file());
}

BOOST_AUTO_TEST_CASE(the_password_of_somebody_else_leaves_it) {
    first_sign_in.prepare(url);
    make_user("ann", "a password", "lab");
    directory.update_user(root, directory.users("ann").front().id, {.password = "another one"});
    BOOST_TEST(has_file());
    directory.assign(root, {directory.users("ann").front().id, "default", "admin"});
    BOOST_TEST(!first_sign_in.prepare(url).has_value(), "now there is an admin who can sign in");
}

BOOST_AUTO_TEST_CASE(what_lies_in_the_way_is_replaced_and_not_followed) {
    const std::string other = folder / "other";
    std::ofstream(other) << "mine";
    BOOST_REQUIRE(::symlink(other.c_str(), file.c_str()) == 0);
    const std::string text = first_sign_in.prepare(url).value();
    std::ifstream in(other);
    BOOST_TEST((std::string{std::istreambuf_iterator<char>(in), std::istreambuf_iterator<char>()} == "mine"));
    BOOST_TEST(content() == text);
}

BOOST_AUTO_TEST_SUITE_END()
