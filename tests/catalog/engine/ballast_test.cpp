#include "catalog/engine/ballast.hpp"

#include <boost/test/unit_test.hpp>
#include <filesystem>

#include "tests/catalog/catalog_fixture.hpp"

using namespace reprieve;
using namespace reprieve::tests;

BOOST_AUTO_TEST_SUITE(ballast)

BOOST_AUTO_TEST_CASE(the_reserve_takes_real_space_until_it_is_given_up) {
    const ScratchFolder folder;
    const std::string file = folder.path() + "/reserve";
    catalog::Ballast ballast(folder.path());
    BOOST_TEST(ballast.is_there());
    BOOST_TEST(std::filesystem::file_size(file) == 16U << 20);
    BOOST_TEST(ballast.give_up());
    BOOST_TEST(!std::filesystem::exists(file));
    BOOST_TEST(!ballast.give_up());
    ballast.restore();
    BOOST_TEST(ballast.is_there());
    BOOST_TEST(catalog::Ballast(folder.path()).is_there());
}

BOOST_AUTO_TEST_SUITE_END()
