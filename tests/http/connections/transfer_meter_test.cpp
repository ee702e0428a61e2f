#include "http/connections/transfer_meter.hpp"

#include <boost/test/unit_test.hpp>

using reprieve::http::TransferMeter;

BOOST_AUTO_TEST_SUITE(transfer_meter)

BOOST_AUTO_TEST_CASE(a_peer_that_does_not_move_is_too_slow_after_the_window) {
    TransferMeter meter(1'000'000, 0);
    BOOST_TEST(meter.waited(999'999));
    BOOST_TEST(meter.left_us() == 1);
    BOOST_TEST(!meter.waited(1));
}

BOOST_AUTO_TEST_CASE(a_peer_that_trickles_is_too_slow_too) {
    TransferMeter meter(1'000'000, 100);
    meter.moved(100);
    BOOST_TEST(meter.waited(1'000'000));
    meter.moved(99);
    BOOST_TEST(!meter.waited(1'000'000));
}

BOOST_AUTO_TEST_CASE(bytes_count_for_their_own_window_alone) {
    TransferMeter meter(1'000'000, 100);
    meter.moved(1'000'000);
    BOOST_TEST(meter.waited(1'000'000));
    BOOST_TEST(!meter.waited(1'000'000));
}

BOOST_AUTO_TEST_CASE(a_peer_is_not_slow_because_we_look_late) {
    TransferMeter meter(1000, 0);
    BOOST_TEST(meter.waited(5000, true));
    meter.moved(1);
    BOOST_TEST(meter.waited(1));
    BOOST_TEST(meter.waited(999));
    BOOST_TEST(!meter.waited(1));

    meter.moved(1);
    BOOST_TEST(meter.waited(5000));
    TransferMeter steady(1'000'000, 100);
    steady.moved(1);
    BOOST_TEST(steady.waited(2'000'000, true));
    steady.moved(1'000'000);
    BOOST_TEST(steady.waited(1, true));

    TransferMeter demanding(1'000'000, 100);
    BOOST_TEST(demanding.waited(2'000'000, true));
    demanding.moved(1);
    BOOST_TEST(!demanding.waited(1, true));
}

BOOST_AUTO_TEST_SUITE_END()
