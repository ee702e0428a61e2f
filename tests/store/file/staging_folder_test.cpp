#include "store/file/staging_folder.hpp"

#include <sys/stat.h>

#include <boost/test/unit_test.hpp>
#include <string>

#include "base/uuid.hpp"
#include "tests/error_of.hpp"
#include "tests/scratch_folder.hpp"

using namespace reprieve;
using namespace reprieve::tests;

namespace {

std::span<const std::byte> bytes(std::string_view text) { return std::as_bytes(std::span(text.data(), text.size())); }

struct Staging {
    ScratchFolder scratch;
    std::string path = scratch.path() + "/uploads";
    store::StagingFolder folder{path, 0};

    static std::string text_of(const store::StagedFile& file) {
        std::string text(file.size(), '\0');
        file.read(0, std::as_writable_bytes(std::span(text)));
        return text;
    }
};

}  // namespace

BOOST_FIXTURE_TEST_SUITE(staging_folder, Staging)

BOOST_AUTO_TEST_CASE(bytes_are_there_for_whoever_opens_the_upload_again) {
    const std::string id = new_uuid();
    folder.create(id);
    {
        auto file = folder.open(id);
        BOOST_TEST(file.size() == 0U);
        file.write(0, bytes("hello"));
        file.write(3, bytes("p!?"));
        file.sync();
    }
    auto file = folder.open(id);
    BOOST_TEST(text_of(file) == "help!?");
    file.truncate(4);
    BOOST_TEST(text_of(file) == "help");
    std::string more(9, 'x');
    BOOST_TEST(file.read(2, std::as_writable_bytes(std::span(more))) == 2U);
    BOOST_TEST(file.read(4, std::as_writable_bytes(std::span(more))) == 0U);
    BOOST_TEST((folder.ids() == std::vector{id}));
}

BOOST_AUTO_TEST_CASE(nobody_else_on_the_machine_reads_it) {
    const std::string id = new_uuid();
    folder.create(id);
    struct stat info {};
    BOOST_REQUIRE(::stat((path + "/" + id).c_str(), &info) == 0);
    BOOST_TEST((info.st_mode & 0777) == 0600);
    BOOST_REQUIRE(::stat(path.c_str(), &info) == 0);
    BOOST_TEST((info.st_mode & 0777) == 0700);
}

BOOST_AUTO_TEST_CASE(what_is_removed_is_gone_and_may_be_removed_again) {
    const std::string id = new_uuid();
    folder.create(id);
    folder.remove(id);
    folder.remove(id);
    BOOST_TEST(folder.ids().empty());
    BOOST_TEST(throws(ErrorKind::not_found, [&] { folder.open(id); }));
}

BOOST_AUTO_TEST_CASE(only_the_id_of_an_upload_names_a_file) {
    for (const char* id : {"", "../catalog.db", ".", "a"}) {
        BOOST_TEST(throws(ErrorKind::internal, [&] { folder.create(id); }), id);
        BOOST_TEST(throws(ErrorKind::internal, [&] { folder.open(id); }), id);
        BOOST_TEST(throws(ErrorKind::internal, [&] { folder.remove(id); }), id);
    }
}

BOOST_AUTO_TEST_CASE(space_that_is_reserved_is_not_promised_again) {
    const auto promises = std::make_shared<store::Promises>();
    store::StagingFolder shared(path, 0, promises);
    {
        const auto reservation = shared.reserve(1000);
        BOOST_TEST(promises->outstanding == 1000U);
        reservation->settle(400);
        BOOST_TEST(promises->outstanding == 600U);
    }
    BOOST_TEST(promises->outstanding == 0U);
    BOOST_TEST(error_of(ErrorKind::storage_full, [&] { shared.reserve(std::uint64_t{1} << 62); }).find("free") !=
               std::string::npos);
    BOOST_TEST(promises->outstanding == 0U);
}

BOOST_AUTO_TEST_SUITE_END()
