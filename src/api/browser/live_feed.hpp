#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

#include "base/clock.hpp"
#include "base/worker.hpp"
#include "http/wire/event_stream.hpp"
#include "image/topic.hpp"

namespace reprieve::api {

/// Tells all who listen what has changed: at once after a pause, and otherwise together with what else has changed for
/// a moment. Any thread may call.
///
/// It says no more than topics, so that all may hear the same. Who listens has been let in, and is asked for again
/// every `heartbeat_us`, and whenever somebody may have lost what let it in.
class LiveFeed {
public:
    struct Options {
        std::size_t max_listeners = 1024;
        std::size_t max_of_address = 128;  ///< of a client of IPv6, of its network; loopback has no such limit
        std::int64_t interval_us = us_per_second / 2;    ///< from one message to the next
        std::int64_t heartbeat_us = 15 * us_per_second;  ///< a comment, where there is no message
    };
    /// `clock` outlives this.
    LiveFeed(const Clock& clock, Options options) : clock_(clock), options_(options) {}
    ~LiveFeed() { stop(); }

    /// Starts and ends the worker that tells.
    void start() { worker_.start(); }
    void stop() { worker_.stop(); }
    const Worker& worker() const { return worker_; }

    /// These have changed. Never waits for a listener.
    void tell(Topics changed);

    /// A listener that asks from `address`, the text of which need not be one ("unix"). `check` throws once it may
    /// listen no longer, or where nobody can tell: then its stream ends. The feed's worker calls it.
    /// Throws too_many_requests, or unavailable where there are too many in all.
    void join(std::shared_ptr<http::EventStream> stream, const std::string& address, std::function<void()> check);

    /// Does what is due: called by the worker, and by tests. Returns the microseconds until more is due, or nullopt if
    /// only tell() and join() can make work.
    std::optional<std::int64_t> turn();

private:
    struct Listener {
        std::shared_ptr<http::EventStream> stream;
        std::string network;  ///< empty where it has no limit
        std::function<void()> check;
    };

    void forget_closed();
    void check_all(const std::vector<Listener>& listeners) const;

    const Clock& clock_;
    const Options options_;

    std::mutex mutex_;
    std::vector<Listener> listeners_;
    Topics pending_;
    std::int64_t told_us_ = 0;
    std::int64_t said_us_ = 0;  ///< something, be it a heartbeat
    std::int64_t checked_us_ = 0;
    Worker worker_{"live_feed", clock_, [this] { return turn(); }};
};

}  // namespace reprieve::api
