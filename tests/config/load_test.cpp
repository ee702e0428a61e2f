#include "config/load.hpp"

#include <boost/test/unit_test.hpp>
#include <fstream>

#include "base/error.hpp"
#include "config/print.hpp"
#include "tests/error_of.hpp"
#include "tests/scratch_folder.hpp"

using namespace reprieve;

BOOST_AUTO_TEST_SUITE(load_config_file)

namespace {

Config parse(std::string_view text) { return parse_config(text, "c.toml"); }

std::string error_of(std::string_view text) {
    return tests::error_of(ErrorKind::bad_request, [&] { parse(text); });
}

bool contains(const std::string& text, std::string_view part) { return text.find(part) != std::string::npos; }

}  // namespace

BOOST_AUTO_TEST_CASE(an_empty_file_means_the_defaults) {
    BOOST_TEST((parse("") == Config{}));
    BOOST_TEST((parse("# nothing\n[server]\n[trash]\n") == Config{}));
}

BOOST_AUTO_TEST_CASE(values_of_every_kind_arrive) {
    const Config config = parse(R"(
        store.default = "ssd"
        [server]
        listen = "[::]:80"
        allowed_hosts = ["images.lan", "10.0.0.7:9292"]
        max_connections = 100_000
        stall_timeout = "1m30s"
        min_transfer_rate = 0
        [trash]
        delayed_delete = false
        scrub_time = 60
        [limits]
        image_size_cap = "2 GB"
        [log]
        format = "json"
        [stores.ssd]
        path = "/srv/ssd"
        reserve = 4096
        [stores.disk-2_b]
        description = "slow, größer"
    )");
    BOOST_TEST(config.server.listen == "[::]:80");
    BOOST_TEST(config.server.allowed_hosts.size() == 2U);
    BOOST_TEST(config.server.max_connections == 100'000U);
    BOOST_TEST(config.server.stall_timeout_us == 90'000'000);
    BOOST_TEST(config.server.min_transfer_rate == 0U);
    BOOST_TEST(!config.trash.delayed_delete);
    BOOST_TEST(config.trash.scrub_time_us == 60'000'000);
    BOOST_TEST(config.limits.image_size_cap == 2'000'000'000U);
    BOOST_TEST(config.log.format == "json");
    BOOST_TEST(config.store.default_store == "ssd");
    BOOST_TEST(config.stores.size() == 2U);
    BOOST_TEST(config.stores.at("ssd").path == "/srv/ssd");
    BOOST_TEST(config.stores.at("ssd").reserve_bytes == 4096U);
    BOOST_TEST(config.stores.at("disk-2_b").description == "slow, größer");
}

BOOST_AUTO_TEST_CASE(an_unknown_key_is_named_with_its_place_and_the_nearest_known_one) {
    BOOST_TEST(error_of("[trash]\n  scrub_tme = 1\n") ==
               "c.toml:2:3: trash.scrub_tme: unknown key; did you mean 'scrub_time'?");
    BOOST_TEST(error_of("[trash]\nwakuep_time = 1\n") ==
               "c.toml:2:1: trash.wakuep_time: unknown key; did you mean 'wakeup_time'?");
    BOOST_TEST(error_of("[server]\nscrub_time = 1\n") ==
               "c.toml:2:1: server.scrub_time: unknown key; it belongs in [trash]");
    BOOST_TEST(error_of("[stores.local]\npaht = '/x'\n") ==
               "c.toml:2:1: stores.local.paht: unknown key; did you mean 'path'?");
    BOOST_TEST(error_of("[sever]\n") == "c.toml:1:2: sever: unknown section; did you mean 'server'?");
    BOOST_TEST(error_of("listen = 'x'\n") == "c.toml:1:1: listen: unknown section; it belongs in [server]");
    BOOST_TEST(error_of("[log]\nzzzzzzzzzz = 1\n") == "c.toml:2:1: log.zzzzzzzzzz: unknown key");
}

BOOST_AUTO_TEST_CASE(a_value_of_the_wrong_type_or_range_says_what_is_expected) {
    BOOST_TEST(
        error_of("[trash]\nscrub_time = true") ==
        "c.toml:2:14: trash.scrub_time: expected a duration such as 90 (seconds), \"15m\" or \"7d\", 0s to 36500d");
    BOOST_TEST(contains(error_of("trash.scrub_time = '7x'"), "c.toml:1:20: trash.scrub_time: '7x' is not a duration"));
    BOOST_TEST(contains(error_of("trash.scrub_time = '36501d'"), "0s to 36500d"));
    BOOST_TEST(contains(error_of("trash.scrub_time = 9223372036854775807"), "too long"));
    BOOST_TEST(contains(error_of("trash.scrub_time = -1"), "negative"));
    BOOST_TEST(contains(error_of("trash.scrub_time = 1.5"), "expected a duration"));
    BOOST_TEST(error_of("trash.scrub_pool_size = 65") ==
               "c.toml:1:25: trash.scrub_pool_size: expected a whole number, 1 to 64");
    BOOST_TEST(contains(error_of("trash.scrub_pool_size = '2'"), "expected a whole number"));
    BOOST_TEST(contains(error_of("trash.scrub_pool_size = -1"), "expected a whole number"));
    BOOST_TEST(contains(error_of("trash.delayed_delete = 'true'"), "expected true or false, without quotes"));
    BOOST_TEST(contains(error_of("limits.request_body = 1"), "4KiB to 16MiB"));
    BOOST_TEST(contains(error_of("limits.request_body = '1QB'"), "not a size"));
    BOOST_TEST(contains(error_of("limits.request_body = 1979-05-27"), "expected a size"));
    BOOST_TEST(contains(error_of("log.level = 'warn'"),
                        "expected one of debug, info, warning, error; got 'warn'; did you mean 'warning'?"));
    BOOST_TEST(contains(error_of("images.hash_algorithm = 'md5'"), "expected one of sha256, sha384, sha512"));
    BOOST_TEST(contains(error_of("server.listen = 9292"), "expected a text in quotes"));
    BOOST_TEST(contains(error_of("server.listen = ''"), "empty"));
    BOOST_TEST(contains(error_of("server.allowed_hosts = 'x'"), "expected a list of texts"));
    BOOST_TEST(contains(error_of("server.allowed_hosts = [1]"), "expected a list of texts"));
    BOOST_TEST(contains(error_of("server.allowed_hosts = ['']"), "not a host"));
    BOOST_TEST(contains(error_of("server.data = 'here'"), "not absolute"));
    BOOST_TEST(contains(error_of("server.data = \"/a\\nb\""), "control characters"));
    BOOST_TEST(contains(error_of("server = 1"), "c.toml:1:10: server: expected a section, written [server]"));
    BOOST_TEST(contains(error_of("[[server]]\n"), "expected a section"));
}

BOOST_AUTO_TEST_CASE(an_address_to_listen_on_is_numeric_and_has_a_port) {
    for (const char* good : {"0.0.0.0:0", "127.0.0.1:65535", "[::1]:9292", "[fe80::1]:1"})
        BOOST_TEST(parse("server.listen = '" + std::string(good) + "'").server.listen == good);
    for (const char* bad : {"9292", ":9292", "localhost:9292", "127.0.0.1", "127.0.0.1:", "127.0.0.1:65536",
                            "127.0.0.1:-1", "::1:9292", "[::1]", "[127.0.0.1]:1", "256.0.0.1:1", "127.0.0.1:80 "})
        BOOST_TEST(contains(error_of("server.listen = '" + std::string(bad) + "'"), "not an ADDRESS:PORT"), bad);
}

BOOST_AUTO_TEST_CASE(a_public_address_is_one_of_a_web_service) {
    for (const char* good : {"", "http://a", "https://images.example.org:8443/images", "http://[::1]:9292"})
        BOOST_TEST(parse("server.public_url = '" + std::string(good) + "'").server.public_url == good);
    for (const char* bad :
         {"images.example.org", "ftp://a", "http://", "http:///x", "http://a b", "http://a/?x", "http://u@a"})
        BOOST_TEST(contains(error_of("server.public_url = '" + std::string(bad) + "'"), "is not the address"), bad);
}

BOOST_AUTO_TEST_CASE(settings_that_disagree_are_refused_where_the_file_has_one_of_them) {
    BOOST_TEST(error_of("[limits]\npage_max = 20\n") ==
               "c.toml:2:12: limits.page_default: 25 is more than limits.page_max, which is 20");
    BOOST_TEST(error_of("server.max_transfers = 128") ==
               "c.toml:1:24: limits.upload_buffers: 64MiB is too little for server.max_transfers = 128: each takes "
               "1MiB, so write \"128MiB\" or more");
    BOOST_TEST(contains(error_of("limits.upload_buffers = '63MiB'"), "so write \"64MiB\" or more"));
    BOOST_TEST(parse("server.max_transfers = 128\nlimits.upload_buffers = '128MiB'").server.max_transfers == 128U);
}

BOOST_AUTO_TEST_CASE(stores_need_a_good_name_a_known_type_and_a_folder_each) {
    BOOST_TEST(error_of("store.default = 'fast'") ==
               "c.toml:1:17: store.default: there is no store 'fast'; the file has these: local");
    BOOST_TEST(error_of("[stores.ssd]\n") ==
               "c.toml: store.default: there is no store 'local'; the file has these: ssd");
    BOOST_TEST(contains(error_of("[stores]\n"), "name a store"));
    BOOST_TEST(contains(error_of("stores.local = 1"), "expected a section, written [stores.local]"));
    BOOST_TEST(
        contains(error_of("[stores.'a b']\n[stores.local]\npath='/x'"), "c.toml:1:9: stores.a b: a store's name"));
    BOOST_TEST(contains(error_of("[stores.'']\n[stores.local]\npath='/x'"), "a store's name"));
    BOOST_TEST(contains(error_of("[stores." + std::string(65, 'a') + "]\n"), "at most 64"));
    BOOST_TEST(contains(error_of("[stores.local]\ntype = 'tape'"), "expected one of file, rbd, http; got 'tape'"));
    BOOST_TEST(error_of("[stores.local]\n[stores.b]\n") ==
               "c.toml:1:9: stores.local.path: the store 'b' has the same folder; give each its own");
}

BOOST_AUTO_TEST_CASE(all_problems_of_a_file_are_told_at_once_in_its_order) {
    BOOST_TEST(
        error_of("[trash]\nscrub_pool_size = 0\nx = 1\n[limits]\npage_max = 5000\n[sever]\n[server]\nlisten = 1\n") ==
        "c.toml:2:19: trash.scrub_pool_size: expected a whole number, 1 to 64\n"
        "c.toml:3:1: trash.x: unknown key\n"
        "c.toml:5:12: limits.page_max: expected a whole number, 1 to 1000\n"
        "c.toml:6:2: sever: unknown section; did you mean 'server'?\n"
        "c.toml:8:10: server.listen: expected a text in quotes");
    std::string many;
    for (int i = 0; i < 150; ++i) many += "key" + std::to_string(i) + " = 1\n";
    BOOST_TEST(error_of(many).ends_with("\nc.toml: and 50 more"));
}

BOOST_AUTO_TEST_CASE(a_mistake_of_toml_itself_has_line_and_column) {
    BOOST_TEST(error_of("[server]\nlisten = \n").starts_with("c.toml:2:10: "));
    BOOST_TEST(error_of("[trash]\nscrub_time = 1\nscrub_time = 2\n").starts_with("c.toml:3:"));
    BOOST_TEST(error_of("a = \"\xFF\"").starts_with("c.toml:1:"));
    BOOST_TEST(contains(error_of(std::string((1 << 20) + 1, '#')), "at most 1 MiB"));
}

BOOST_AUTO_TEST_CASE(a_file_is_read_by_its_name) {
    const tests::ScratchFolder scratch;
    const std::string file = scratch.path() + "/x.toml";
    std::ofstream(file) << "[log]\nlevel = 'debug'\n";
    BOOST_TEST(load_config(file).log.level == "debug");
    std::ofstream(file) << "?";
    BOOST_TEST(tests::error_of(ErrorKind::bad_request, [&] { load_config(file); }).starts_with(file + ":1:1: "));
    BOOST_TEST(tests::error_of(ErrorKind::bad_request, [&] { load_config(scratch.path() + "/none"); }) ==
               "cannot read the configuration " + scratch.path() + "/none: No such file or directory");
    BOOST_TEST(tests::error_of(ErrorKind::bad_request, [&] { load_config(scratch.path()); }) ==
               "cannot read the configuration " + scratch.path() + ": Is a directory");
}

BOOST_AUTO_TEST_CASE(what_is_printed_loads_back) {
    BOOST_TEST((parse(print_config(Config{})) == Config{}));
    const Config other = parse(R"(
        [server]
        listen = "[::1]:0"
        data = '/a "quoted" \path'
        allowed_hosts = ["a", "b"]
        min_transfer_rate = 1001
        shutdown_timeout = 0
        [trash]
        scrub_time = "1d2h3m4s5ms6us"
        [store]
        default = "b"
        [stores.a]
        reserve = 0
        [stores.b]
        path = "/b"
        description = "größer"
    )");
    BOOST_TEST((parse(print_config(other)) == other));
}

BOOST_AUTO_TEST_CASE(a_secret_is_not_printed) {
    const std::string shown = print_config(parse("auth.keystone_password = 'of the service'"));
    BOOST_TEST(contains(shown, "keystone_password = \"********\""));
    BOOST_TEST(!contains(shown, "of the service"));
}

BOOST_AUTO_TEST_CASE(the_mode_keystone_needs_an_address_and_one_password) {
    const std::string mode = "[auth]\nmode = 'keystone'\n";
    const std::string url = "keystone_url = 'http://k:5000'\n";
    BOOST_TEST(contains(error_of(mode + "keystone_password = 'x'"), "auth.keystone_url"));
    BOOST_TEST(contains(error_of(mode + url), "one of the two"));
    BOOST_TEST(
        contains(error_of(mode + url + "keystone_password = 'x'\nkeystone_password_file = '/x'"), "one of the two"));
    BOOST_TEST(parse(mode + url + "keystone_password_file = '/x'").auth.keystone_password_file == "/x");
    BOOST_TEST(contains(error_of("auth.keystone_url = 'k:5000'"), "not the address of a service"));
}

BOOST_AUTO_TEST_SUITE_END()
