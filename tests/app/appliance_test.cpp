#include "app/appliance.hpp"

#include <sys/stat.h>

#include <boost/test/unit_test.hpp>

#include "base/log.hpp"
#include "catalog/catalog.hpp"
#include "catalog/images/image_table.hpp"
#include "tests/error_of.hpp"
#include "tests/fake_clock.hpp"
#include "tests/scratch_folder.hpp"

using namespace reprieve;
using namespace reprieve::tests;
using app::Appliance;
using app::Mode;

namespace {

struct Folder {
    ScratchFolder scratch;
    app::DataFolder data{scratch.path() + "/data"};
    FakeClock clock;
    Config config;

    Folder() {
        config.server.listen = "127.0.0.1:0";
        set_log_sink([](std::string_view) {});
    }
    Folder(const Folder&) = delete;
    Folder& operator=(const Folder&) = delete;
    ~Folder() { set_log_sink({}); }

    bool has_socket() const {
        struct stat info {};
        return ::stat(data.admin_socket().c_str(), &info) == 0 && S_ISSOCK(info.st_mode);
    }
};

}  // namespace

BOOST_FIXTURE_TEST_SUITE(appliance, Folder)

BOOST_AUTO_TEST_CASE(it_refuses_to_let_everybody_in_beyond_loopback) {
    for (const char* address : {"0.0.0.0:0", "[::]:0", "192.168.1.5:0"}) {
        config.server.listen = address;
        config.auth.mode = "none";
        BOOST_TEST(error_of(ErrorKind::bad_request, [&] {
                       Appliance(config, data, clock, Mode::serve);
                   }).starts_with("refusing to listen on " + std::string(address)));
        config.auth.mode = "auto";
        const Appliance with_sign_in(config, data, clock, Mode::serve);
    }
    config.auth.mode = "none";
    const Appliance attended(config, data, clock, Mode::attend);
}

BOOST_AUTO_TEST_CASE(it_starts_and_stops_again_and_again_on_one_folder) {
    for (const auto mode : {Mode::serve, Mode::attend, Mode::serve}) {
        Appliance appliance(config, data, clock, mode);
        appliance.start();
        BOOST_TEST(has_socket());
        appliance.stop();
        appliance.stop();
    }
}

BOOST_AUTO_TEST_CASE(one_that_never_started_can_be_stopped) {
    Appliance appliance(config, data, clock, Mode::serve);
    appliance.stop();
}

BOOST_AUTO_TEST_CASE(it_repairs_before_it_serves) {
    Image image;
    image.id = "0f1e2d3c-4b5a-4678-8899-aabbccddeeff";
    image.status = Status::saving;
    image.locations = {{.store = "local", .uri = "file:" + image.id}};
    const auto with_catalog = [&](const std::function<void(catalog::Connection&)>& work) {
        catalog::Catalog(data.catalog_folder()).write(work);
    };
    with_catalog([&](catalog::Connection& db) { catalog::insert_image(db, image); });
    { const Appliance appliance(config, data, clock, Mode::serve); }
    with_catalog([&](catalog::Connection& db) {
        const Image after = catalog::find_image(db, image.id).value();
        BOOST_TEST((after.status == Status::queued));
        BOOST_TEST(after.locations.empty());
    });
}

BOOST_AUTO_TEST_CASE(a_store_that_cannot_be_opened_is_named) {
    config.stores.at("local").path = "/proc/nothing";
    BOOST_TEST(error_of(ErrorKind::internal, [&] {
                   Appliance(config, data, clock, Mode::serve);
               }).starts_with("the store 'local' cannot be used"));
}

BOOST_AUTO_TEST_SUITE_END()
