#pragma once

#include <atomic>
#include <cstdint>
#include <functional>
#include <string>
#include <string_view>

#include "base/mutex.hpp"

namespace reprieve::identity {

/// Hashing of passwords with scrypt (RFC 7914) and a random salt. The stored form is
/// "$scrypt$ln=15,r=8,p=1$<salt>$<key>", with salt and key in Base64 without padding. It holds the cost parameters, so
/// that the cost can be raised later. Any thread may call.
///
/// One hash takes 32 MiB and about 50 ms. At most max_running calls run and max_waiting others wait, first come, first
/// served, so that a flood of sign-ins cannot take all memory or all threads.
class Passwords {
public:
    static constexpr std::size_t min_bytes = 8;
    static constexpr std::size_t max_bytes = 1024;
    static constexpr std::uint64_t max_running = 2;
    static constexpr std::uint64_t max_waiting = 64;

    /// Returns the stored form of a password. Throws bad_request if it has fewer than min_bytes or more than max_bytes,
    /// or contains a NUL; too_many_requests if max_waiting callers wait already; unavailable if memory is short.
    std::string hash(std::string_view password);

    /// Returns whether `password` matches `stored`. An empty `stored` stands for a user who does not exist or has no
    /// password: the same work is done, and the result is false. `at_turn` is called after the wait for a turn; it
    /// may throw to cancel. Throws too_many_requests if max_waiting callers wait already; unavailable if memory is
    /// short; internal if `stored` is malformed.
    bool verify(std::string_view password, const std::string& stored, const std::function<void()>& at_turn = {});

    /// Returns how often scrypt has run. Tests use it to check that a wrong user costs as much as a wrong password.
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

    Mutex mutex_;
    std::uint64_t arrived_ GUARDED_BY(mutex_) = 0;
    std::uint64_t left_ GUARDED_BY(mutex_) = 0;
    ConditionVariable place_free_;
    std::atomic<std::uint64_t> runs_{0};
};

}  // namespace reprieve::identity
