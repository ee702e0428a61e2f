#include "config/nearest_word.hpp"

#include <boost/test/unit_test.hpp>
#include <string>
#include <vector>

using namespace reprieve;

BOOST_AUTO_TEST_SUITE(nearest_words)

BOOST_AUTO_TEST_CASE(a_typing_mistake_is_understood) {
    const std::vector<std::string> words{"listen", "data", "retention", "max_transfers"};
    BOOST_TEST(nearest_word("lsiten", words) == "listen");
    BOOST_TEST(nearest_word("retension", words) == "retention");
    BOOST_TEST(nearest_word("max_transfer", words) == "max_transfers");
    BOOST_TEST(nearest_word("maxtransfers", words) == "max_transfers");
    BOOST_TEST(nearest_word("dat", words) == "data");
    BOOST_TEST(nearest_word("data", words) == "data");
}

BOOST_AUTO_TEST_CASE(the_start_of_a_word_is_enough) {
    BOOST_TEST(nearest_word("ret", {"listen", "retention"}) == "retention");
    BOOST_TEST(nearest_word("re", {"listen", "retention"}) == "");
}

BOOST_AUTO_TEST_CASE(what_is_near_to_nothing_gets_no_answer) {
    for (const std::string& word : {std::string(), std::string("x"), std::string("password"), std::string(65, 'l')})
        BOOST_TEST(nearest_word(word, {"listen", "data"}) == "", word);
    BOOST_TEST(nearest_word("listen", {}) == "");
}

BOOST_AUTO_TEST_SUITE_END()
