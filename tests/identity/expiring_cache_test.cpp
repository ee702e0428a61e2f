#include "identity/expiring_cache.hpp"

#include <boost/test/unit_test.hpp>

using reprieve::identity::ExpiringCache;

BOOST_AUTO_TEST_SUITE(expiring_cache)

BOOST_AUTO_TEST_CASE(a_value_is_found_until_its_time) {
    ExpiringCache<int> cache(10);
    cache.put("a", 1, 100);
    BOOST_TEST(cache.find("a", 99).value() == 1);
    BOOST_TEST(!cache.find("b", 99).has_value());
    BOOST_TEST(!cache.find("a", 100).has_value());
    BOOST_TEST(!cache.find("a", 50).has_value());  // the cache has forgotten it
}

BOOST_AUTO_TEST_CASE(a_newer_value_replaces_an_older_one) {
    ExpiringCache<int> cache(10);
    cache.put("a", 1, 100);
    cache.put("a", 2, 50);
    BOOST_TEST(cache.find("a", 0).value() == 2);
    BOOST_TEST(!cache.find("a", 60).has_value());
    cache.put("b", 3, 100);
    cache.erase("b");
    cache.erase("b");
    BOOST_TEST(!cache.find("b", 0).has_value());
}

BOOST_AUTO_TEST_CASE(a_full_one_forgets_what_was_not_asked_for_the_longest) {
    ExpiringCache<int> cache(3);
    for (const char* key : {"a", "b", "c"}) cache.put(key, 1, 100);
    BOOST_TEST(cache.find("a", 0).has_value());
    cache.put("d", 1, 100);
    BOOST_TEST(!cache.find("b", 0).has_value());
    for (const char* key : {"a", "c", "d"}) BOOST_TEST(cache.find(key, 0).has_value(), key);
    cache.put("d", 2, 100);  // a key that exists needs no new place
    BOOST_TEST(cache.find("a", 0).has_value());
}

BOOST_AUTO_TEST_SUITE_END()
