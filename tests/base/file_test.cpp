#include "base/file.hpp"

#include <fcntl.h>
#include <sys/stat.h>

#include <boost/test/unit_test.hpp>
#include <fstream>

#include "tests/error_of.hpp"
#include "tests/scratch_folder.hpp"

using namespace reprieve;

BOOST_AUTO_TEST_SUITE(file)

namespace {

bool is_open(int fd) { return ::fcntl(fd, F_GETFD) != -1; }

}  // namespace

BOOST_AUTO_TEST_CASE(a_descriptor_closes_with_its_owner) {
    const tests::ScratchFolder scratch;
    int number = -1;
    {
        FileDescriptor first = open_folder(scratch.path());
        number = first.get();
        const FileDescriptor second = std::move(first);
        BOOST_TEST(second.get() == number);
        BOOST_TEST(is_open(number));
    }
    BOOST_TEST(!is_open(number));
}

BOOST_AUTO_TEST_CASE(a_descriptor_closes_when_told_to) {
    const tests::ScratchFolder scratch;
    FileDescriptor folder = open_folder(scratch.path());
    const int number = folder.get();
    folder.reset();
    BOOST_TEST(!folder);
    BOOST_TEST(!is_open(number));
    folder.reset();
}

BOOST_AUTO_TEST_CASE(a_folder_is_created_with_its_parents_and_for_its_owner_alone) {
    const tests::ScratchFolder scratch;
    const FileDescriptor folder = open_folder(scratch.path() + "/a/b/c");
    struct stat status {};
    BOOST_REQUIRE_EQUAL(::fstat(folder.get(), &status), 0);
    BOOST_TEST((status.st_mode & 0777) == 0700U);
    BOOST_TEST(!!open_folder(scratch.path() + "/a/b/c"));
    sync_to_disk(folder, "the folder");
}

BOOST_AUTO_TEST_CASE(a_file_in_the_way_of_a_folder_is_named) {
    const tests::ScratchFolder scratch;
    const std::string path = scratch.path() + "/file";
    std::ofstream(path) << "x";
    BOOST_TEST(tests::error_of(ErrorKind::internal, [&] { open_folder(path); }) ==
               "cannot open the folder " + path + ": Not a directory");
}

BOOST_AUTO_TEST_SUITE_END()
