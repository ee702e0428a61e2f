#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "base/clock.hpp"
#include "base/mutex.hpp"
#include "base/worker.hpp"
#include "http/wire/event_stream.hpp"
#include "image/topic.hpp"

namespace reprieve::api {

/// Feed that tells listeners which topics changed: immediately after a quiet period, otherwise batched to one message
/// per `interval_us`. Any thread may call.
///
/// Messages carry topic names only, so all listeners get the same text. A listener's permission is checked again every
/// `heartbeat_us`, and whenever a session may have ended.
class LiveFeed {
public:
    struct Options {
        std::size_t max_listeners = 1024;
        std::size_t max_of_address = 128;                ///< for each IPv4 address or IPv6 /64; loopback has no limit
        std::int64_t interval_us = us_per_second / 2;    ///< minimum time between two messages
        std::int64_t heartbeat_us = 15 * us_per_second;  ///< longest time without a message; then a comment is sent
    };
    /// `clock` must outlive this.
    LiveFeed(const Clock& clock, Options options) : clock_(clock), options_(options) {}
    ~LiveFeed() { stop(); }

    /// Starts and stops the worker that sends the messages.
    void start() { worker_.start(); }
    void stop() { worker_.stop(); }
    const Worker& worker() const { return worker_; }

    /// Notes that these topics have changed. Never waits for a listener.
    void tell(Topics changed);

    /// Adds a listener. `address` is the client's IP address, or another text such as "unix", which has no limit. The
    /// worker calls `check` from time to time, and ends the stream if `check` throws: the listener may not listen any
    /// more, or this cannot be found out now. Throws unavailable above `max_listeners`, too_many_requests above
    /// `max_of_address`.
    void join(std::shared_ptr<http::EventStream> stream, const std::string& address, std::function<void()> check);

    /// Does the work that is due. Called by the worker, and by tests. Returns the microseconds until more is due, or
    /// nullopt if only tell() and join() can make work.
    std::optional<std::int64_t> turn();

private:
    struct Listener {
        std::shared_ptr<http::EventStream> stream;
        std::string network;  ///< IPv4 address or IPv6 /64 that max_of_address counts; empty: no limit
        std::function<void()> check;
    };

    void forget_closed() REQUIRES(mutex_);
    void check_all(const std::vector<Listener>& listeners) const;

    const Clock& clock_;
    const Options options_;

    Mutex mutex_;
    std::vector<Listener> listeners_ GUARDED_BY(mutex_);
    Topics pending_ GUARDED_BY(mutex_);
    std::int64_t told_us_ GUARDED_BY(mutex_) = 0;     ///< Clock::boot_us() at the last message
    std::int64_t said_us_ GUARDED_BY(mutex_) = 0;     ///< Clock::boot_us() at the last message or comment
    std::int64_t checked_us_ GUARDED_BY(mutex_) = 0;  ///< Clock::boot_us() at the last check of the permissions
    Worker worker_{"live_feed", clock_, [this] { return turn(); }};
};

}  // namespace reprieve::api
