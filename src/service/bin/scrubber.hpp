#pragma once

#include <cstdint>
#include <deque>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "base/mutex.hpp"
#include "base/worker.hpp"
#include "catalog/bin/bin_table.hpp"
#include "catalog/bin/scrub_run_table.hpp"
#include "service/bin/location_removals.hpp"
#include "service/bin/scrub_pass.hpp"

namespace reprieve::service {

/// Background worker that runs scrub passes, which remove images of the bin permanently (scrub_pass.hpp): when an image
/// falls due, on request, and at least every `wakeup_time_us`. Any thread may call.
class Scrubber {
public:
    struct Options {
        std::int64_t wakeup_time_us = 0;          ///< maximum time between two passes
        std::size_t pool_size = 1;                ///< number of threads that remove bytes
        std::int64_t purge_deleted_after_us = 0;  ///< time that the row of a deleted image is kept
        /// False: only requested passes run, so that a command on a stopped appliance scrubs no image by itself.
        bool automatic = true;
    };

    Scrubber(catalog::Catalog& catalog, store::StoreSet& stores, const Clock& clock, ClockGuard& guard,
             Options options);
    ~Scrubber();

    /// Starts the worker. Its first pass finishes scrubs that a crash interrupted.
    void start();

    /// Makes current and later calls of run() return without waiting for their pass. Call it when the appliance stops,
    /// before the appliance waits for requests to end.
    void end_waits();

    /// Ends the worker after the current batch of images. Drops passes that have not started: run() throws unavailable
    /// for them. Idempotent.
    void stop();

    /// Tells the worker that an image got the deadline `scrub_after` (microseconds since 1970 UTC). Wakes the worker
    /// only if it would sleep beyond the deadline, so that a deadline a week away costs no pass.
    void falls_due(std::int64_t scrub_after);

    /// State of one requested pass. `report` and `error` are complete once `is_done` is true.
    struct Progress {
        catalog::ScrubRun run;
        ScrubReport report;
        bool is_done = false;
        std::optional<Error> error;
    };

    /// Queues a pass and waits for it, at most `wait_us` microseconds. A longer pass continues in the background;
    /// state() shows it by its number. If a pass for the same images waits already, waits for that pass instead. A pass
    /// for one image waits only for the end of the current batch, not of the current pass. Throws the error of the
    /// pass, and unavailable if the appliance is stopping.
    Progress run(const ScrubScope& scope, std::int64_t wait_us);

    /// See ScrubPass::dry_run().
    ScrubReport dry_run(const ScrubScope& scope);

    /// State of the scrubber, as GET /api/scrubber shows it.
    struct State {
        std::optional<Progress> running;
        std::optional<std::int64_t> next_due_at;  ///< microseconds since 1970 UTC; nullopt if no image waits
        std::optional<ClockGuard::Hold> hold;
        std::vector<catalog::ScrubRun> last_runs;    ///< newest first, at most 50
        std::vector<catalog::BlockedImage> blocked;  ///< longest blocked first, at most 100
    };
    State state();

    const Worker& worker() const { return worker_; }

private:
    struct Job;
    std::shared_ptr<Job> enqueue(const ScrubScope& scope);
    bool is_stopping();
    std::int64_t turn();
    void execute(Job& job);
    void execute_waiting_for_one();
    bool progress(Job& job, const ScrubReport& report);
    void timer_pass();
    std::int64_t sleep_us();
    void begin_run(catalog::ScrubRun& run, const std::string& trigger, const std::optional<Caller>& by = {});
    void end_run(catalog::ScrubRun& run, const ScrubReport& report);
    void end_failed_run(catalog::ScrubRun& run, Job& job) noexcept;
    std::shared_ptr<Job> take_job(bool only_for_one) REQUIRES(mutex_);

    catalog::Catalog& catalog_;
    const Clock& clock_;
    ClockGuard& guard_;
    const Options options_;
    ScrubPass pass_;
    LocationRemovals removals_;

    Mutex mutex_;
    ConditionVariable changed_;
    std::deque<std::shared_ptr<Job>> waiting_ GUARDED_BY(mutex_);
    std::weak_ptr<Job> running_ GUARDED_BY(mutex_);  ///< pass in progress; its job may be done, or destroyed
    /// Time of the next pass by Clock::boot_us(); nullopt: as soon as possible.
    std::optional<std::int64_t> next_pass_at_ GUARDED_BY(mutex_);
    bool stopping_ GUARDED_BY(mutex_) = false;
    bool waits_end_ GUARDED_BY(mutex_) = false;
    Worker worker_{"scrubber", clock_, [this] { return turn(); }};
};

}  // namespace reprieve::service
