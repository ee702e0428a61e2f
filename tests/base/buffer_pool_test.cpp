#include "base/buffer_pool.hpp"

#include <atomic>
#include <boost/test/unit_test.hpp>
#include <cstdint>
#include <future>
#include <optional>
#include <thread>
#include <vector>

using namespace reprieve;

BOOST_AUTO_TEST_SUITE(buffer_pool)

namespace {

constexpr std::uint64_t mebibyte = BufferPool::buffer_bytes;

}  // namespace

BOOST_AUTO_TEST_CASE(buffers_are_a_mebibyte_and_aligned_to_blocks) {
    BufferPool pool(4 * mebibyte);
    BufferPool::Share share(pool);
    const BufferPool::Buffer buffer = share.acquire();
    BOOST_TEST(buffer.bytes().size() == mebibyte);
    BOOST_TEST(reinterpret_cast<std::uintptr_t>(buffer.bytes().data()) % 4096 == 0U);
}

BOOST_AUTO_TEST_CASE(the_budget_is_kept_in_whole_buffers_and_never_none) {
    BOOST_TEST(BufferPool(64 * mebibyte).capacity() == 64U);
    BOOST_TEST(BufferPool(3 * mebibyte - 1).capacity() == 2U);
    BOOST_TEST(BufferPool(0).capacity() == 1U);
}

BOOST_AUTO_TEST_CASE(memory_is_taken_on_demand_and_given_back_when_no_upload_runs) {
    BufferPool pool(64 * mebibyte);
    BOOST_TEST(pool.allocated() == 0U);
    {
        BufferPool::Share share(pool);
        std::vector<BufferPool::Buffer> buffers;
        for (int i = 0; i < 40; ++i) buffers.push_back(share.acquire());
        BOOST_TEST(pool.in_use() == 40U);
        BOOST_TEST(pool.allocated() == 40U);
        buffers.clear();
        BOOST_TEST(pool.in_use() == 0U);
        BOOST_TEST(pool.allocated() <= 8U);
    }
    BOOST_TEST(pool.allocated() <= 1U);
}

BOOST_AUTO_TEST_CASE(every_upload_gets_one_buffer_though_another_asks_for_all) {
    BufferPool pool(4 * mebibyte);
    BufferPool::Share greedy(pool);
    BufferPool::Share modest(pool);
    std::vector<BufferPool::Buffer> buffers;
    for (int i = 0; i < 3; ++i) buffers.push_back(greedy.acquire());
    std::promise<void> got_fourth;
    std::thread asking([&] {
        const BufferPool::Buffer fourth = greedy.acquire();
        got_fourth.set_value();
    });
    // The pool keeps the last buffer for the modest share, even while the greedy one waits for it.
    { const BufferPool::Buffer first = modest.acquire(); }
    { const BufferPool::Buffer again = modest.acquire(); }
    BOOST_TEST((got_fourth.get_future().wait_for(std::chrono::seconds(0)) == std::future_status::timeout));
    buffers.pop_back();
    asking.join();
}

BOOST_AUTO_TEST_CASE(an_upload_beyond_the_number_of_buffers_waits_for_one_to_end) {
    BufferPool pool(2 * mebibyte);
    std::optional<BufferPool::Share> first(std::in_place, pool);
    BufferPool::Share second(pool);
    std::atomic<bool> has_begun = false;
    std::thread waiting([&] {
        BufferPool::Share third(pool);
        has_begun = true;
    });
    BOOST_TEST(!has_begun);
    first.reset();
    waiting.join();
    BOOST_TEST(has_begun);
}

BOOST_AUTO_TEST_CASE(many_uploads_over_few_buffers_all_end) {
    BufferPool pool(3 * mebibyte);
    std::atomic<int> rounds = 0;
    std::vector<std::thread> uploads;
    for (int i = 0; i < 8; ++i)
        uploads.emplace_back([&] {
            BufferPool::Share share(pool);
            BufferPool::Buffer held;
            for (int round = 0; round < 200; ++round) {
                BufferPool::Buffer next = share.acquire();
                held.reset();
                held = std::move(next);
                held.reset();
                ++rounds;
            }
        });
    for (auto& upload : uploads) upload.join();
    BOOST_TEST(rounds == 8 * 200);
    BOOST_TEST(pool.in_use() == 0U);
}

BOOST_AUTO_TEST_SUITE_END()
