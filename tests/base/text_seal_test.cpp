#include "base/text_seal.hpp"

#include <boost/test/unit_test.hpp>

#include "base/error.hpp"
#include "tests/error_of.hpp"

using namespace reprieve;
using namespace reprieve::tests;

BOOST_AUTO_TEST_SUITE(text_seal)

namespace {

const TextSeal seal(*TextSeal::parse_key(std::string(64, 'a')));
const TextSeal other(*TextSeal::parse_key(std::string(63, 'a') + "b"));

bool is_refused(const TextSeal& key, const std::string& sealed, const std::string& place) {
    return throws(ErrorKind::unavailable, [&] { key.open(sealed, place); });
}

}  // namespace

BOOST_AUTO_TEST_CASE(a_text_is_read_with_its_key_in_its_place_alone) {
    for (const std::string& text :
         {std::string("https://a.example/?signature=x"), std::string(), std::string(9000, 'x')}) {
        const std::string sealed = seal.seal(text, "here");
        BOOST_TEST(seal.open(sealed, "here") == text);
        BOOST_TEST(is_refused(seal, sealed, "there"));
        BOOST_TEST(is_refused(other, sealed, "here"));
        BOOST_TEST(seal.seal(text, "here") != sealed);
    }
    BOOST_TEST(seal.seal("secret", "here").find("secret") == std::string::npos);
}

BOOST_AUTO_TEST_CASE(what_was_changed_is_refused) {
    const std::string sealed = seal.seal("text", "here");
    for (std::size_t i = 0; i < sealed.size(); ++i) {
        std::string changed = sealed;
        changed[i] = changed[i] == '0' ? '1' : '0';
        BOOST_TEST(is_refused(seal, changed, "here"), i);
        BOOST_TEST(is_refused(seal, sealed.substr(0, i), "here"), i);
    }
    BOOST_TEST(is_refused(seal, "text", "here"));
    BOOST_TEST(is_refused(seal, sealed + "00", "here"));
}

BOOST_AUTO_TEST_CASE(a_mark_is_the_same_for_the_same_text_and_key) {
    BOOST_TEST(seal.mark("x") == seal.mark("x"));
    BOOST_TEST(seal.mark("x") != seal.mark("y"));
    BOOST_TEST(seal.mark("x") != other.mark("x"));
    BOOST_TEST(seal.key_name() != other.key_name());
    BOOST_TEST(seal.key_name() == TextSeal(*TextSeal::parse_key(std::string(64, 'A'))).key_name());
}

BOOST_AUTO_TEST_CASE(a_key_is_64_hexadecimal_digits) {
    for (const std::string& text :
         {std::string(), std::string(63, 'a'), std::string(65, 'a'), std::string(66, 'a'), std::string(64, 'g')})
        BOOST_TEST(!TextSeal::parse_key(text).has_value(), text);
}

BOOST_AUTO_TEST_SUITE_END()
