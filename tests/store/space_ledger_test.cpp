#include "store/space_ledger.hpp"

#include <atomic>
#include <boost/test/unit_test.hpp>
#include <thread>
#include <vector>

#include "base/error.hpp"

#include "tests/sample_bytes.hpp"

using namespace reprieve;
using namespace reprieve::store;
using namespace reprieve::tests;

namespace {

struct Ledger {
    std::atomic<std::uint64_t> free_bytes = 1000 * mebibyte;
    std::shared_ptr<Promises> promises = std::make_shared<Promises>();
    SpaceLedger ledger{[this] { return Space{2000 * mebibyte, free_bytes}; }, 100 * mebibyte, promises};
};

bool is_full(const Error& error) { return error.kind() == ErrorKind::storage_full; }

}  // namespace

BOOST_FIXTURE_TEST_SUITE(space_ledger, Ledger)

BOOST_AUTO_TEST_CASE(the_reserve_and_what_is_promised_are_not_available) {
    BOOST_TEST(ledger.space().available == 900 * mebibyte);
    {
        SpaceLedger::Reservation reservation(ledger);
        reservation.add(300 * mebibyte);
        BOOST_TEST(ledger.space().available == 600 * mebibyte);
    }
    BOOST_TEST(ledger.space().available == 900 * mebibyte);
}

BOOST_AUTO_TEST_CASE(what_is_not_available_is_not_promised_and_the_message_says_how_much_is) {
    SpaceLedger::Reservation reservation(ledger);
    BOOST_CHECK_EXCEPTION(reservation.add(901 * mebibyte), Error, [](const Error& error) {
        return is_full(error) && std::string(error.what()).find("900.0 MiB free") != std::string::npos;
    });
    BOOST_TEST(reservation.left() == 0U);
    reservation.add(900 * mebibyte);
    BOOST_TEST(ledger.space().available == 0U);
}

BOOST_AUTO_TEST_CASE(an_unknown_length_takes_space_in_steps_down_to_the_last_byte) {
    free_bytes = 200 * mebibyte;
    SpaceLedger::Reservation reservation(ledger);
    reservation.cover(mebibyte);
    BOOST_TEST(reservation.left() == SpaceLedger::growth_bytes);
    for (int i = 0; i < 100; ++i) {
        reservation.cover(mebibyte);
        free_bytes -= mebibyte;
        reservation.settle(mebibyte);
    }
    BOOST_TEST(ledger.space().available == 0U);
    BOOST_CHECK_EXCEPTION(reservation.cover(1), Error, is_full);
}

BOOST_AUTO_TEST_CASE(stores_of_one_file_system_do_not_promise_the_same_bytes) {
    SpaceLedger other([this] { return Space{2000 * mebibyte, free_bytes}; }, 0, promises);
    SpaceLedger::Reservation reservation(ledger);
    reservation.add(600 * mebibyte);
    BOOST_TEST(other.space().available == 400 * mebibyte);
}

BOOST_AUTO_TEST_CASE(parallel_reservations_never_add_up_to_more_than_there_is) {
    std::atomic<int> promised = 0;
    std::vector<std::unique_ptr<SpaceLedger::Reservation>> kept(8 * 50);
    std::vector<std::thread> threads;
    for (std::size_t thread = 0; thread < 8; ++thread)
        threads.emplace_back([&, thread] {
            for (std::size_t i = 0; i < 50; ++i) {
                auto& reservation = kept[thread * 50 + i];
                reservation = std::make_unique<SpaceLedger::Reservation>(ledger);
                try {
                    reservation->add(10 * mebibyte);
                    ++promised;
                } catch (const Error&) {
                }
            }
        });
    for (auto& thread : threads) thread.join();
    BOOST_TEST(promised == 90);
    kept.clear();
    BOOST_TEST(ledger.space().available == 900 * mebibyte);
}

BOOST_AUTO_TEST_SUITE_END()
