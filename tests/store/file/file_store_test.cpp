#include "store/file/file_store.hpp"

#include <sys/mount.h>
#include <unistd.h>

#include <atomic>
#include <boost/test/unit_test.hpp>
#include <filesystem>
#include <fstream>
#include <map>
#include <thread>
#include <vector>

#include "base/error.hpp"
#include "base/uuid.hpp"
#include "tests/sample_bytes.hpp"
#include "tests/scratch_folder.hpp"

using namespace reprieve;
using namespace reprieve::store;
using namespace reprieve::tests;
namespace fs = std::filesystem;

namespace {

struct Fixture {
    ScratchFolder folder;
    FileStore store{folder / "images", 0};

    std::string new_uri() { return store.uri_for(new_uuid()); }

    std::string put(const std::string& text) {
        const std::string uri = new_uri();
        const auto writer = store.create(uri, text.size());
        writer->write(AlignedCopy(text).bytes());
        writer->commit();
        return uri;
    }

    std::string get(const std::string& uri) {
        const auto reader = store.open(uri);
        std::string text(reader->size() + 1, '\0');
        text.resize(reader->read(0, std::as_writable_bytes(std::span(text))));
        return text;
    }

    std::size_t files_in(const std::string& name) {
        std::size_t count = 0;
        for (const auto& entry : fs::directory_iterator(folder / name)) count += entry.is_directory() ? 0U : 1U;
        return count;
    }

    std::map<std::string, StoredObject> listed() {
        std::map<std::string, StoredObject> objects;
        store.list([&](const StoredObject& object) { objects[object.uri] = object; });
        return objects;
    }
};

/// Returns a predicate for BOOST_CHECK_EXCEPTION: the error has this kind, and its message contains `words`.
auto is_error(ErrorKind kind, const std::string& words = "") {
    return [=](const Error& error) {
        BOOST_TEST_MESSAGE(error.what());
        return error.kind() == kind && std::string(error.what()).find(words) != std::string::npos;
    };
}

}  // namespace

BOOST_FIXTURE_TEST_SUITE(file_store, Fixture)

