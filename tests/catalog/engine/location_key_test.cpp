#include <boost/test/unit_test.hpp>

#include <fstream>

#include "base/log.hpp"
#include "base/uuid.hpp"
#include "catalog/catalog.hpp"
#include "catalog/images/image_table.hpp"
#include "catalog/images/location_table.hpp"
#include "tests/error_of.hpp"
#include "tests/scratch_folder.hpp"

using namespace reprieve;
using namespace reprieve::tests;
using catalog::Catalog;
using catalog::Connection;
using catalog::LocationKeys;

namespace {

const std::string first_key(64, '1');
const std::string second_key(64, '2');
const std::string url = "https://files.example/image?signature=very-secret";

struct Keyed {
    ScratchFolder folder;
    std::string id = new_uuid();

    Keyed() {
        set_log_sink([](std::string_view) {});
    }
    Keyed(const Keyed&) = delete;
    Keyed& operator=(const Keyed&) = delete;
    ~Keyed() { set_log_sink({}); }

    std::unique_ptr<Catalog> open(const std::string& current, const std::string& previous = "") const {
        return std::make_unique<Catalog>(folder.path(), LocationKeys{current, previous});
    }
    std::string refusal(const std::string& current, const std::string& previous = "") const {
        return error_of(ErrorKind::unavailable, [&] { open(current, previous); });
    }
    void add_image(Catalog& catalog) const {
        Image image{.id = id, .status = Status::active};
        image.locations = {{.store = "web", .uri = url, .state = Location::State::stored, .size = 5}};
        catalog.write([&](Connection& db) { catalog::insert_image(db, image); });
    }
    std::string uri_in(Catalog& catalog) const {
        return catalog.read([&](Connection& db) { return catalog::find_image(db, id).value().locations.at(0).uri; });
    }
    bool is_in_file() const {
        for (const char* name : {"/catalog.db", "/catalog.db-wal"}) {
            std::ifstream file(folder.path() + name, std::ios::binary);
            const std::string text{std::istreambuf_iterator<char>(file), {}};
            if (text.find("very-secret") != std::string::npos) return true;
        }
        return false;
    }
    void run(const std::string& current, const std::string& sql) const {
        open(current)->write([&](Connection& db) { db.execute_script(sql); });
    }
};

bool is_known(Catalog& catalog, const std::string& store, const std::string& uri) {
    return catalog.read([&](Connection& db) { return catalog::is_location_known(db, store, uri); });
}

}  // namespace

BOOST_FIXTURE_TEST_SUITE(location_key, Keyed)

BOOST_AUTO_TEST_CASE(locations_are_encrypted_in_the_file_and_found_all_the_same) {
    const auto catalog = open(first_key);
    add_image(*catalog);
    BOOST_TEST(uri_in(*catalog) == url);
    BOOST_TEST(!is_in_file());
    BOOST_TEST(is_known(*catalog, "web", url));
    BOOST_TEST(!is_known(*catalog, "other", url));
    BOOST_TEST(!is_known(*catalog, "web", url + "x"));
    std::vector<catalog::StoredLocation> stored;
    catalog->read([&](Connection& db) { stored = catalog::stored_locations(db, 0, 10); });
    BOOST_TEST(stored.at(0).location.uri == url);
    Image image;
    catalog->write([&](Connection& db) {
        image = catalog::find_image(db, id).value();
        image.locations.clear();
        catalog::update_locations(db, image);
    });
    BOOST_TEST(is_known(*catalog, "web", url));  // its bytes must still be removed
    std::vector<catalog::LocationRemoval> due;
    catalog->read([&](Connection& db) { due = catalog::due_removals(db, 1, 1, 10); });
    BOOST_TEST(due.at(0).uri == url);
    BOOST_TEST(!is_in_file());
}

BOOST_AUTO_TEST_CASE(a_first_key_encrypts_what_is_there_and_leaves_no_trace) {
    add_image(*open(""));
    BOOST_TEST(is_in_file());
    BOOST_TEST(uri_in(*open(first_key)) == url);
    BOOST_TEST(!is_in_file());
}

BOOST_AUTO_TEST_CASE(a_wrong_or_missing_key_is_told_and_changes_nothing) {
    add_image(*open(first_key));
    BOOST_TEST(refusal("").find("catalog.location_key_file") != std::string::npos);
    BOOST_TEST(refusal(second_key).find("another key than catalog.location_key") != std::string::npos);
    BOOST_TEST(refusal(first_key, second_key) == "nothing was thrown");  // first_key is already its key
    BOOST_TEST(refusal("", second_key).find("not encrypted with the key in the configuration") != std::string::npos);
    BOOST_TEST(uri_in(*open(first_key)) == url);
    BOOST_TEST(throws(ErrorKind::bad_request, [&] { open("abc"); }));
}

BOOST_AUTO_TEST_CASE(a_key_is_exchanged_and_taken_away) {
    add_image(*open(first_key));
    BOOST_TEST(uri_in(*open(second_key, first_key)) == url);
    BOOST_TEST(refusal(first_key).find("another key") != std::string::npos);
    BOOST_TEST(uri_in(*open(second_key)) == url);
    BOOST_TEST(uri_in(*open("", second_key)) == url);
    BOOST_TEST(uri_in(*open("")) == url);
    BOOST_TEST(is_in_file());
}

BOOST_AUTO_TEST_CASE(an_exchange_that_was_cut_off_goes_on) {
    const auto old = open(first_key);
    std::vector<std::string> ids;
    old->write([&](Connection& db) {
        for (int i = 0; i < 2500; ++i) {
            Image image{.id = new_uuid(), .status = Status::active};
            image.locations = {{.store = "web", .uri = url, .state = Location::State::stored, .size = 5}};
            catalog::insert_image(db, image);
            ids.push_back(image.id);
        }
        // Simulates a kill in the middle of the exchange, which then fails at row 1500.
        db.execute_script(
            "CREATE TRIGGER cut BEFORE UPDATE OF uri_key ON image_locations WHEN new.n = 1500 "
            "BEGIN SELECT RAISE(ABORT, 'cut off'); END");
    });
    BOOST_CHECK_THROW(open(second_key, first_key), std::exception);
    for (const auto& keys : {LocationKeys{first_key, ""}, LocationKeys{second_key, ""}, LocationKeys{"", ""},
                             LocationKeys{std::string(64, '3'), first_key}})
        BOOST_TEST(refusal(keys.current, keys.previous).find("was interrupted: finish it") != std::string::npos);
    old->write([](Connection& db) { db.execute_script("DROP TRIGGER cut"); });
    const auto changed = open(second_key, first_key);
    changed->read([&](Connection& db) {
        for (const std::string& one : ids) BOOST_REQUIRE(catalog::find_image(db, one)->locations.at(0).uri == url);
    });
}

BOOST_AUTO_TEST_CASE(a_location_cannot_be_moved_to_another_image) {
    add_image(*open(first_key));
    const std::string mine = id;
    id = new_uuid();
    add_image(*open(first_key));
    run(first_key, "UPDATE image_locations SET uri = (SELECT uri FROM image_locations WHERE n = 1) WHERE n = 2");
    const auto catalog = open(first_key);
    BOOST_TEST(throws(ErrorKind::unavailable, [&] { uri_in(*catalog); }));
}

BOOST_AUTO_TEST_SUITE_END()
