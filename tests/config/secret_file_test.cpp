#include "config/secret_file.hpp"

#include <sys/stat.h>

#include <boost/test/unit_test.hpp>
#include <fstream>

#include "tests/error_of.hpp"
#include "tests/scratch_folder.hpp"

namespace reprieve {
namespace {

struct Fixture {
    std::string write(const std::string& text, mode_t mode = 0600) {
        std::ofstream(path, std::ios::binary) << text;
        ::chmod(path.c_str(), mode);
        return path;
    }
    std::string refusal(const std::string& text, mode_t mode = 0600) {
        write(text, mode);
        return tests::error_of(ErrorKind::bad_request, [&] { read_secret_file(path, "auth.key"); });
    }

    tests::ScratchFolder folder;
    const std::string path = folder / "secret";
};

}  // namespace

BOOST_FIXTURE_TEST_SUITE(secret_file, Fixture)

BOOST_AUTO_TEST_CASE(the_line_is_the_secret_without_its_end) {
    BOOST_TEST(read_secret_file(write("a pass phrase: größer "), "k") == "a pass phrase: größer ");
    BOOST_TEST(read_secret_file(write("x\n", 0640), "k") == "x");
    BOOST_TEST(read_secret_file(write("x\r\n", 0400), "k") == "x");
}

BOOST_AUTO_TEST_CASE(what_is_no_secret_is_refused_with_the_key_and_the_reason) {
    BOOST_TEST(refusal("x", 0604) ==
               "auth.key: the file " + path + " can be read by everybody: change that with chmod o-r");
    BOOST_TEST(refusal("\n").ends_with("is empty"));
    BOOST_TEST(refusal("a\nb\n").ends_with("more than one line of text"));
    BOOST_TEST(refusal(std::string("a\0b", 3)).ends_with("more than one line of text"));
    BOOST_TEST(refusal("\xff").ends_with("more than one line of text"));
    BOOST_TEST(refusal(std::string(5000, 'x')).ends_with("too long to hold one secret"));
    const auto read = [&](const std::string& other) {
        return tests::error_of(ErrorKind::bad_request, [&] { read_secret_file(other, "auth.key"); });
    };
    BOOST_TEST(read(folder / "none").ends_with("No such file or directory"));
    BOOST_TEST(read(folder.path()).find("auth.key") == 0U);
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace reprieve
