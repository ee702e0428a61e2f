#include "service/quotas.hpp"

#include <boost/test/unit_test.hpp>
#include <thread>

#include "service/uploads/uploads.hpp"
#include "tests/sample_bytes.hpp"
#include "tests/service/service_fixture.hpp"

using namespace reprieve;
using namespace reprieve::tests;

BOOST_AUTO_TEST_SUITE(quotas)

namespace {

/// Services with the given limits.
struct Limited : ServiceFixture {
    explicit Limited(const service::Quotas::Limits& limits) : limited(catalog, limits) {}

    service::Quotas limited;
    service::RunningUploads many{16};
    BufferPool pool{16 * mebibyte};
    service::Images records{catalog, clock, guard, many, scrubber, limited, locations, image_options()};
    service::Uploads uploads{
        catalog, stores, pool, many, limited, clock, {.image_size_cap = 1 << 30, .hash_algorithm = "sha512"}};
    const Caller ann{.user = "ann", .user_name = "Ann", .project = "p1"};
    const Caller bob{.user = "bob", .user_name = "Bob", .project = "p1"};
    const Caller cy{.user = "cy", .user_name = "Cy", .project = "p2"};

    Image create(const Caller& caller) {
        Image image;
        image.disk_format = "raw";
        image.container_format = "bare";
        return records.create(caller, std::move(image));
    }
    void upload(const Caller& caller, const Image& image, std::size_t bytes, bool is_declared) {
        const auto size = is_declared ? std::optional<std::uint64_t>(bytes) : std::nullopt;
        uploads.upload(caller,
                       {.image_id = image.id, .size = size, .store = {}, .source = source_of(std::string(bytes, 'x'))});
    }
    std::string refused(const Caller& caller, std::size_t bytes, bool is_declared) {
        const Image image = create(caller);
        return error_of(ErrorKind::too_large, [&] { upload(caller, image, bytes, is_declared); });
    }
    std::uint64_t bytes(const std::string& project) { return limited.report(project).usage.bytes; }
};

struct LimitedImages : Limited {
    LimitedImages() : Limited({.project_image_count = 2, .user_image_count = 1}) {}
};
struct LimitedBytes : Limited {
    LimitedBytes() : Limited({.project_bytes = 4 * mebibyte, .user_bytes = 3 * mebibyte}) {}

    void fill(bool is_declared) {
        const std::string message = refused(ann, 3 * mebibyte + 1, is_declared);
        BOOST_TEST(message.find(" " + std::to_string(3 * mebibyte + 1) + " bytes") != std::string::npos, message);
        BOOST_TEST(message.find("limits.user_bytes") != std::string::npos);
        BOOST_TEST(bytes("p1") == 0U);
        const Image full = create(ann);
        upload(ann, full, 3 * mebibyte, is_declared);
        BOOST_TEST(refused(ann, 1, is_declared).find("limits.user_bytes") != std::string::npos);
        BOOST_TEST(refused(bob, mebibyte + 1, is_declared).find("limits.project_bytes") != std::string::npos);
        upload(bob, create(bob), mebibyte, is_declared);
        upload(bob, create(bob), 0, is_declared);
        upload(cy, create(cy), 3 * mebibyte, is_declared);
        BOOST_TEST(bytes("p1") == 4 * mebibyte);
        records.remove(ann, full.id);
        BOOST_TEST(bytes("p1") == 4 * mebibyte);  // an image in the bin counts
        scrub(purge_of(full));
        BOOST_TEST(bytes("p1") == mebibyte);
        upload(ann, create(ann), 3 * mebibyte, is_declared);
    }
};
struct Unlimited : Limited {
    Unlimited() : Limited({}) {}
};

}  // namespace

