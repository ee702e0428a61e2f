#pragma once

#include <atomic>
#include <condition_variable>
#include <cstdint>
#include <functional>
#include <mutex>
#include <string>
#include <string_view>

namespace reprieve::identity {

/// Passwords as they are stored: scrypt (RFC 7914), with a salt of their own, as "$scrypt$ln=15,r=8,p=1$<salt>$<key>"
/// (both in base64 without padding), so that the cost can grow later. One takes 32 MiB and some 50 ms; two run at a
/// time and at most max_waiting others wait, first come, first served, so that no flood of sign-ins takes the memory or
/// the threads. Any thread may call.
class Passwords {
public:
    static constexpr std::size_t min_bytes = 8;
    static constexpr std::size_t max_bytes = 1024;
    static constexpr std::uint64_t max_running = 2;
    static constexpr std::uint64_t max_waiting = 64;

    /// Throws bad_request for a password that is too short, too long, or holds a NUL, and too_many_requests where too
    /// many wait already.
    std::string hash(std::string_view password);

    /// True where `password` is the one behind `stored`. An empty `stored` is a user that does not exist or has none:
    /// the same work is done, and the answer is false. `at_turn` is called when it is its turn, before any work, and
    /// may throw to leave it. Throws too_many_requests where too many wait already.
    bool verify(std::string_view password, const std::string& stored, const std::function<void()>& at_turn = {});

    /// How often scrypt ran: tests hold with it that a wrong user costs what a wrong password costs.
    std::uint64_t runs() const { return runs_; }

private:
    class Turn;
    struct Cost {
        unsigned log2_n, r, p;
    };
    struct Stored {
        Cost cost;
        std::string salt, key;
    };
    std::string scrypt(std::string_view password, std::string_view salt, const Cost& cost);
    static Stored parse(std::string_view stored);

    static constexpr Cost current_cost{15, 8, 1};

    std::mutex mutex_;  // guards the next two
    std::uint64_t arrived_ = 0, left_ = 0;
    std::condition_variable place_free_;
    std::atomic<std::uint64_t> runs_{0};
};

}  // namespace reprieve::identity
