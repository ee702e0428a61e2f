#include "tests/faulty_store.hpp"

#include <boost/test/unit_test.hpp>
#include <thread>

#include "base/error.hpp"
#include "tests/sample_bytes.hpp"

using namespace reprieve;
using namespace reprieve::tests;
using Operation = FaultyStore::Operation;

BOOST_AUTO_TEST_SUITE(faulty_store)

namespace {

const std::string id = "00000000-0000-4000-8000-000000000001";

bool is_unavailable(const Error& error) { return error.kind() == ErrorKind::unavailable; }

}  // namespace

BOOST_AUTO_TEST_CASE(without_faults_it_keeps_what_is_written) {
    FaultyStore store;
    const std::string uri = store.uri_for(id);
    {
        const auto writer = store.create(uri, std::nullopt);
        writer->write(as_byte_span("some "));
        writer->write(as_byte_span("bytes"));
        BOOST_TEST(store.temporary_count() == 1U);
        BOOST_TEST(!store.contents(uri));
        writer->commit();
    }
    BOOST_TEST(store.contents(uri).value() == "some bytes");
    BOOST_TEST(store.temporary_count() == 0U);
    BOOST_TEST(store.remove(uri).value() == 10U);
    BOOST_TEST(!store.remove(uri).has_value());
}

BOOST_AUTO_TEST_CASE(the_call_that_is_to_fail_fails_and_no_other) {
    FaultyStore store;
    const auto writer = store.create(store.uri_for(id), std::nullopt);
    store.fail(Operation::write, 2);
    writer->write(as_byte_span("a"));
    BOOST_CHECK_EXCEPTION(writer->write(as_byte_span("b")), Error, is_unavailable);
    writer->write(as_byte_span("c"));
    store.fail_always(Operation::commit);
    BOOST_CHECK_EXCEPTION(writer->commit(), Error, is_unavailable);
    BOOST_CHECK_EXCEPTION(writer->commit(), Error, is_unavailable);
    store.heal();
    writer->commit();
}

BOOST_AUTO_TEST_CASE(a_blocked_image_is_in_use) {
    FaultyStore store;
    const std::string uri = store.put(id, "bytes");
    store.block(uri, "the image has clones: vm-1");
    BOOST_CHECK_EXCEPTION(store.remove(uri), Error, [](const Error& error) {
        return error.kind() == ErrorKind::in_use && std::string(error.what()) == "the image has clones: vm-1";
    });
    store.unblock(uri);
    BOOST_TEST(store.remove(uri).has_value());
}

BOOST_AUTO_TEST_CASE(a_held_call_waits_until_it_is_released) {
    FaultyStore store;
    const std::string uri = store.put(id, "bytes");
    store.hold(Operation::remove);
    std::thread remover([&] { store.remove(uri); });
    store.wait_until_held(Operation::remove);
    BOOST_TEST(store.contents(uri).has_value());
    store.release(Operation::remove);
    remover.join();
    BOOST_TEST(!store.contents(uri).has_value());
}

BOOST_AUTO_TEST_SUITE_END()
