#include "api/browser/live_feed.hpp"

#include <algorithm>

#include "base/error.hpp"
#include "base/ip_address.hpp"

namespace reprieve::api {
namespace {

std::string message_of(Topics changed) {
    std::string names;
    for (std::size_t i = 0; i < topic_names.size(); ++i)
        if (changed.contains(static_cast<Topic>(i))) names += ' ' + std::string(topic_names[i]);
    return "event: changed\ndata:" + names + "\n\n";
}

std::string network_of(const std::string& text) {
    const auto address = IpAddress::parse(text);
    return address && !address->is_loopback() ? client_network(*address).text() : std::string();
}

}  // namespace

void LiveFeed::tell(Topics changed) {
    const MutexLock lock(mutex_);
    const Topics before = pending_;
    pending_.add(changed);
    if (pending_ == before || listeners_.empty()) return;
    worker_.wake();
}

void LiveFeed::join(std::shared_ptr<http::EventStream> stream, const std::string& address,
                    std::function<void()> check) {
    std::string network = network_of(address);
    const MutexLock lock(mutex_);
    forget_closed();
    if (listeners_.size() >= options_.max_listeners)
        throw Error(ErrorKind::unavailable, "too many clients listen for changes: ask from time to time instead");
    const auto is_neighbour = [&](const Listener& other) { return other.network == network; };
    const auto neighbours = static_cast<std::size_t>(std::ranges::count_if(listeners_, is_neighbour));
    if (!network.empty() && neighbours >= options_.max_of_address)
        throw Error(ErrorKind::too_many_requests,
                    "too many clients at your address listen for changes: ask from time to time instead");
    if (listeners_.empty()) {
        // Changes from the time before this first listener are no news for it.
        pending_ = {};
        checked_us_ = said_us_ = clock_.boot_us();
    }
    listeners_.push_back({std::move(stream), std::move(network), std::move(check)});
    worker_.wake();
}

std::optional<std::int64_t> LiveFeed::turn() {
    MutexLock lock(mutex_);
    forget_closed();
    if (listeners_.empty()) return std::nullopt;
    const std::int64_t now = clock_.boot_us();
    const std::int64_t check_at =
        checked_us_ + (pending_.contains(Topic::sessions) ? options_.interval_us : options_.heartbeat_us);
    if (check_at <= now) {
        checked_us_ = now;
        pending_.remove({Topic::sessions});
        const std::vector<Listener> all = listeners_;
        lock.unlock();
        check_all(all);
        lock.lock();
        forget_closed();
    }
    Topics news = pending_;
    news.remove({Topic::sessions});
    const bool is_news = !news.empty() && told_us_ + options_.interval_us <= now;
    if (is_news || said_us_ + options_.heartbeat_us <= now) {
        const std::string text = is_news ? message_of(news) : ":\n\n";
        for (const Listener& listener : listeners_) listener.stream->send(text);
        said_us_ = now;
    }
    if (is_news) {
        told_us_ = now;
        pending_.remove(news);
        news = {};
    }
    std::int64_t next = std::min(said_us_, checked_us_) + options_.heartbeat_us;
    if (!news.empty()) next = std::min(next, told_us_ + options_.interval_us);
    if (pending_.contains(Topic::sessions)) next = std::min(next, checked_us_ + options_.interval_us);
    return std::max<std::int64_t>(next - now, 0);
}

void LiveFeed::forget_closed() {
    std::erase_if(listeners_, [](const Listener& listener) { return !listener.stream->is_open(); });
}

void LiveFeed::check_all(const std::vector<Listener>& listeners) const {
    bool can_tell = true;
    for (const Listener& listener : listeners) {
        if (worker_.is_stopping()) return;
        try {
            // If Keystone is down, each check costs a timeout. After the first such failure, end the other streams
            // without a check.
            if (can_tell) listener.check();
        } catch (const Error& error) {
            can_tell = error.kind() == ErrorKind::unauthenticated || error.kind() == ErrorKind::forbidden;
            listener.stream->end();
        } catch (const std::exception&) {
            can_tell = false;
        }
        if (!can_tell) listener.stream->end();
    }
}

}  // namespace reprieve::api
