#include "store/rbd/image_uses.hpp"

#include <boost/test/unit_test.hpp>

#include "store/store.hpp"
#include "tests/error_of.hpp"

using namespace reprieve;
using namespace reprieve::store;

BOOST_AUTO_TEST_SUITE(image_uses)

BOOST_AUTO_TEST_CASE(what_is_read_waits_with_its_removal_until_the_last_reader_has_gone) {
    const auto uses = std::make_shared<ImageUses>();
    auto first = uses->read("a"), second = uses->read("a");
    BOOST_CHECK_EXCEPTION(uses->remove("a"), InUse,
                          [](const InUse& e) { return e.by() == std::vector<std::string>{"2 downloads of it"}; });
    first.reset();
    BOOST_CHECK_THROW(uses->remove("a"), InUse);
    BOOST_CHECK_NO_THROW(uses->remove("b"));
    second.reset();
    BOOST_CHECK_NO_THROW(uses->remove("a"));
}

BOOST_AUTO_TEST_CASE(what_is_being_removed_is_not_there_for_others) {
    const auto uses = std::make_shared<ImageUses>();
    auto removal = uses->remove("a");
    BOOST_CHECK_EXCEPTION(uses->read("a"), Error, [](const Error& e) { return e.kind() == ErrorKind::not_found; });
    BOOST_CHECK_THROW(uses->remove("a"), InUse);
    removal.reset();
    BOOST_CHECK_NO_THROW(uses->read("a"));
}

BOOST_AUTO_TEST_SUITE_END()
