#include "catalog/images/upload_table.hpp"

#include <boost/test/unit_test.hpp>

#include "base/error.hpp"
#include "catalog/images/location_table.hpp"
#include "tests/catalog/catalog_fixture.hpp"

using namespace reprieve;
using namespace reprieve::tests;

namespace {

struct UploadTable : CatalogFixture {
    /// Creates an image and an upload in several requests to it. Returns the upload.
    catalog::Upload begin(std::optional<std::uint64_t> length = 100) {
        Image image = new_image();
        image.status = Status::saving;
        image = insert(std::move(image));
        Location location{.store = "local", .uri = "file:" + image.id, .size = length.value_or(0)};
        catalog::Upload upload{.id = new_uuid(),
                               .image_number = image.number,
                               .image_id = image.id,
                               .user = "ann",
                               .project = "lab",
                               .metadata = "image_id eA==",
                               .length = length,
                               .expires_at = 10};
        catalog.write([&](catalog::Connection& db) {
            catalog::insert_location(db, image.number, location);
            upload.location_number = location.number;
            catalog::insert_upload(db, upload);
        });
        return upload;
    }
    std::optional<catalog::Upload> find_upload(const std::string& id) {
        return catalog.read([&](catalog::Connection& db) { return catalog::find_upload(db, id); });
    }
    void write(const std::string& sql) {
        catalog.write([&](catalog::Connection& db) { db.execute_script(sql); });
    }
    std::size_t being_written() {
        return catalog.read([&](catalog::Connection& db) { return catalog::images_being_written(db, 10).size(); });
    }
    std::vector<std::string> expired(std::int64_t now_us) {
        std::vector<std::string> ids;
        catalog.read([&](catalog::Connection& db) {
            for (const auto& upload : catalog::expired_uploads(db, now_us, 10)) ids.push_back(upload.id);
        });
        return ids;
    }
};

}  // namespace

BOOST_FIXTURE_TEST_SUITE(upload_table, UploadTable)

BOOST_AUTO_TEST_CASE(an_upload_comes_back_as_it_was_stored) {
    const auto begun = begin({});
    auto found = find_upload(begun.id).value();
    BOOST_TEST(found.image_id == begun.image_id);
    BOOST_TEST(found.location_number == begun.location_number);
    BOOST_TEST(found.user == "ann");
    BOOST_TEST(found.project == "lab");
    BOOST_TEST(found.metadata == "image_id eA==");
    BOOST_TEST(!found.length.has_value());
    BOOST_TEST(found.offset == 0U);
    BOOST_TEST(!found.is_done);
    BOOST_TEST(found.expires_at == 10);
    found.length = 7;
    found.offset = 7;
    found.is_done = true;
    found.expires_at = 20;
    catalog.write([&](catalog::Connection& db) { BOOST_TEST(catalog::update_upload(db, found)); });
    found = find_upload(begun.id).value();
    BOOST_TEST(found.length.value() == 7U);
    BOOST_TEST(found.offset == 7U);
    BOOST_TEST(found.is_done);
    BOOST_TEST(found.expires_at == 20);
    catalog.write([&](catalog::Connection& db) {
        BOOST_TEST(catalog::delete_upload(db, begun.id));
        BOOST_TEST(!catalog::delete_upload(db, begun.id));
        BOOST_TEST(!catalog::update_upload(db, found));
    });
    BOOST_TEST(!find_upload(begun.id).has_value());
}

BOOST_AUTO_TEST_CASE(nothing_says_that_all_bytes_are_there_before_the_image_is) {
    auto upload = begin(7);
    upload.offset = 7;
    BOOST_CHECK_THROW(catalog.write([&](catalog::Connection& db) { catalog::update_upload(db, upload); }), Error);
    upload.is_done = true;
    catalog.write([&](catalog::Connection& db) { BOOST_TEST(catalog::update_upload(db, upload)); });
}

