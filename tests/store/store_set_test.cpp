#include "store/store_set.hpp"

#include <boost/test/unit_test.hpp>
#include <filesystem>

#include "base/error.hpp"
#include "tests/faulty_store.hpp"
#include "tests/scratch_folder.hpp"

using namespace reprieve;
using namespace reprieve::store;
using namespace reprieve::tests;

BOOST_AUTO_TEST_SUITE(store_set)

namespace {

StoreConfig file_config(const std::string& path, const std::string& description = "") {
    StoreConfig config;
    config.path = path;
    config.description = description;
    return config;
}

BufferPool buffers{4 << 20};

auto says(ErrorKind kind, const std::string& words) {
    return [=](const Error& error) {
        return error.kind() == kind && std::string(error.what()).find(words) != std::string::npos;
    };
}

}  // namespace

BOOST_AUTO_TEST_CASE(without_any_configuration_there_is_one_store_in_the_data_folder) {
    const ScratchFolder folder;
    const StoreSet stores(Config{}, folder / "data", buffers);
    BOOST_TEST(stores.names() == std::vector<std::string>{"local"});
    BOOST_TEST(stores.default_name() == "local");
    BOOST_TEST(&stores.default_store() == &stores.at("local"));
    BOOST_TEST(std::filesystem::is_directory(folder / "data/images"));
}

BOOST_AUTO_TEST_CASE(stores_are_found_by_name_with_their_description) {
    const ScratchFolder folder;
    Config config;
    config.stores = {{"fast", file_config(folder / "fast", "NVMe")}, {"big", file_config(folder / "big")}};
    config.store.default_store = "big";
    const StoreSet stores(config, folder / "data", buffers);
    BOOST_TEST(stores.names() == (std::vector<std::string>{"big", "fast"}));
    BOOST_TEST(stores.config("fast").description == "NVMe");
    BOOST_TEST(stores.contains("fast"));
    BOOST_TEST(!stores.contains("rbd"));
    BOOST_CHECK_EXCEPTION(stores.at("rbd"), Error, says(ErrorKind::not_found, "the stores are: big, fast"));
}

BOOST_AUTO_TEST_CASE(a_wrong_configuration_names_the_store) {
    const ScratchFolder folder;
    Config config;
    config.store.default_store = "nowhere";
    BOOST_CHECK_EXCEPTION(StoreSet(config, folder / "data", buffers), Error, says(ErrorKind::bad_request, "'nowhere'"));
    config = Config{};
    config.stores["tape"].type = "tape";
    BOOST_CHECK_EXCEPTION(StoreSet(config, folder / "data", buffers), Error, says(ErrorKind::bad_request, "'tape'"));
}

BOOST_AUTO_TEST_CASE(two_stores_in_one_folder_are_refused) {
    const ScratchFolder folder;
    Config config;
    config.stores = {{"one", file_config(folder / "same")}, {"two", file_config(folder / "x/../same")}};
    config.store.default_store = "one";
    std::filesystem::create_directories(folder / "x");
    BOOST_CHECK_EXCEPTION(StoreSet(config, folder / "data", buffers), Error,
                          says(ErrorKind::bad_request, "the store 'one'"));
}

BOOST_AUTO_TEST_CASE(stores_of_one_file_system_share_its_space) {
    const ScratchFolder folder;
    Config config;
    config.stores = {{"one", file_config(folder / "one")}, {"two", file_config(folder / "two")}};
    config.store.default_store = "one";
    const StoreSet stores(config, folder / "data", buffers);
    const std::uint64_t most = stores.at("one").space().available / 4 * 3;
    const auto writer = stores.at("one").create("file:00000000-0000-4000-8000-000000000001", most);
    BOOST_CHECK_EXCEPTION(stores.at("two").create("file:00000000-0000-4000-8000-000000000002", most), Error,
                          says(ErrorKind::storage_full, ""));
}

BOOST_AUTO_TEST_CASE(space_that_is_held_is_nobody_elses_until_it_is_given_back) {
    const ScratchFolder folder;
    Config config;
    config.stores = {{"one", file_config(folder / "one")}};
    config.store.default_store = "one";
    const StoreSet stores(config, folder / "data", buffers);
    const auto promises = stores.promises_at(folder.path());
    {
        const auto hold = stores.at("one").hold(1000);
        BOOST_TEST(promises->outstanding == 1000U);
        BOOST_CHECK_EXCEPTION(stores.at("one").hold(std::uint64_t{1} << 62), Error,
                              says(ErrorKind::storage_full, "purge the recycle bin"));
    }
    BOOST_TEST(promises->outstanding == 0U);
    BOOST_CHECK_EXCEPTION(stores.promises_at(folder / "nowhere"), Error, says(ErrorKind::internal, "nowhere"));
}

BOOST_AUTO_TEST_CASE(stores_made_otherwise_are_taken_as_they_are) {
    std::map<std::string, std::unique_ptr<Store>> made;
    const Store* const store = (made["faulty"] = std::make_unique<FaultyStore>()).get();
    const StoreSet stores(std::move(made), "faulty");
    BOOST_TEST(&stores.default_store() == store);
}

BOOST_AUTO_TEST_SUITE_END()
