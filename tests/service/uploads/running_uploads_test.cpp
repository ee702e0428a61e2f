#include "service/uploads/running_uploads.hpp"

#include <boost/test/unit_test.hpp>

#include "tests/error_of.hpp"

using namespace reprieve;
using service::RunningUploads;

BOOST_AUTO_TEST_SUITE(running_uploads)

BOOST_AUTO_TEST_CASE(as_many_run_as_may) {
    RunningUploads uploads(2);
    const RunningUploads::Ticket first(uploads, "a");
    {
        const RunningUploads::Ticket second(uploads, "b");
        BOOST_TEST(uploads.count() == 2U);
        BOOST_TEST(tests::error_of(ErrorKind::too_many_requests, [&] { RunningUploads::Ticket(uploads, "c"); }) ==
                   "2 uploads are running, which is the maximum (server.max_transfers): try again when one has ended");
    }
    BOOST_TEST(uploads.count() == 1U);
    BOOST_TEST(!uploads.contains("b"));
    BOOST_CHECK_NO_THROW(RunningUploads::Ticket(uploads, "c"));
}

BOOST_AUTO_TEST_CASE(all_uploads_to_an_image_are_told_to_stop_and_no_others) {
    RunningUploads uploads(10);
    const RunningUploads::Ticket first(uploads, "a"), second(uploads, "a"), other(uploads, "b");
    uploads.cancel("c");
    BOOST_TEST(!first.is_cancelled());
    uploads.cancel("a");
    BOOST_TEST(first.is_cancelled());
    BOOST_TEST(second.is_cancelled());
    BOOST_TEST(!other.is_cancelled());
    BOOST_TEST(uploads.contains("a"));
    const RunningUploads::Ticket later(uploads, "a");
    BOOST_TEST(!later.is_cancelled());
}

BOOST_AUTO_TEST_SUITE_END()
