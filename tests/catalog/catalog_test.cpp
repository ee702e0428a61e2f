#include "catalog/catalog.hpp"

#include <sys/mount.h>

#include <SQLiteCpp/Database.h>

#include <atomic>
#include <boost/test/unit_test.hpp>
#include <fstream>
#include <thread>

#include "base/error.hpp"
#include "tests/catalog/catalog_fixture.hpp"

using namespace reprieve;
using namespace reprieve::tests;

namespace {

template <typename Work>
std::optional<ErrorKind> kind_of_error(const Work& work) {
    try {
        work();
    } catch (const Error& error) {
        return error.kind();
    }
    return std::nullopt;
}

std::uint64_t images_in(catalog::Catalog& catalog) {
    return catalog.read([&](catalog::Connection& db) { return catalog::totals(db).images; });
}

// Small file system in memory. Only root may mount one; otherwise is_there() is false.
class SmallDisk {
public:
    explicit SmallDisk(const char* size) {
        is_there_ = ::mount("reprieve-test", folder_.path().c_str(), "tmpfs", 0, size) == 0;
    }
    ~SmallDisk() {
        if (is_there_) ::umount2(folder_.path().c_str(), MNT_DETACH);
    }
    SmallDisk(const SmallDisk&) = delete;
    SmallDisk& operator=(const SmallDisk&) = delete;

    bool is_there() const { return is_there_; }
    std::string path() const { return folder_.path(); }
    std::string filler() const { return path() + "/filler"; }

    // Fills the disk to the last byte, as another program could.
    void fill() const {
        std::ofstream file(filler(), std::ios::binary | std::ios::app);
        for (const std::string block(4096, 'x'); file.write(block.data(), 4096).flush();) {
        }
    }

private:
    ScratchFolder folder_;
    bool is_there_ = false;
};

}  // namespace

BOOST_AUTO_TEST_SUITE(catalog_file)

BOOST_AUTO_TEST_CASE(what_was_written_is_there_after_the_catalog_is_opened_again) {
    const ScratchFolder folder;
    Image image = new_image();
    catalog::Catalog(folder.path()).write([&](catalog::Connection& db) { catalog::insert_image(db, image); });
    catalog::Catalog again(folder.path());
    BOOST_TEST(images_in(again) == 1U);
    BOOST_TEST(again.check_integrity() == "ok");
}

BOOST_AUTO_TEST_CASE(a_schema_of_a_newer_version_is_refused_and_stays_as_it_is) {
    const ScratchFolder folder;
    { const catalog::Catalog catalog(folder.path()); }
    {
        SQLite::Database file(folder.path() + "/catalog.db", SQLite::OPEN_READWRITE);
        file.exec("PRAGMA user_version = 9999");
    }
    BOOST_TEST((kind_of_error([&] { catalog::Catalog{folder.path()}; }) == ErrorKind::unavailable));
    SQLite::Database file(folder.path() + "/catalog.db", SQLite::OPEN_READONLY);
    BOOST_TEST(file.execAndGet("PRAGMA user_version").getInt() == 9999);
}

BOOST_AUTO_TEST_CASE(a_database_of_another_program_is_refused) {
    const ScratchFolder folder;
    SQLite::Database(folder.path() + "/catalog.db", SQLite::OPEN_READWRITE | SQLite::OPEN_CREATE)
        .exec("CREATE TABLE theirs (x)");
    BOOST_TEST((kind_of_error([&] { catalog::Catalog{folder.path()}; }) == ErrorKind::unavailable));
}

BOOST_AUTO_TEST_CASE(a_file_that_is_no_database_is_refused) {
    const ScratchFolder folder;
    std::ofstream(folder.path() + "/catalog.db") << std::string(8192, 'x');
    BOOST_TEST((kind_of_error([&] { catalog::Catalog{folder.path()}; }) == ErrorKind::unavailable));
}

BOOST_AUTO_TEST_CASE(a_folder_that_is_not_there_is_created) {
    const ScratchFolder folder;
    catalog::Catalog catalog(folder.path() + "/new");
    BOOST_TEST(images_in(catalog) == 0U);
}

BOOST_AUTO_TEST_SUITE_END()

BOOST_AUTO_TEST_SUITE(catalog_transactions)

BOOST_FIXTURE_TEST_CASE(a_write_that_throws_leaves_nothing, CatalogFixture) {
    Image image = new_image();
    const auto failing = [&](catalog::Connection& db) {
        catalog::insert_image(db, image);
        throw Error(ErrorKind::forbidden, "no");
    };
    BOOST_TEST((kind_of_error([&] { catalog.write(failing); }) == ErrorKind::forbidden));
    BOOST_TEST(images_in(catalog) == 0U);
    insert(image);
    BOOST_TEST(images_in(catalog) == 1U);
}

BOOST_FIXTURE_TEST_CASE(what_is_thrown_comes_out_whatever_it_is, CatalogFixture) {
    BOOST_CHECK_THROW(catalog.write([](catalog::Connection&) { throw 42; }), int);
    BOOST_CHECK_THROW(catalog.read([](catalog::Connection&) { throw 42; }), int);
    insert(new_image());
    BOOST_TEST(images_in(catalog) == 1U);
}

BOOST_FIXTURE_TEST_CASE(a_write_inside_a_write_is_refused_rather_than_waiting_for_itself, CatalogFixture) {
    const auto nested = [&](catalog::Connection&) { catalog.write([](catalog::Connection&) {}); };
    BOOST_TEST((kind_of_error([&] { catalog.write(nested); }) == ErrorKind::internal));
}

