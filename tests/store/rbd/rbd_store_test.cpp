#include "store/rbd/rbd_store.hpp"

#include <boost/test/unit_test.hpp>
#include <cstdlib>
#include <vector>

#include "base/error.hpp"
#include "base/uuid.hpp"
#include "tests/hang_limit.hpp"
#include "tests/sample_bytes.hpp"

// These tests use the cluster whose ceph.conf is named in REPRIEVE_CEPH_CONF; without it they are skipped. scripts/test
// starts one with scripts/ceph-dev. The tests of clones, watchers and outages are in tests/system.

using namespace reprieve;
using namespace reprieve::store;
using namespace reprieve::tests;

namespace {

constexpr std::uint64_t object_bytes = 8 * mebibyte;

/// Returns the path of the cluster's ceph.conf; empty if there is no cluster.
std::string cluster_conf() {
    const char* const conf = std::getenv("REPRIEVE_CEPH_CONF");
    return conf == nullptr ? "" : conf;
}

boost::test_tools::assertion_result has_cluster(boost::unit_test::test_unit_id) {
    boost::test_tools::assertion_result result(!cluster_conf().empty());
    result.message() << "REPRIEVE_CEPH_CONF names no cluster";
    return result;
}

struct Fixture {
    explicit Fixture(std::uint64_t budget = 64 * mebibyte) : buffers(budget) {}

    std::string put(const std::string& bytes, std::optional<std::uint64_t> size, std::size_t piece = mebibyte) {
        const std::string uri = rbd.uri_for(new_uuid());
        const auto writer = rbd.create(uri, size);
        for (std::size_t at = 0; at < bytes.size(); at += piece)
            writer->write(as_byte_span(bytes).subspan(at, std::min(piece, bytes.size() - at)));
        writer->commit();
        return uri;
    }

    std::string get(const std::string& uri, std::size_t piece) {
        const auto reader = rbd.open(uri);
        std::string bytes(reader->size(), 'x');
        for (std::size_t at = 0; at < bytes.size();) {
            const auto wanted = std::min(piece, bytes.size() - at);
            const std::size_t count = reader->read(at, std::as_writable_bytes(std::span(bytes.data() + at, wanted)));
            BOOST_REQUIRE(count > 0);
            at += count;
        }
        return bytes;
    }

    BufferPool buffers;
    std::shared_ptr<CephCluster> cluster =
        std::make_shared<CephCluster>(cluster_conf(), "reprieve", tests::hang_limit_us);
    RbdStore rbd{cluster, "images", object_bytes, buffers};
};

}  // namespace

BOOST_AUTO_TEST_SUITE(rbd_store, *boost::unit_test::precondition(has_cluster))

