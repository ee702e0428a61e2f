#include "image/retention.hpp"

#include <boost/test/unit_test.hpp>

using namespace reprieve;

BOOST_AUTO_TEST_SUITE(retention)

BOOST_AUTO_TEST_CASE(a_deleted_image_is_kept_for_its_retention) {
    const Deletion deletion = deletion_at(1000, 500);
    BOOST_TEST(deletion.deleted_at == 1000);
    BOOST_TEST(deletion.scrub_after == 1500);
    BOOST_TEST(deletion.retention == 500);
    BOOST_TEST(deletion_at(1000, 0).scrub_after == 1000);
    BOOST_TEST(deletion_at(1000, INT64_MAX).scrub_after == INT64_MAX);
}

BOOST_AUTO_TEST_CASE(a_step_forward_moves_the_deadline_by_the_step) {
    BOOST_TEST(deadline_after_step(1500, 500, 1000, 1000) == 1500);
    BOOST_TEST(deadline_after_step(1500, 500, 1000, 1100) == 1600);
    BOOST_TEST(deadline_after_step(1200, 500, 1000, 9000) == 9200);
    BOOST_TEST(deadline_after_step(900, 500, 1000, 9000) == 8900);  // the image was due and stays due
}

BOOST_AUTO_TEST_CASE(a_deadline_of_another_clock_gets_a_full_retention) {
    BOOST_TEST(deadline_after_step(5000, 500, 1000, 9000) == 9500);
    BOOST_TEST(deadline_after_step(50'000, 500, 1000, 9000) == 50'000);
}

BOOST_AUTO_TEST_CASE(a_step_back_leaves_at_most_a_full_retention) {
    BOOST_TEST(deadline_after_step(1500, 500, 1400, 1300) == 1500);
    BOOST_TEST(deadline_after_step(1500, 500, 1400, 100) == 600);
}

BOOST_AUTO_TEST_CASE(the_ends_of_time_are_no_trap) {
    BOOST_TEST(deadline_after_step(INT64_MAX - 5, INT64_MAX, 0, INT64_MAX) == INT64_MAX);
    BOOST_TEST(deadline_after_step(INT64_MAX, 10, INT64_MAX, INT64_MIN) == INT64_MIN + 10);
}

BOOST_AUTO_TEST_SUITE_END()