BOOST_AUTO_TEST_CASE(what_is_written_is_read_back_whatever_its_size) {
    for (const std::size_t size : {std::size_t{0}, std::size_t{1}, std::size_t{4095}, std::size_t{4096},
                                   std::size_t{70'000}, mebibyte, mebibyte + 1, 3 * mebibyte + 12'345}) {
        const std::string text = sample_bytes(size);
        const std::string uri = put(text);
        BOOST_TEST((get(uri) == text), size);
        BOOST_TEST(store.stat(uri).size == size);
    }
}

BOOST_AUTO_TEST_CASE(writes_of_any_shape_add_up) {
    const std::string text = sample_bytes(2 * mebibyte + 777) + std::string(200'000, '\0') + sample_bytes(9'999, 2);
    const AlignedCopy copy(text);
    const std::string uri = new_uri();
    const auto writer = store.create(uri, std::nullopt);
    std::size_t at = 0;
    for (std::size_t step = 1; at < text.size(); step = step * 3 + 1) {
        const std::size_t count = std::min(step % 500'000, text.size() - at);
        writer->write(copy.bytes().subspan(at, count));
        at += count;
    }
    writer->commit();
    BOOST_TEST((get(uri) == text));
}

BOOST_AUTO_TEST_CASE(the_uri_holds_no_path) {
    const std::string id = new_uuid();
    BOOST_TEST(store.uri_for(id) == "file:" + id);
}

BOOST_AUTO_TEST_CASE(a_folder_that_has_moved_still_works) {
    const std::string uri = put("bytes");
    fs::rename(folder / "images", folder / "elsewhere");
    FileStore moved(folder / "elsewhere", 0);
    BOOST_TEST(moved.stat(uri).size == 5U);
}

BOOST_AUTO_TEST_CASE(blocks_of_zeros_become_holes) {
    const std::string zeros(8 * mebibyte, '\0');
    const std::string uri = put(sample_bytes(mebibyte) + zeros + sample_bytes(mebibyte, 2) + zeros);
    const StoredObject object = store.stat(uri);
    BOOST_TEST(object.size == 18 * mebibyte);
    BOOST_TEST(object.allocated >= 2 * mebibyte);
    BOOST_TEST(object.allocated < 3 * mebibyte);
    BOOST_TEST((get(uri) == sample_bytes(mebibyte) + zeros + sample_bytes(mebibyte, 2) + zeros));
}

BOOST_AUTO_TEST_CASE(an_image_of_zeros_alone_takes_up_nothing) {
    const std::string uri = put(std::string(4 * mebibyte + 5, '\0'));
    BOOST_TEST(store.stat(uri).size == 4 * mebibyte + 5);
    BOOST_TEST(store.stat(uri).allocated <= 64U * 1024);
}

BOOST_AUTO_TEST_CASE(nothing_is_visible_before_the_commit) {
    const std::string uri = new_uri();
    const auto writer = store.create(uri, std::nullopt);
    writer->write(AlignedCopy(sample_bytes(mebibyte)).bytes());
    BOOST_CHECK_EXCEPTION(store.open(uri), Error, is_error(ErrorKind::not_found));
    BOOST_CHECK_EXCEPTION(store.stat(uri), Error, is_error(ErrorKind::not_found));
    BOOST_TEST(files_in("images") == 0U);
    const auto objects = listed();
    BOOST_TEST(objects.size() == 1U);
    BOOST_TEST(objects.begin()->second.is_temporary);
    writer->commit();
    BOOST_TEST(files_in("images") == 1U);
    BOOST_TEST(files_in("images/.partial") == 0U);
}

BOOST_AUTO_TEST_CASE(an_upload_that_ends_before_its_commit_leaves_nothing) {
    const std::uint64_t before = store.space().available;
    {
        const auto writer = store.create(new_uri(), 100 * mebibyte);
        writer->write(AlignedCopy(sample_bytes(mebibyte)).bytes());
        BOOST_TEST(store.space().available < before);
    }
    BOOST_TEST(files_in("images") == 0U);
    BOOST_TEST(files_in("images/.partial") == 0U);
}

BOOST_AUTO_TEST_CASE(a_second_upload_of_an_image_replaces_the_first) {
    const std::string uri = put("first");
    const auto writer = store.create(uri, 6);
    writer->write(as_byte_span("second"));
    BOOST_TEST(get(uri) == "first");
    writer->commit();
    BOOST_TEST(get(uri) == "second");
}

BOOST_AUTO_TEST_CASE(a_removal_says_how_many_bytes_are_free_again) {
    const std::string uri = put(sample_bytes(2 * mebibyte));
    const auto freed = store.remove(uri);
    BOOST_REQUIRE(freed.has_value());
    BOOST_TEST(*freed >= 2 * mebibyte);
    BOOST_TEST(files_in("images") == 0U);
    BOOST_CHECK_EXCEPTION(store.open(uri), Error, is_error(ErrorKind::not_found));
}

BOOST_AUTO_TEST_CASE(removing_what_is_not_there_is_no_error) {
    BOOST_TEST(!store.remove(new_uri()).has_value());
    BOOST_TEST(!store.remove_unflushed(new_uri()).has_value());
    store.flush_removals();
}

BOOST_AUTO_TEST_CASE(many_removals_are_flushed_at_once) {
    std::vector<std::string> uris;
    for (int i = 0; i < 20; ++i) uris.push_back(put("x"));
    for (const auto& uri : uris) BOOST_TEST(store.remove_unflushed(uri).has_value());
    store.flush_removals();
    BOOST_TEST(listed().empty());
}

BOOST_AUTO_TEST_CASE(an_open_image_stays_readable_after_its_removal) {
    const std::string uri = put("still here");
    const auto reader = store.open(uri);
    store.remove(uri);
    std::string text(10, '\0');
    BOOST_TEST(reader->read(0, std::as_writable_bytes(std::span(text))) == 10U);
    BOOST_TEST(text == "still here");
}

BOOST_AUTO_TEST_CASE(a_read_beyond_the_end_gives_what_there_is) {
    const auto reader = store.open(put("0123456789"));
    std::string text(8, '\0');
    const auto out = std::as_writable_bytes(std::span(text));
    BOOST_TEST(reader->read(6, out) == 4U);
    BOOST_TEST(text.substr(0, 4) == "6789");
    BOOST_TEST(reader->read(10, out) == 0U);
    BOOST_TEST(reader->read(UINT64_MAX, out) == 0U);
}

BOOST_AUTO_TEST_CASE(an_id_that_could_leave_the_folder_is_refused) {
    std::ofstream(folder / "secret") << "secret";
    for (const std::string id : {"../secret", "", ".", "..", ".partial", "/etc/passwd", "0/1",
                                 "00000000-0000-0000-0000-00000000000", "00000000-0000-0000-0000-00000000000/",
                                 "00000000-0000-0000-0000-0000000000AA", "../../../../../../../../../../etc/passwd"}) {
        BOOST_CHECK_EXCEPTION(store.uri_for(id), Error, is_error(ErrorKind::bad_request));
        for (const std::string& uri : {"file:" + id, "file://" + id, id}) {
            BOOST_CHECK_EXCEPTION(store.open(uri), Error, is_error(ErrorKind::not_found));
            BOOST_CHECK_EXCEPTION(store.create(uri, 1), Error, is_error(ErrorKind::not_found));
            BOOST_CHECK_EXCEPTION(store.remove(uri), Error, is_error(ErrorKind::not_found));
            BOOST_CHECK_EXCEPTION(store.stat(uri), Error, is_error(ErrorKind::not_found));
        }
    }
    BOOST_TEST(fs::exists(folder / "secret"));
}

BOOST_AUTO_TEST_CASE(a_link_in_the_folder_is_not_followed) {
    std::ofstream(folder / "secret") << "secret";
    const std::string id = new_uuid();
    const std::string uri = store.uri_for(id);
    fs::create_symlink(folder / "secret", folder / ("images/" + id));
    BOOST_CHECK_EXCEPTION(store.open(uri), Error, is_error(ErrorKind::not_found));
    BOOST_CHECK_EXCEPTION(store.stat(uri), Error, is_error(ErrorKind::not_found));
    BOOST_TEST(!store.remove(uri).has_value());
    BOOST_TEST(listed().empty());
    const auto writer = store.create(uri, 5);
    writer->write(as_byte_span("image"));
    writer->commit();
    BOOST_TEST(get(uri) == "image");
    std::string secret;
    std::ifstream(folder / "secret") >> secret;
    BOOST_TEST(secret == "secret");
}

BOOST_AUTO_TEST_CASE(a_partial_folder_that_is_a_link_is_refused) {
    fs::create_directories(folder / "linked");
    fs::create_directory_symlink(folder / "images", folder / "linked/.partial");
    BOOST_CHECK_EXCEPTION(FileStore(folder / "linked", 0), Error, is_error(ErrorKind::internal, ".partial"));
}

BOOST_AUTO_TEST_CASE(all_that_is_stored_is_listed_and_nothing_else) {
    const std::string a = put("a");
    const std::string b = put(sample_bytes(mebibyte));
    std::ofstream(folder / "images/notes.txt") << "not an image";
    fs::create_directory(folder / "images/lost+found");
    const auto objects = listed();
    BOOST_TEST(objects.size() == 2U);
    BOOST_TEST(objects.at(a).size == 1U);
    BOOST_TEST(objects.at(b).size == mebibyte);
    BOOST_TEST(!objects.at(b).is_temporary);
}

BOOST_AUTO_TEST_CASE(what_a_crash_left_is_removed_and_what_runs_is_not) {
    std::ofstream(folder / "images/.partial/left-over") << "half an image";
    const auto running = store.create(new_uri(), std::nullopt);
    FileStore next(folder / "images", 0);
    BOOST_TEST(next.remove_temporary() == 1U);
    BOOST_TEST(files_in("images/.partial") == 1U);
    running->write(as_byte_span("x"));
    running->commit();
}

BOOST_AUTO_TEST_CASE(a_declared_size_beyond_the_space_is_refused_at_once_and_says_what_to_do) {
    BOOST_CHECK_EXCEPTION(store.create(new_uri(), 1ULL << 60), Error,
                          is_error(ErrorKind::storage_full, "purge the recycle bin"));
    BOOST_TEST(files_in("images/.partial") == 0U);
}

BOOST_AUTO_TEST_CASE(a_reserve_beyond_the_space_leaves_none_for_images) {
    FileStore full(folder / "full", 1ULL << 60);
    BOOST_TEST(full.space().available == 0U);
    BOOST_CHECK_EXCEPTION(full.create(full.uri_for(new_uuid()), 1), Error, is_error(ErrorKind::storage_full));
}

BOOST_AUTO_TEST_CASE(parallel_uploads_do_not_disturb_each_other) {
    std::vector<std::thread> threads;
    std::atomic<int> good = 0;
    for (unsigned seed = 1; seed <= 4; ++seed)
        threads.emplace_back([&, seed] {
            for (unsigned i = 0; i < 5; ++i) {
                const std::string text = sample_bytes(300'000 + i, seed);
                const std::string uri = put(text);
                if (get(uri) == text && store.remove(uri)) ++good;
            }
        });
    for (auto& thread : threads) thread.join();
    BOOST_TEST(good == 20);
    BOOST_TEST(listed().empty());
}

BOOST_AUTO_TEST_SUITE_END()

namespace {

/// File system of 8 MiB in memory. Only root can mount one; otherwise is_mounted is false.
struct SmallFileSystem {
    static constexpr std::uint64_t size = 8 * mebibyte;
    ScratchFolder folder;
    bool is_mounted;

    SmallFileSystem() : is_mounted(::mount("none", folder.path().c_str(), "tmpfs", 0, "size=8m,mode=700") == 0) {
        if (!is_mounted) BOOST_TEST_MESSAGE("SKIPPED: only root can mount the small file system of this test");
    }
    ~SmallFileSystem() {
        if (is_mounted) ::umount2(folder.path().c_str(), MNT_DETACH);
    }
};

}  // namespace

BOOST_FIXTURE_TEST_SUITE(file_store_that_is_small, SmallFileSystem)

BOOST_AUTO_TEST_CASE(an_upload_of_unknown_length_is_refused_when_the_store_is_full_and_leaves_nothing) {
    if (!is_mounted) return;
    FileStore store(folder.path(), mebibyte);
    const std::uint64_t before = store.space().available;
    {
        const auto writer = store.create(store.uri_for(new_uuid()), std::nullopt);
        const AlignedCopy buffer(sample_bytes(mebibyte));
        std::size_t written = 0;
        BOOST_CHECK_EXCEPTION(for (;; ++written) writer->write(buffer.bytes()), Error,
                              is_error(ErrorKind::storage_full, "purge the recycle bin"));
        BOOST_TEST(written >= 6U);
    }
    BOOST_TEST(store.space().available == before);
}

BOOST_AUTO_TEST_CASE(a_disk_that_others_fill_is_storage_full_too) {
    if (!is_mounted) return;
    FileStore store(folder.path(), 0);
    const auto writer = store.create(store.uri_for(new_uuid()), 6 * mebibyte);
    std::ofstream(folder / "other") << sample_bytes(5 * mebibyte);
    const AlignedCopy buffer(sample_bytes(mebibyte));
    BOOST_CHECK_EXCEPTION(for (int i = 0; i < 6; ++i) writer->write(buffer.bytes()), Error,
                          is_error(ErrorKind::storage_full));
}

BOOST_AUTO_TEST_CASE(two_uploads_are_never_promised_the_same_bytes) {
    if (!is_mounted) return;
    FileStore store(folder.path(), 0);
    auto first = store.create(store.uri_for(new_uuid()), 5 * mebibyte);
    BOOST_CHECK_EXCEPTION(store.create(store.uri_for(new_uuid()), 5 * mebibyte), Error,
                          is_error(ErrorKind::storage_full, "3"));
    // Written bytes must count once: they are on the disk, and no longer in the reservation.
    const AlignedCopy buffer(sample_bytes(mebibyte));
    for (int i = 0; i < 5; ++i) first->write(buffer.bytes());
    first->commit();
    const auto second = store.create(store.uri_for(new_uuid()), 2 * mebibyte);
    first.reset();
    BOOST_CHECK_EXCEPTION(store.create(store.uri_for(new_uuid()), 2 * mebibyte), Error,
                          is_error(ErrorKind::storage_full));
}

BOOST_AUTO_TEST_CASE(a_sparse_image_larger_than_the_disk_fits_where_its_length_is_not_declared) {
    if (!is_mounted) return;
    FileStore store(folder.path(), 0);
    const std::string uri = store.uri_for(new_uuid());
    const auto writer = store.create(uri, std::nullopt);
    const AlignedCopy zeros(std::string(mebibyte, '\0'));
    for (int i = 0; i < 32; ++i) writer->write(zeros.bytes());
    writer->commit();
    BOOST_TEST(store.stat(uri).size == 32 * mebibyte);
    BOOST_TEST(store.space().available > 7 * mebibyte);
}

BOOST_AUTO_TEST_SUITE_END()
