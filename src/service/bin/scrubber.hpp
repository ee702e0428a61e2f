#pragma once

#include <condition_variable>
#include <cstdint>
#include <deque>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

#include "base/worker.hpp"
#include "catalog/bin/bin_table.hpp"
#include "catalog/bin/scrub_run_table.hpp"
#include "service/bin/location_removals.hpp"
#include "service/bin/scrub_pass.hpp"

namespace reprieve::service {

/// Runs scrub passes in the background: when an image falls due, when somebody asks, and every wakeup_time. What a pass
/// does is scrub_pass.hpp's. Any thread may call.
class Scrubber {
public:
    struct Options {
        std::int64_t wakeup_time_us = 0;
        std::size_t pool_size = 1;
        std::int64_t purge_deleted_after_us = 0;
        bool automatic = true;  ///< false: only what is asked for, so that a look at a stopped appliance scrubs nothing
    };

    Scrubber(catalog::Catalog& catalog, store::StoreSet& stores, const Clock& clock, ClockGuard& guard,
             Options options);
    ~Scrubber();

    /// Starts the worker, whose first pass finishes what a crash left half done.
    void start();

    /// Has the calls of run() return, those to come too. A stop calls it before it waits for requests to end.
    void end_waits();

    /// Ends after the batch that runs now; jobs that wait are dropped. Idempotent.
    void stop();

    /// Notes that an image has been given the deadline `scrub_after` (wall time in microseconds): the worker looks at
    /// once if it would sleep beyond that. A deadline of a week costs no pass.
    void falls_due(std::int64_t scrub_after);

    /// One asked-for pass. `report` and `error` are complete once `is_done`.
    struct Progress {
        catalog::ScrubRun run;
        ScrubReport report;
        bool is_done = false;
        std::optional<Error> error;
    };

    /// Has the worker run a pass and waits for it, at most `wait_us`: a longer one goes on behind and
    /// is seen in state(), by its number. Where the same pass waits already, it is that one. A pass for one image does
    /// not wait for the end of another pass, only of its batch.
    Progress run(const ScrubScope& scope, std::int64_t wait_us);

    ScrubReport dry_run(const ScrubScope& scope);

    /// What GET /api/scrubber shows.
    struct State {
        std::optional<Progress> running;
        std::optional<std::int64_t> next_due_at;  ///< wall time in microseconds; nothing where nothing waits
        std::optional<ClockGuard::Hold> hold;
        std::vector<catalog::ScrubRun> last_runs;    ///< the newest first, at most 50
        std::vector<catalog::BlockedImage> blocked;  ///< the longest blocked first, at most 100
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
    std::shared_ptr<Job> take_job(bool only_for_one);

    catalog::Catalog& catalog_;
    const Clock& clock_;
    ClockGuard& guard_;
    const Options options_;
    ScrubPass pass_;
    LocationRemovals removals_;

    std::mutex mutex_;
    std::condition_variable changed_;
    std::deque<std::shared_ptr<Job>> waiting_;
    std::weak_ptr<Job> running_;                ///< the pass in progress, unless it is done or has expired
    std::optional<std::int64_t> next_pass_at_;  ///< by Clock::boot_us(); nullopt: as soon as possible
    bool stopping_ = false;
    bool waits_end_ = false;
    Worker worker_{"scrubber", clock_, [this] { return turn(); }};
};

}  // namespace reprieve::service
