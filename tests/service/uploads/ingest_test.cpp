#include "service/uploads/ingest.hpp"

#include <atomic>
#include <boost/test/unit_test.hpp>
#include <chrono>
#include <cstring>
#include <filesystem>
#include <set>
#include <string>
#include <thread>
#include <vector>

#include "base/digest.hpp"
#include "base/error.hpp"
#include "base/uuid.hpp"
#include "service/uploads/fan_out.hpp"
#include "tests/faulty_store.hpp"
#include "tests/hang_limit.hpp"
#include "tests/sample_bytes.hpp"

using namespace reprieve;
using namespace reprieve::service;
using namespace reprieve::tests;
using Operation = FaultyStore::Operation;

namespace {

std::string digest_of(std::string_view algorithm, const std::string& text) {
    Digest digest(algorithm);
    digest.update(as_byte_span(text));
    return digest.finish();
}

std::set<std::string> threads_now() {
    std::set<std::string> threads;
    for (const auto& entry : std::filesystem::directory_iterator("/proc/self/task"))
        threads.insert(entry.path().filename());
    return threads;
}

auto is_error(ErrorKind kind, const std::string& words = "") {
    return [=](const Error& error) {
        return error.kind() == kind && std::string(error.what()).find(words) != std::string::npos;
    };
}

struct Fixture {
    FaultyStore store;
    BufferPool pool{16 * mebibyte};
    IngestOptions options;
    std::string uri = store.uri_for(new_uuid());
    const std::set<std::string> threads_before = threads_now();

    /// Returns the number of threads that did not exist at the start. A thread of an earlier test may still exist then,
    /// and end at any time.
    std::size_t new_threads() const {
        const auto now = threads_now();
        return static_cast<std::size_t>(
            std::ranges::count_if(now, [&](const auto& thread) { return !threads_before.contains(thread); }));
    }

    ~Fixture() {
        BOOST_TEST(pool.in_use() == 0U);
        // The system still lists a joined thread for a moment.
        const auto end = std::chrono::steady_clock::now() + hang_limit;
        while (new_threads() > 0 && std::chrono::steady_clock::now() < end) std::this_thread::yield();
        BOOST_TEST(new_threads() == 0U);
        BOOST_TEST(store.temporary_count() == 0U);
    }

    /// Returns a source with the bytes of `text`. It throws if more than `fail_at` bytes are read.
    ByteSource source_of(const std::string& text, std::size_t fail_at = SIZE_MAX) {
        return [&text, fail_at, at = std::size_t{0}](std::span<std::byte> out) mutable {
            if (at + out.size() > fail_at) throw Error(ErrorKind::disconnected, "the client went away");
            const std::size_t count = std::min(out.size(), text.size() - at);
            std::memcpy(out.data(), text.data() + at, count);
            at += count;
            return count;
        };
    }

    /// Returns `source` with a counter: it adds the number of bytes read to `taken`.
    static ByteSource counted(ByteSource source, std::size_t& taken) {
        return [source = std::move(source), &taken](std::span<std::byte> out) {
            const std::size_t count = source(out);
            taken += count;
            return count;
        };
    }

    IngestResult run(const ByteSource& source) {
        const auto writer = store.create(uri, options.size);
        const IngestResult result = ingest(source, *writer, pool, options);
        writer->commit();
        return result;
    }
};

}  // namespace

BOOST_FIXTURE_TEST_SUITE(ingest_of_uploads, Fixture)

BOOST_AUTO_TEST_CASE(an_upload_of_any_size_is_stored_and_digested) {
    for (const std::size_t size :
         {std::size_t{0}, std::size_t{1}, mebibyte - 1, mebibyte, mebibyte + 1, 2 * mebibyte, 20 * mebibyte + 4567}) {
        const std::string text = sample_bytes(size);
        for (const bool is_declared : {false, true}) {
            options.size = is_declared ? std::optional<std::uint64_t>(size) : std::nullopt;
            const IngestResult result = run(source_of(text));
            BOOST_TEST(result.size == size);
            BOOST_TEST(result.md5 == digest_of("md5", text));
            BOOST_TEST(result.hash_algorithm == "sha512");
            BOOST_TEST(result.hash == digest_of("sha512", text));
            BOOST_TEST(result.format == "raw");
            BOOST_TEST(result.virtual_size.value() == size);
            BOOST_TEST((store.contents(uri) == text));
        }
    }
}

BOOST_AUTO_TEST_CASE(the_second_digest_is_the_one_that_is_configured) {
    const std::string text = sample_bytes(3 * mebibyte);
    options.hash_algorithm = "sha256";
    BOOST_TEST(run(source_of(text)).hash == digest_of("sha256", text));
    options.hash_algorithm = "crc32";
    BOOST_CHECK_EXCEPTION(run(source_of(text)), Error, is_error(ErrorKind::bad_request, "crc32"));
}

BOOST_AUTO_TEST_CASE(a_small_upload_starts_no_thread) {
    const std::string text = sample_bytes(mebibyte - 1);
    std::size_t during = 0;
    const auto source = source_of(text);
    run([&](std::span<std::byte> out) {
        during = std::max(during, new_threads());
        return source(out);
    });
    BOOST_TEST(during == 0U);
}

BOOST_AUTO_TEST_CASE(an_upload_takes_at_most_eight_buffers_and_one_that_fills) {
    const std::string text = sample_bytes(14 * mebibyte);
    store.hold(Operation::write);
    std::thread upload([&] { run(source_of(text)); });
    store.wait_until_held(Operation::write);
    BOOST_TEST(pool.in_use() <= FanOut::depth + 1);
    store.release(Operation::write);
    upload.join();
    BOOST_TEST((store.contents(uri) == text));
}