BOOST_AUTO_TEST_CASE(what_is_written_comes_back_whatever_the_pieces) {
    Fixture f;
    for (const std::size_t size : {std::size_t{0}, std::size_t{1}, std::size_t{100'000}, 17 * mebibyte + 4321}) {
        const std::string bytes = sample_bytes(size, size);
        for (const std::size_t piece : {mebibyte, std::size_t{99'999}}) {
            const std::string known = f.put(bytes, size, piece);
            const std::string unknown = f.put(bytes, {}, piece);
            BOOST_TEST((f.get(known, mebibyte) == bytes));
            BOOST_TEST((f.get(unknown, 3 * mebibyte + 17) == bytes));
            BOOST_TEST(f.rbd.stat(unknown).size == size);
            f.rbd.remove(known);
            f.rbd.remove(unknown);
        }
    }
}

BOOST_AUTO_TEST_CASE(zeros_take_no_space_and_come_back) {
    Fixture f;
    std::string bytes(200 * mebibyte, '\0');
    const std::string island = sample_bytes(mebibyte + 100);
    bytes.replace(100 * mebibyte + 12'345, island.size(), island);
    for (const bool is_known : {true, false}) {
        const std::string uri = f.put(bytes, is_known ? std::optional<std::uint64_t>(bytes.size()) : std::nullopt);
        BOOST_TEST((f.get(uri, mebibyte) == bytes));
        BOOST_TEST(f.rbd.stat(uri).allocated <= 2 * object_bytes);
        BOOST_TEST(f.rbd.remove(uri).value() <= 2 * object_bytes);
    }
}

BOOST_AUTO_TEST_CASE(without_a_spare_buffer_it_is_only_slower) {
    Fixture f(mebibyte);
    BufferPool::Share upload(f.buffers);
    const auto held = upload.acquire();
    const std::string bytes = sample_bytes(5 * mebibyte + 77);
    const std::string uri = f.put(bytes, bytes.size());
    BOOST_TEST((f.get(uri, mebibyte) == bytes));
    f.rbd.remove(uri);
}

BOOST_AUTO_TEST_CASE(buffers_go_back_to_the_pool) {
    Fixture f;
    const std::string bytes = sample_bytes(30 * mebibyte);
    const std::string uri = f.put(bytes, bytes.size());
    BOOST_TEST(f.buffers.in_use() == 0U);
    {
        const auto reader = f.rbd.open(uri);
        std::string part(mebibyte, '\0');
        reader->read(0, std::as_writable_bytes(std::span(part)));
        BOOST_TEST(f.buffers.in_use() > 0U);
        BOOST_TEST((part == bytes.substr(0, mebibyte)));
        reader->read(20 * mebibyte, std::as_writable_bytes(std::span(part)));
        BOOST_TEST((part == bytes.substr(20 * mebibyte, mebibyte)));
    }
    f.rbd.remove(uri);
}

BOOST_AUTO_TEST_CASE(an_upload_that_ends_early_leaves_nothing) {
    Fixture f;
    const std::string uri = f.rbd.uri_for(new_uuid());
    const std::string bytes = sample_bytes(10 * mebibyte);
    f.rbd.create(uri, 20 * mebibyte)->write(as_byte_span(bytes));
    BOOST_CHECK_EXCEPTION(f.rbd.open(uri), Error, [](const Error& e) { return e.kind() == ErrorKind::not_found; });
    BOOST_TEST(!f.rbd.remove(uri).has_value());
}

BOOST_AUTO_TEST_CASE(what_an_upload_left_is_replaced) {
    Fixture f;
    const std::string uri = f.put("old bytes", {});
    const auto writer = f.rbd.create(uri, 3);
    writer->write(as_byte_span("new"));
    writer->commit();
    BOOST_TEST(f.get(uri, 100) == "new");
    bool is_listed = false;
    f.rbd.list([&](const StoredObject& object) { is_listed = is_listed || (object.uri == uri && object.size == 3); });
    BOOST_TEST(is_listed);
    f.rbd.remove(uri);
}

BOOST_AUTO_TEST_CASE(what_a_dead_client_still_has_open_can_be_written_later) {
    Fixture f;
    const std::string uri = f.rbd.uri_for(new_uuid());
    const auto open = f.rbd.create(uri, mebibyte);
    BOOST_CHECK_EXCEPTION(f.rbd.create(uri, mebibyte), Error,
                          [](const Error& e) { return e.kind() == ErrorKind::unavailable && e.wait_s() > 0; });
}

BOOST_AUTO_TEST_CASE(what_is_read_is_not_removed) {
    Fixture f;
    const std::string bytes = sample_bytes(5 * mebibyte);
    const std::string uri = f.put(bytes, bytes.size());
    {
        const auto reader = f.rbd.open(uri);
        BOOST_CHECK_EXCEPTION(f.rbd.remove(uri), InUse,
                              [](const InUse& e) { return e.by() == std::vector<std::string>{"a download of it"}; });
        std::string last(100, '\0');
        reader->read(bytes.size() - last.size(), std::as_writable_bytes(std::span(last)));
        BOOST_TEST(last == bytes.substr(bytes.size() - last.size()));
    }
    BOOST_TEST(f.rbd.remove(uri).has_value());
    BOOST_TEST(!f.rbd.remove(uri).has_value());
}

BOOST_AUTO_TEST_CASE(a_foreign_uri_is_not_found) {
    Fixture f;
    const std::string mine = f.rbd.uri_for(new_uuid());
    for (const std::string& uri :
         {std::string("file:x"), mine + "/snap", "rbd://0/" + mine.substr(6), mine.substr(0, mine.size() - 1),
          std::string("rbd://a/images/../../snap"), std::string()})
        BOOST_CHECK_EXCEPTION(f.rbd.open(uri), Error, [](const Error& e) { return e.kind() == ErrorKind::not_found; });
}

BOOST_AUTO_TEST_CASE(a_cluster_that_is_not_there_is_unavailable_and_then_at_once) {
    BufferPool buffers(mebibyte);
    RbdStore lost(std::make_shared<CephCluster>("/nowhere/ceph.conf", "reprieve", 1'000'000), "images", object_bytes,
                  buffers);
    for (int i = 0; i < 2; ++i)
        BOOST_CHECK_EXCEPTION(lost.uri_for(new_uuid()), Error, [](const Error& e) {
            return e.kind() == ErrorKind::unavailable && std::string(e.what()).find("/nowhere") != std::string::npos;
        });
}

BOOST_AUTO_TEST_SUITE_END()