BOOST_AUTO_TEST_CASE(what_an_open_upload_holds_is_left_to_it) {
    const auto upload = begin();
    BOOST_TEST(being_written() == 0U);
    catalog.read([&](catalog::Connection& db) {
        BOOST_TEST(catalog::find_open_upload(db, upload.image_id).value().id == upload.id);
        BOOST_TEST(catalog::open_uploads(db).size() == 1U);
    });
    catalog.write([&](catalog::Connection& db) { catalog::delete_upload(db, upload.id); });
    BOOST_TEST(being_written() == 1U);
    catalog.read([&](catalog::Connection& db) {
        BOOST_TEST(!catalog::find_open_upload(db, upload.image_id).has_value());
        BOOST_TEST(catalog::open_uploads(db).empty());
    });
}

BOOST_AUTO_TEST_CASE(uploads_expire_at_their_time_and_with_their_image) {
    const auto first = begin(), second = begin();
    BOOST_TEST(expired(9).empty());
    BOOST_TEST(expired(10).size() == 2U);
    Image image = find(second.image_id).value();
    image.deletion = Deletion{.deleted_at = 1, .deleted_by = "ann", .deleted_from = Status::saving, .in_bin = false};
    image.status = Status::deleted;
    update(image);
    BOOST_TEST((expired(9) == std::vector{second.id}));
}

BOOST_AUTO_TEST_CASE(what_its_creator_could_not_go_on_with_ends) {
    const auto prepare = [&] {
        write("DELETE FROM uploads");
        write("DELETE FROM users WHERE id IN ('ann', 'bob')");
        write(
            "INSERT OR IGNORE INTO projects (id, name, description, is_enabled, created_at) VALUES "
            "('lab', 'lab', '', 1, 0)");
        write(
            "INSERT INTO users (id, name, description, password, is_enabled, created_at) VALUES "
            "('ann', 'ann', '', '', 1, 0), ('bob', 'bob', '', '', 1, 0)");
        write(
            "INSERT INTO role_assignments (user, project, role) VALUES ('ann', 'lab', 'admin'), "
            "('ann', 'lab', 'member'), ('ann', 'lab', 'reader'), ('ann', 'default', 'member'), ('bob', 'lab', "
            "'member')");
        return begin().id;
    };
    const auto ends_by = [&](const std::string& change) {
        const std::string id = prepare();
        write("UPDATE images SET owner = 'lab' WHERE n = (SELECT image FROM uploads)");
        write("UPDATE uploads SET expires_at = 10");
        write(change);
        return find_upload(id)->expires_at == 0;
    };
    BOOST_TEST(ends_by("DELETE FROM users WHERE id = 'ann'"));
    BOOST_TEST(ends_by("UPDATE users SET is_enabled = 0 WHERE id = 'ann'"));
    BOOST_TEST(ends_by("DELETE FROM role_assignments WHERE user = 'ann' AND project = 'lab'"));
    BOOST_TEST(ends_by("DELETE FROM projects WHERE id = 'lab'"));
    BOOST_TEST(ends_by("UPDATE images SET owner = 'default'"));

    BOOST_TEST(!ends_by("DELETE FROM users WHERE id = 'bob'"));
    BOOST_TEST(!ends_by("UPDATE users SET is_enabled = 0 WHERE id = 'bob'"));
    BOOST_TEST(!ends_by("UPDATE users SET is_enabled = 1, name = 'Ann' WHERE id = 'ann'"));
    BOOST_TEST(!ends_by("DELETE FROM role_assignments WHERE user = 'ann' AND role = 'admin'"));
    BOOST_TEST(!ends_by("DELETE FROM role_assignments WHERE user = 'ann' AND role = 'reader'"));
    BOOST_TEST(!ends_by("DELETE FROM role_assignments WHERE user = 'ann' AND project = 'default'"));
    BOOST_TEST(!ends_by("UPDATE images SET owner = 'lab', name = 'x'"));
}

BOOST_AUTO_TEST_SUITE_END()