BOOST_AUTO_TEST_CASE(many_uploads_share_few_buffers) {
    BufferPool small(3 * mebibyte);
    std::vector<std::thread> uploads;
    std::atomic<int> good = 0;
    for (unsigned seed = 1; seed <= 6; ++seed)
        uploads.emplace_back([&, seed] {
            const std::string text = sample_bytes(5 * mebibyte + seed, seed);
            const auto writer = store.create(store.uri_for(new_uuid()), std::nullopt);
            if (ingest(source_of(text), *writer, small, {}).md5 == digest_of("md5", text)) ++good;
        });
    for (auto& upload : uploads) upload.join();
    BOOST_TEST(good == 6);
    BOOST_TEST(small.in_use() == 0U);
}

BOOST_AUTO_TEST_CASE(an_upload_beyond_the_cap_is_refused_after_one_byte_too_many) {
    const std::string text = sample_bytes(5 * mebibyte);
    for (const std::size_t cap : {std::size_t{0}, std::size_t{1000}, 3 * mebibyte, 5 * mebibyte - 1}) {
        options.size_cap = cap;
        std::size_t taken = 0;
        BOOST_CHECK_EXCEPTION(run(counted(source_of(text), taken)), Error,
                              is_error(ErrorKind::too_large, "image_size_cap"));
        BOOST_TEST(taken == cap + 1);
    }
    options.size_cap = text.size();
    BOOST_TEST(run(source_of(text)).size == text.size());
}

BOOST_AUTO_TEST_CASE(a_declared_length_beyond_the_cap_is_refused_before_a_byte_is_taken) {
    options.size_cap = 10;
    options.size = 11;
    const auto never = [](std::span<std::byte>) -> std::size_t { throw std::logic_error("asked"); };
    BOOST_CHECK_EXCEPTION(run(never), Error, is_error(ErrorKind::too_large));
}

BOOST_AUTO_TEST_CASE(an_upload_shorter_than_declared_is_a_disconnection) {
    for (const std::size_t size : {std::size_t{5}, mebibyte, 3 * mebibyte}) {
        const std::string text = sample_bytes(size);
        options.size = size + 1;
        BOOST_CHECK_EXCEPTION(run(source_of(text)), Error, is_error(ErrorKind::disconnected, std::to_string(size)));
    }
}

BOOST_AUTO_TEST_CASE(an_upload_longer_than_declared_is_refused) {
    const std::string text = sample_bytes(4 * mebibyte);
    for (const std::size_t size : {std::size_t{0}, std::size_t{100}, 2 * mebibyte + 100}) {
        options.size = size;
        BOOST_CHECK_EXCEPTION(run(source_of(text)), Error, is_error(ErrorKind::bad_request, "more than the announced"));
        BOOST_TEST(!store.contents(uri));
    }
}

BOOST_AUTO_TEST_CASE(what_the_source_throws_comes_out_and_nothing_stays) {
    const std::string text = sample_bytes(12 * mebibyte);
    for (const std::size_t at : {std::size_t{0}, mebibyte / 2, 4 * mebibyte, 11 * mebibyte})
        BOOST_CHECK_EXCEPTION(run(source_of(text, at)), Error, is_error(ErrorKind::disconnected, "went away"));
    BOOST_TEST(!store.contents(uri));
}

BOOST_AUTO_TEST_CASE(what_the_writer_throws_comes_out_and_nothing_stays) {
    const std::string large = sample_bytes(14 * mebibyte);
    const std::string small = sample_bytes(1000);
    for (const std::size_t nth : {1U, 2U, 7U, 14U}) {
        store.fail(Operation::write, nth, Error(ErrorKind::storage_full, "no space"));
        BOOST_CHECK_EXCEPTION(run(source_of(large)), Error, is_error(ErrorKind::storage_full, "no space"));
    }
    store.fail(Operation::write, 1, Error(ErrorKind::storage_full, "no space"));
    BOOST_CHECK_EXCEPTION(run(source_of(small)), Error, is_error(ErrorKind::storage_full, "no space"));
    BOOST_TEST(store.image_count() == 0U);
}

BOOST_AUTO_TEST_CASE(a_writer_that_fails_while_the_pool_is_empty_ends_the_upload) {
    BufferPool tiny(mebibyte);
    const std::string text = sample_bytes(5 * mebibyte);
    store.fail(Operation::write, 2);
    const auto writer = store.create(uri, std::nullopt);
    BOOST_CHECK_EXCEPTION(ingest(source_of(text), *writer, tiny, options), Error, is_error(ErrorKind::unavailable));
    BOOST_TEST(tiny.in_use() == 0U);
}

BOOST_AUTO_TEST_CASE(a_dangerous_image_is_refused_before_it_is_taken_whole) {
    std::string text = sample_bytes(10 * mebibyte);
    text.replace(0, 32, std::string("QFI\xfb\0\0\0\3\0\0\0\0\0\0\1\0", 16) + std::string(16, '\0'));
    std::size_t taken = 0;
    BOOST_CHECK_EXCEPTION(run(counted(source_of(text), taken)), Error,
                          is_error(ErrorKind::bad_request, "backing file"));
    BOOST_TEST(taken < mebibyte);
    BOOST_TEST(store.calls(Operation::write) == 0U);
}

BOOST_AUTO_TEST_CASE(a_mislabelled_small_image_is_refused_before_a_byte_is_written) {
    options.disk_format = "qcow2";
    const std::string text = sample_bytes(1000);
    BOOST_CHECK_EXCEPTION(run(source_of(text)), Error, is_error(ErrorKind::bad_request, "declared as qcow2"));
    BOOST_TEST(store.calls(Operation::write) == 0U);
}

BOOST_AUTO_TEST_SUITE_END()
