#include "catalog/engine/location_cipher.hpp"

#include <boost/test/unit_test.hpp>
#include <string>

#include "tests/error_of.hpp"

using namespace reprieve;
using namespace reprieve::catalog;
using tests::error_of;
using tests::throws;

BOOST_AUTO_TEST_SUITE(location_cipher)

namespace {

const std::string old_key(64, '1');
const std::string new_key(64, '2');

}  // namespace

BOOST_AUTO_TEST_CASE(without_a_key_a_uri_is_stored_as_it_is) {
    const LocationCipher cipher({});
    const StoredUri stored = cipher.close(1, "web", "http://a/b");
    BOOST_TEST(stored.text == "http://a/b");
    BOOST_TEST(stored.key_name == "");
    BOOST_TEST(stored.mark == "");
    BOOST_TEST(cipher.open(2, "other", stored) == "http://a/b");
}

BOOST_AUTO_TEST_CASE(with_a_key_it_can_be_found_and_opened_but_not_read) {
    const LocationCipher cipher({old_key, ""});
    const StoredUri stored = cipher.close(1, "web", "http://a/secret");
    BOOST_TEST(stored.text.find("secret") == std::string::npos);
    BOOST_TEST(stored.key_name == cipher.current_name());
    BOOST_TEST(stored.mark == cipher.mark("web", "http://a/secret"));
    BOOST_TEST(stored.mark != cipher.mark("web2", "http://a/secret"));
    BOOST_TEST(cipher.open(1, "web", stored) == "http://a/secret");
    BOOST_TEST(cipher.close(1, "web", "http://a/secret").text != stored.text);
}

BOOST_AUTO_TEST_CASE(it_is_bound_to_its_image_and_its_store) {
    const LocationCipher cipher({old_key, ""});
    StoredUri stored = cipher.close(1, "web", "http://a/b");
    BOOST_TEST(throws(ErrorKind::unavailable, [&] { cipher.open(2, "web", stored); }));
    BOOST_TEST(throws(ErrorKind::unavailable, [&] { cipher.open(1, "web2", stored); }));
    stored.text.back() = stored.text.back() == '0' ? '1' : '0';
    BOOST_TEST(throws(ErrorKind::unavailable, [&] { cipher.open(1, "web", stored); }));
}

BOOST_AUTO_TEST_CASE(a_new_key_opens_what_the_previous_one_closed) {
    const StoredUri stored = LocationCipher({old_key, ""}).close(1, "web", "http://a/b");
    const LocationCipher cipher({new_key, old_key});
    BOOST_TEST(cipher.open(1, "web", stored) == "http://a/b");
    BOOST_TEST(stored.key_name == cipher.previous_name());
    BOOST_TEST(cipher.close(1, "web", "http://a/b").key_name == cipher.current_name());
    BOOST_TEST(error_of(ErrorKind::unavailable, [&] {
                   LocationCipher({new_key, ""}).open(1, "web", stored);
               }) == "a location in the catalog is encrypted with another key");
}

BOOST_AUTO_TEST_CASE(what_is_no_key_is_refused) {
    for (const std::string& key :
         {std::string("x"), std::string(63, 'a'), std::string(65, 'a'), std::string(64, 'g')}) {
        BOOST_TEST(throws(ErrorKind::bad_request, [&] { LocationCipher({key, ""}); }), key);
        BOOST_TEST(throws(ErrorKind::bad_request, [&] { LocationCipher({old_key, key}); }), key);
    }
}

BOOST_AUTO_TEST_SUITE_END()
