#include "service/operation/audit_trail.hpp"

#include <algorithm>
#include <utility>

#include "base/log.hpp"
#include "image/access.hpp"

namespace reprieve::service {
namespace {

constexpr std::size_t max_waiting = 1024;
constexpr std::size_t event_purge_batch = 1000;
constexpr std::int64_t gathering_us = us_per_second / 5;  // delay of a write, so that many downloads share one commit
constexpr std::int64_t window_us = 60 * us_per_second;

}  // namespace

AuditTrail::AuditTrail(catalog::Catalog& catalog, const Clock& clock, Options options)
    : catalog_(catalog), clock_(clock), options_(options) {}

AuditTrail::~AuditTrail() { stop(); }

void AuditTrail::start() { worker_.start(); }

void AuditTrail::stop() {
    worker_.stop();
    note_repeated();
    flush();
}

void AuditTrail::note(Event event) {
    {
        const MutexLock lock(mutex_);
        waiting_.push_back(std::move(event));
        if (waiting_.size() == 1) worker_.wake();
        if (waiting_.size() < max_waiting) return;
    }
    flush();
}

void AuditTrail::note_refusal(Event event) {
    std::optional<Event> first;
    {
        const MutexLock lock(mutex_);
        first = refusals_.add(std::move(event));
    }
    if (first) note(std::move(*first));
}

void AuditTrail::note_download(Event event, std::uint64_t bytes) {
    std::optional<Event> told;
    {
        const MutexLock lock(mutex_);
        told = downloads_.add(std::move(event), bytes);
    }
    if (told) note(std::move(*told));
}

void AuditTrail::note_repeated() {
    std::vector<Event> refusals, downloads;
    {
        const MutexLock lock(mutex_);
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
    // A refusal must not tell the caller who owns the image, so a filter by another owner finds no event.
    if (query.scope && query.owner && *query.owner != caller.project) return {};
    auto events = catalog_.read([&](catalog::Connection& db) { return catalog::list_events(db, query); });
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
        const MutexLock lock(mutex_);
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

void AuditTrail::condense() {
    note_repeated();
    purge();
}

void AuditTrail::purge() {
    std::size_t purged = event_purge_batch;
    while (purged == event_purge_batch && !worker_.is_stopping()) {
        catalog_.write([&](catalog::Connection& db) {
            purged = catalog::purge_events(db, clock_.now_us() - options_.keep_us, options_.bounds, event_purge_batch);
        });
    }
}

std::int64_t AuditTrail::turn() {
    const std::int64_t now = clock_.boot_us();
    if (flush_at_ && *flush_at_ <= now) {
        flush_at_.reset();
        flush();
    }
    {
        const MutexLock lock(mutex_);
        if (!flush_at_ && !waiting_.empty()) flush_at_ = now + gathering_us;
    }
    if (next_tidy_at_ <= now) {
        // Set the next time before condense(), so that a failing call is not repeated with every event.
        next_tidy_at_ = now + window_us;
        condense();
    }
    return std::min(flush_at_.value_or(next_tidy_at_), next_tidy_at_) - now;
}

}  // namespace reprieve::service