BOOST_FIXTURE_TEST_CASE(a_read_cannot_write, CatalogFixture) {
    Image image = new_image();
    BOOST_CHECK_THROW(catalog.read([&](catalog::Connection& db) { catalog::insert_image(db, image); }), Error);
    BOOST_TEST(images_in(catalog) == 0U);
}

BOOST_FIXTURE_TEST_CASE(a_read_sees_one_moment, CatalogFixture) {
    insert(new_image());
    catalog.read([&](catalog::Connection& db) {
        BOOST_TEST(catalog::totals(db).images == 1U);
        insert(new_image());
        BOOST_TEST(catalog::totals(db).images == 1U);
    });
    BOOST_TEST(images_in(catalog) == 2U);
}

BOOST_FIXTURE_TEST_CASE(writers_at_the_same_time_do_not_hurt_each_other, CatalogFixture) {
    constexpr int threads = 12, writes = 40;
    std::atomic<int> refused = 0;
    std::vector<std::thread> running;
    for (int thread = 0; thread < threads; ++thread)
        running.emplace_back([&, thread] {
            for (int i = 0; i < writes; ++i) {
                Image image = new_image();
                const bool fails = (thread + i) % 3 == 0;
                try {
                    catalog.write([&](catalog::Connection& db) {
                        catalog::insert_image(db, image);
                        if (fails && i % 2 == 0) throw 42;
                        if (fails) db.run("INSERT INTO nowhere VALUES (1)");
                    });
                } catch (...) {
                    ++refused;
                    continue;
                }
                if (fails || !find(image.id)) refused = -1000;
            }
        });
    for (auto& thread : running) thread.join();
    BOOST_TEST(refused == threads * writes / 3);
    BOOST_TEST(images_in(catalog) == static_cast<std::uint64_t>(threads * writes * 2 / 3));
    BOOST_TEST(catalog.check_integrity() == "ok");
}

BOOST_FIXTURE_TEST_CASE(the_same_statement_can_be_in_use_twice, CatalogFixture) {
    catalog.read([&](catalog::Connection& db) {
        const char* sql = "SELECT ?1 UNION ALL SELECT ?1 + 1";
        auto outer = db.prepare(sql);
        outer.bind(1);
        BOOST_REQUIRE(outer.step());
        {
            auto inner = db.prepare(sql);
            inner.bind(10);
            BOOST_REQUIRE(inner.step());
            BOOST_TEST(inner.get<int>(0) == 10);
        }
        BOOST_REQUIRE(outer.step());
        BOOST_TEST(outer.get<int>(0) == 2);
        auto fresh = db.prepare(sql);
        BOOST_REQUIRE(fresh.step());
        BOOST_TEST(!fresh.get<std::optional<int>>(0).has_value());
    });
}

BOOST_AUTO_TEST_SUITE_END()

BOOST_AUTO_TEST_SUITE(catalog_on_a_full_disk)

BOOST_AUTO_TEST_CASE(a_delete_works_when_something_else_filled_the_disk) {
    const SmallDisk disk("size=48m");
    if (!disk.is_there()) {
        BOOST_TEST_MESSAGE("SKIPPED: only root can mount a small disk");
        return;
    }
    catalog::Catalog catalog(disk.path());
    std::vector<Image> images;
    for (int i = 0; i < 50; ++i) images.emplace_back(new_image()).status = Status::active;
    catalog.write([&](catalog::Connection& db) {
        for (auto& image : images) {
            image.status = Status::active;
            catalog::insert_image(db, image);
        }
    });
    disk.fill();
    for (const auto& image : images)
        catalog.write([&](catalog::Connection& db) { catalog::update_image_row(db, in_bin(image, 5, 10)); });
    BOOST_TEST(images_in(catalog) == 0U);
    BOOST_TEST(!std::filesystem::exists(disk.path() + "/reserve"));

    // When there is space again, later writes create the reserve again.
    std::filesystem::remove(disk.filler());
    for (int i = 0; i < 100; ++i) catalog.write([](catalog::Connection&) {});
    BOOST_TEST(std::filesystem::exists(disk.path() + "/reserve"));
    BOOST_TEST(catalog.check_integrity() == "ok");
}

BOOST_AUTO_TEST_CASE(a_disk_without_any_space_is_reported_and_harms_nothing) {
    const SmallDisk disk("size=24m");
    if (!disk.is_there()) {
        BOOST_TEST_MESSAGE("SKIPPED: only root can mount a small disk");
        return;
    }
    catalog::Catalog catalog(disk.path());
    std::uint64_t written = 0;
    const auto fill = [&] {
        while (true) {
            Image image = new_image();
            image.properties["filling"] = std::string(60'000, 'x');
            catalog.write([&](catalog::Connection& db) { catalog::insert_image(db, image); });
            ++written;
        }
    };
    BOOST_TEST((kind_of_error(fill) == ErrorKind::storage_full));
    BOOST_TEST(images_in(catalog) == written);
    BOOST_TEST(catalog.check_integrity() == "ok");
}

BOOST_AUTO_TEST_CASE(a_catalog_opens_on_a_full_disk) {
    const SmallDisk disk("size=48m");
    if (!disk.is_there()) {
        BOOST_TEST_MESSAGE("SKIPPED: only root can mount a small disk");
        return;
    }
    { const catalog::Catalog catalog(disk.path()); }
    disk.fill();
    catalog::Catalog catalog(disk.path());
    Image image = new_image();
    catalog.write([&](catalog::Connection& db) { catalog::insert_image(db, image); });
    BOOST_TEST(images_in(catalog) == 1U);
}

BOOST_AUTO_TEST_SUITE_END()
