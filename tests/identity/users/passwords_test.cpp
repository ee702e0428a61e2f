#include "identity/users/passwords.hpp"

#include <atomic>
#include <boost/test/unit_test.hpp>
#include <semaphore>
#include <vector>

#include "tests/error_of.hpp"
#include "tests/hang_limit.hpp"

using namespace reprieve;
using namespace reprieve::tests;
using identity::Passwords;

BOOST_AUTO_TEST_SUITE(passwords)

BOOST_AUTO_TEST_CASE(a_password_fits_what_was_stored_for_it_and_nothing_else) {
    Passwords passwords;
    const std::string stored = passwords.hash("correct horse");
    BOOST_TEST(stored.starts_with("$scrypt$ln=15,r=8,p=1$"));
    BOOST_TEST(stored.find("horse") == std::string::npos);
    BOOST_TEST(passwords.verify("correct horse", stored));
    BOOST_TEST(!passwords.verify("correct horsf", stored));
    BOOST_TEST(!passwords.verify("", stored));
    BOOST_TEST(passwords.hash("correct horse") != stored, "each has a salt of its own");
}

// The third test vector of RFC 7914, section 12. Our key is the first half of its key.
BOOST_AUTO_TEST_CASE(what_another_implementation_stored_is_understood) {
    Passwords passwords;
    const std::string salt_and_key = "U29kaXVtQ2hsb3JpZGU$cCO9yzr9c0hGHAbNgf046/2o+7qQT44+qbVD9lRdofI";
    BOOST_TEST(passwords.verify("pleaseletmein", "$scrypt$ln=14,r=8,p=1$" + salt_and_key));
    BOOST_TEST(!passwords.verify("pleaseletmein", "$scrypt$ln=13,r=8,p=1$" + salt_and_key));
}

BOOST_AUTO_TEST_CASE(a_user_without_a_password_costs_the_same_and_lets_nobody_in) {
    Passwords passwords;
    const std::uint64_t before = passwords.runs();
    BOOST_TEST(!passwords.verify("", ""));
    BOOST_TEST(!passwords.verify(std::string(5000, 'x'), "$scrypt$ln=15,r=8,p=1$c2FsdA$a2V5"));
    BOOST_TEST(passwords.runs() == before + 2);
}

BOOST_AUTO_TEST_CASE(a_password_out_of_bounds_is_refused_without_work) {
    Passwords passwords;
    BOOST_TEST(error_of(ErrorKind::bad_request, [&] { passwords.hash("seven77"); }) ==
               "a password has 8 to 1024 bytes; this one has 7");
    BOOST_TEST(error_of(ErrorKind::bad_request, [&] { passwords.hash(std::string(1025, 'x')); }) ==
               "a password has 8 to 1024 bytes; this one has 1025");
    BOOST_TEST(error_of(ErrorKind::bad_request, [&] { passwords.hash(std::string("eight\0ch", 8)); }) ==
               "a password must not contain a NUL character");
    BOOST_TEST(passwords.runs() == 0);
}

BOOST_AUTO_TEST_CASE(a_damaged_row_is_an_error_and_takes_no_memory) {
    Passwords passwords;
    for (const char* stored :
         {"plain", "$scrypt$ln=40,r=8,p=1$c2FsdA$a2V5", "$scrypt$ln=15,r=8,p=1$$a2V5", "$scrypt$ln=15,r=8,p=1",
          "$scrypt$ln=15,r=8,p=1$c2FsdA", "$scrypt$ln=-1,r=8,p=1$c2FsdA$"})
        BOOST_TEST(error_of(ErrorKind::internal, [&] { passwords.verify("password", stored); }) ==
                       "a stored password has a format that this version does not know",
                   stored);
    BOOST_TEST(passwords.runs() == 0);
}

BOOST_AUTO_TEST_CASE(whoever_leaves_at_its_turn_does_no_work) {
    Passwords passwords;
    BOOST_TEST(error_of(ErrorKind::too_many_requests, [&] {
                   passwords.verify("password", "", [] { throw Error(ErrorKind::too_many_requests, "wait"); });
               }) == "wait");
    BOOST_TEST(passwords.runs() == 0);
}

BOOST_AUTO_TEST_CASE(two_run_at_a_time_and_a_flood_is_turned_away) {
    Passwords passwords;
    constexpr std::uint64_t callers = Passwords::max_waiting + 12;
    std::atomic<std::uint64_t> running{0}, most{0}, refused{0}, arrived{0}, late{0};
    std::counting_semaphore<> seen_all{0};
    std::atomic<std::uint64_t> unseen{callers - Passwords::max_waiting};  // 10 refused callers and 2 that work
    const auto see = [&] {
        if (--unseen == 0) seen_all.release(static_cast<std::ptrdiff_t>(callers));
    };
    std::vector<std::thread> threads;
    threads.reserve(callers);
    for (std::uint64_t i = 0; i < callers; ++i)
        threads.emplace_back([&] {
            try {
                passwords.verify("x", "", [&] {
                    const std::uint64_t now = ++running;
                    for (std::uint64_t seen = most; now > seen && !most.compare_exchange_weak(seen, now);) {
                    }
                    if (++arrived <= 2) see();
                    if (!seen_all.try_acquire_for(hang_limit)) ++late;
                    --running;
                    throw Error(ErrorKind::unavailable, "enough seen");
                });
            } catch (const Error& error) {
                if (error.kind() != ErrorKind::too_many_requests) return;
                ++refused;
                see();
            }
        });
    for (auto& thread : threads) thread.join();
    BOOST_TEST(late == 0U);
    BOOST_TEST(most == 2);
    BOOST_TEST(refused == 10);
    BOOST_TEST(arrived == Passwords::max_waiting + 2);
}

BOOST_AUTO_TEST_SUITE_END()
