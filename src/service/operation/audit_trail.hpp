#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "base/clock.hpp"
#include "base/mutex.hpp"
#include "base/worker.hpp"
#include "catalog/catalog.hpp"
#include "catalog/operation/event_table.hpp"
#include "image/event.hpp"
#include "service/operation/repeat_window.hpp"

namespace reprieve::service {

/// Audit trail: who did what. The code that makes a change records it in the same transaction (catalog::record_event),
/// so the event exists as soon as the change does. This class records the rest: it collects downloads and refusals and
/// writes them together a moment later. It also removes old events. Any thread may call.
class AuditTrail {
public:
    struct Options {
        std::int64_t keep_us = 0;  ///< maximum age of an event
        catalog::EventBounds bounds;
    };

    AuditTrail(catalog::Catalog& catalog, const Clock& clock, Options options);
    ~AuditTrail();

    /// Starts the thread that writes and removes events.
    void start();

    /// Ends the thread and writes the waiting events. Idempotent.
    void stop();

    /// Records the event within a second. Returns at once, unless so many events wait that the caller must write them.
    /// A crash within this second loses the event. An event that cannot be stored is only logged.
    void note(Event event);

    /// Records a refusal as note() does. Repeated refusals within a minute are only counted (repeat_window.hpp).
    void note_refusal(Event event);

    /// Records a download of `bytes` bytes as note() does. Repeated downloads within a minute are only counted, so that
    /// a client that reads an image in many parts makes two events a minute.
    void note_download(Event event, std::uint64_t bytes);

    /// Returns the page that `query` asks for. An admin sees all events. Others see the events about images of their
    /// project, and those of their own actions. Throws forbidden, and bad_request for a marker that no event ever had.
    std::vector<Event> list(const Caller& caller, EventQuery query);

    /// Writes the waiting events now. Events that cannot be stored are only logged.
    void flush();

    /// Writes how often events were repeated since the last call, and removes events that are older than the age limit
    /// or above the maximum number. Uses small transactions. Throws Error if the catalog cannot be written.
    void condense();

    /// Does the work that is due: writes events that have waited long enough, and calls condense() once a minute.
    /// Returns the microseconds until more is due. Only the worker and tests may call it. Throws as condense() does.
    std::int64_t turn();

    const Worker& worker() const { return worker_; }

private:
    void purge();
    void note_repeated();

    catalog::Catalog& catalog_;
    const Clock& clock_;
    const Options options_;

    Mutex mutex_;
    std::vector<Event> waiting_ GUARDED_BY(mutex_);
    // Two windows, so that refusals take no room from downloads.
    RepeatWindow refusals_ GUARDED_BY(mutex_);
    RepeatWindow downloads_ GUARDED_BY(mutex_);

    // Times by Clock::boot_us(). They need no mutex, because only turn() uses them.
    std::optional<std::int64_t> flush_at_;
    std::int64_t next_tidy_at_ = 0;

    Worker worker_{"audit_trail", clock_, [this] { return turn(); }};
};

}  // namespace reprieve::service
