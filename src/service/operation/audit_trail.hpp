#pragma once

#include <cstdint>
#include <mutex>
#include <optional>
#include <vector>

#include "base/clock.hpp"
#include "base/worker.hpp"
#include "catalog/catalog.hpp"
#include "catalog/operation/event_table.hpp"
#include "image/event.hpp"
#include "service/operation/repeat_window.hpp"

namespace reprieve::service {

/// Who did what. What changes something is recorded with the change (catalog::record_event): it is there as soon as
/// the change is. Here is the rest: downloads and refusals, which wait for others and are recorded together, soon; and
/// the end of old events. Any thread may call.
class AuditTrail {
public:
    struct Options {
        std::int64_t keep_us = 0;  ///< older events go
        catalog::EventBounds bounds;
    };

    AuditTrail(catalog::Catalog& catalog, const Clock& clock, Options options);
    ~AuditTrail();

    /// Starts the thread that writes and purges.
    void start();

    /// Writes what waits, and ends the thread. Idempotent.
    void stop();

    /// Records the event within a second. Returns at once, save where so many wait that the caller has to write them.
    /// A crash can lose it; the log has it, or says that it could not be stored.
    void note(Event event);

    /// The same for what was refused; repeats within a minute are counted (repeat_window.hpp).
    void note_refusal(Event event);

    /// The same for a download of `bytes`. A client that reads an image in many parts is two events a minute.
    void note_download(Event event, std::uint64_t bytes);

    /// The page that `query` asks for: of all events for an admin, for others of those about images of their project
    /// and of their own. Throws forbidden, and bad_request for a marker that no event ever
    /// had.
    std::vector<Event> list(const Caller& caller, EventQuery query);

    /// Writes what waits now. What cannot be written is in the log alone.
    void flush();

    /// Ends the windows of what is counted, and purges what is old or too many, in small writes. Throws Error if the
    /// catalog cannot be written.
    void tidy();

    /// Does what is due: writes what has waited long enough, and tidies once a minute. Returns the microseconds until
    /// more is due. Called by the worker, and by tests. Throws as tidy() does.
    std::int64_t turn();

    const Worker& worker() const { return worker_; }

private:
    void purge();
    void note_repeated();

    catalog::Catalog& catalog_;
    const Clock& clock_;
    const Options options_;

    std::mutex mutex_;
    std::vector<Event> waiting_;
    RepeatWindow refusals_, downloads_;     ///< apart, so that refusals take no room from downloads
    std::optional<std::int64_t> flush_at_;  ///< by Clock::boot_us(), as next_tidy_at_; the worker's alone
    std::int64_t next_tidy_at_ = 0;
    Worker worker_{"audit_trail", clock_, [this] { return turn(); }};
};

}  // namespace reprieve::service