BOOST_FIXTURE_TEST_CASE(images_are_counted_for_project_and_user, LimitedImages) {
    const Image first = create(ann);
    const std::string message = error_of(ErrorKind::too_large, [&] { create(ann); });
    BOOST_TEST(message.find("the user 'ann' would have 2 images") != std::string::npos, message);
    BOOST_TEST(message.find("limits.user_image_count") != std::string::npos);
    create(bob);
    const Caller dan{.user = "dan", .project = "p1"};
    BOOST_TEST(error_of(ErrorKind::too_large, [&] { create(dan); }).find("the project 'p1' would have 3") !=
               std::string::npos);
    create(cy);
    records.remove(ann, first.id);
    create(dan);
}

BOOST_FIXTURE_TEST_CASE(a_new_owner_must_have_room, LimitedImages) {
    const Image first = create(ann);
    create(cy);
    const Caller dan{.user = "dan", .project = "p2"};
    create(dan);
    const std::vector<AttributeChange> give{{AttributeChange::Operation::replace, "owner", "p2"}};
    error_of(ErrorKind::too_large, [&] { records.update(ann, first.id, give); });
    BOOST_TEST(find(first.id)->owner == "p1");
    BOOST_TEST(limited.report("p1").usage.images == 1U);
}

BOOST_FIXTURE_TEST_CASE(a_declared_upload_may_fill_the_limit_and_not_a_byte_more, LimitedBytes) { fill(true); }
BOOST_FIXTURE_TEST_CASE(an_upload_in_chunks_may_fill_the_limit_and_not_a_byte_more, LimitedBytes) { fill(false); }

BOOST_FIXTURE_TEST_CASE(what_fails_gives_its_reservation_back, LimitedBytes) {
    std::uint64_t stored = 0;
    for (const bool is_declared : {true, false}) {
        const Image image = create(ann);
        local->fail(Operation::commit, 1);
        error_of(ErrorKind::unavailable, [&] { upload(ann, image, 2 * mebibyte, is_declared); });
        BOOST_TEST(bytes("p1") == stored);
        local->heal();
        upload(ann, image, 1, is_declared);
        ++stored;
    }
    BOOST_TEST(bytes("p1") == stored);
}

BOOST_FIXTURE_TEST_CASE(a_running_upload_counts_with_what_it_has_announced, LimitedBytes) {
    const Image image = create(ann);
    const std::string text(mebibyte, 'x');
    auto source = source_of(text);
    bool is_first = true;
    uploads.upload(ann,
                   {.image_id = image.id, .size = text.size(), .store = {}, .source = [&](std::span<std::byte> out) {
                        if (std::exchange(is_first, false)) {
                            const auto report = limited.report("p1");
                            BOOST_TEST(report.usage.bytes == mebibyte);
                            BOOST_TEST(report.uploads == 1U);
                            refused(bob, 3 * mebibyte + 1, true);
                        }
                        return source(out);
                    }});
    BOOST_TEST(limited.report("p1").uploads == 0U);
}

BOOST_FIXTURE_TEST_CASE(uploads_at_once_never_store_more_than_the_limit, LimitedBytes) {
    constexpr std::size_t each = 700'000;
    std::vector<Image> targets;
    for (int i = 0; i < 16; ++i) targets.push_back(create(ann));
    std::atomic<int> stored{0};
    {
        std::vector<std::jthread> threads;
        for (std::size_t i = 0; i < targets.size(); ++i)
            threads.emplace_back([&, i] {
                try {
                    upload(ann, targets[i], each, i % 2 == 0);
                    ++stored;
                } catch (const Error&) {
                }
            });
    }
    BOOST_TEST(stored >= 1);
    BOOST_TEST(bytes("p1") == static_cast<std::uint64_t>(stored) * each);
    BOOST_TEST(bytes("p1") <= 3 * mebibyte);
}

BOOST_FIXTURE_TEST_CASE(without_limits_nothing_is_refused, Unlimited) {
    upload(ann, create(ann), 5 * mebibyte, false);
    BOOST_TEST(bytes("p1") == 5 * mebibyte);
}

BOOST_AUTO_TEST_SUITE_END()
