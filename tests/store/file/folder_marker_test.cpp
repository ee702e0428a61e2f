#include "store/file/folder_marker.hpp"

#include <boost/test/unit_test.hpp>
#include <filesystem>
#include <fstream>

#include "base/error.hpp"
#include "tests/scratch_folder.hpp"

using namespace reprieve;
using namespace reprieve::store;
using namespace reprieve::tests;

namespace {

struct Disk {
    ScratchFolder scratch;
    std::string folder = scratch / "disk/images";
    std::string record = scratch / "data/stores/big";

    void open() const { open_marked_folder(folder, record); }
    void check_away(const std::string& words) const {
        BOOST_CHECK_EXCEPTION(open(), Error, [&](const Error& error) {
            const std::string text = error.what();
            return error.kind() == ErrorKind::unavailable && text.find(words) != std::string::npos &&
                   text.find(scratch.path()) == std::string::npos;
        });
    }
};

}  // namespace

BOOST_FIXTURE_TEST_SUITE(folder_marker, Disk)

BOOST_AUTO_TEST_CASE(the_first_time_the_folder_is_made_and_then_it_is_known_again) {
    open();
    open();
    BOOST_TEST(std::filesystem::exists(folder + "/.reprieve-store"));
}

BOOST_AUTO_TEST_CASE(a_folder_that_is_gone_is_not_made_again) {
    open();
    std::filesystem::rename(folder, scratch / "unmounted");
    check_away("mount its disk");
    BOOST_TEST(!std::filesystem::exists(folder));
    std::filesystem::rename(scratch / "unmounted", folder);
    open();
}

BOOST_AUTO_TEST_CASE(an_empty_mount_point_is_not_taken_for_the_folder) {
    open();
    std::filesystem::rename(folder, scratch / "unmounted");
    std::filesystem::create_directory(folder);
    check_away("lacks the file .reprieve-store");
    BOOST_TEST(std::filesystem::is_empty(folder));
}

BOOST_AUTO_TEST_CASE(the_folder_of_another_store_is_not_taken) {
    open();
    const std::string other = scratch / "disk/other";
    open_marked_folder(other, scratch / "data/stores/other");
    std::filesystem::rename(folder, scratch / "unmounted");
    std::filesystem::rename(other, folder);
    check_away("another store");
}

BOOST_AUTO_TEST_CASE(a_folder_that_has_moved_is_the_same) {
    open();
    std::filesystem::rename(folder, scratch / "disk/moved");
    folder = scratch / "disk/moved";
    open();
}

BOOST_AUTO_TEST_CASE(without_the_record_the_folder_is_taken_as_it_is) {
    open();
    std::filesystem::remove(record);
    open();
    BOOST_TEST(std::filesystem::exists(record));
}

BOOST_AUTO_TEST_SUITE_END()
