#include "service/operation/audit_trail.hpp"

#include <chrono>
#include <utility>

#include "base/log.hpp"
#include "image/access.hpp"

namespace reprieve::service {
namespace {

using std::chrono::milliseconds;
using std::chrono::steady_clock;

constexpr std::size_t max_waiting = 1024;
constexpr std::size_t event_purge_batch = 1000;
constexpr milliseconds gathering{200};  // so that many downloads cost one commit
constexpr milliseconds window{60'000};

}  // namespace

AuditTrail::AuditTrail(catalog::Catalog& catalog, const Clock& clock, Options options)
    : catalog_(catalog), clock_(clock), options_(options) {}

AuditTrail::~AuditTrail() { stop(); }

void AuditTrail::start() {
    thread_ = std::thread([this] { loop(); });
}

void AuditTrail::stop() {
    {
        const std::lock_guard lock(mutex_);
        stopping_ = true;
        changed_.notify_all();
    }
    if (thread_.joinable()) thread_.join();
    note_repeated();
    flush();
}

void AuditTrail::note(Event event) {
    {
        const std::lock_guard lock(mutex_);
        waiting_.push_back(std::move(event));
        if (waiting_.size() == 1) changed_.notify_all();
        if (waiting_.size() < max_waiting) return;
    }
    flush();
}

void AuditTrail::note_refusal(Event event) {
    std::optional<Event> first;
    {
        const std::lock_guard lock(mutex_);
        first = refusals_.add(std::move(event));
    }
    if (first) note(std::move(*first));
}

void AuditTrail::note_download(Event event, std::uint64_t bytes) {
    std::optional<Event> told;
    {
        const std::lock_guard lock(mutex_);
        told = downloads_.add(std::move(event), bytes);
    }
    if (told) note(std::move(*told));
}

void AuditTrail::note_repeated() {
    std::vector<Event> refusals, downloads;
    {
        const std::lock_guard lock(mutex_);
        refusals = refusals_.close();
        downloads = downloads_.close();
    }
    for (Event& event : refusals) note(std::move(event));
    for (Event& event : downloads) note(std::move(event));
}

std::vector<Event> AuditTrail::list(const Caller& caller, EventQuery query) {
    require(caller, Action::see_events);
    if (judge(caller, Action::see_all_events) != Verdict::allowed)
        query.scope = EventQuery::Scope{caller.project, caller.user};
    std::vector<Event> events;
    // Whose image somebody was refused is no more to be learnt from the refusal than that there is one.
    if (query.scope && query.owner && *query.owner != caller.project) return {};
    catalog_.read([&](catalog::Connection& db) { events = catalog::list_events(db, query); });
    for (Event& event : events) {
        if (!query.scope || event.owner == caller.project) continue;
        event.owner.clear();
        event.target_name.clear();
    }
    return events;
}

void AuditTrail::flush() {
    std::vector<Event> events;
    {
        const std::lock_guard lock(mutex_);
        events.swap(waiting_);
    }
    if (events.empty()) return;
    try {
        catalog_.write([&](catalog::Connection& db) {
            for (const Event& event : events) catalog::record_event(db, event);
        });
    } catch (const std::exception& error) {
        log_error("audit.not_stored", error.what(), {{"events", events.size()}});
        for (const Event& event : events) log_event(event);
    }
}

void AuditTrail::tidy() {
    note_repeated();
    purge();
}

void AuditTrail::purge() {
    try {
        std::size_t purged = event_purge_batch;
        while (purged == event_purge_batch) {
            catalog_.write([&](catalog::Connection& db) {
                purged =
                    catalog::purge_events(db, clock_.now_us() - options_.keep_us, options_.bounds, event_purge_batch);
            });
            const std::lock_guard lock(mutex_);
            if (stopping_) return;
        }
    } catch (const std::exception& error) {
        log_error("audit.not_purged", error.what(), {});
    }
}

void AuditTrail::loop() {
    purge();
    auto next_tidy = steady_clock::now() + window;
    std::unique_lock lock(mutex_);
    while (!stopping_) {
        changed_.wait_until(lock, next_tidy, [this] { return stopping_ || !waiting_.empty(); });
        if (!waiting_.empty()) changed_.wait_for(lock, gathering, [this] { return stopping_; });
        lock.unlock();
        flush();
        if (steady_clock::now() >= next_tidy) {
            tidy();
            next_tidy = steady_clock::now() + window;
        }
        lock.lock();
    }
}

}  // namespace reprieve::service
