#include "service/bin/scrubber.hpp"

#include <algorithm>
#include <chrono>

#include "base/log.hpp"
#include "catalog/images/image_table.hpp"
#include "catalog/operation/event_table.hpp"

namespace reprieve::service {
namespace {

constexpr std::size_t record_purge_batch = 1000;
constexpr std::size_t shown_runs = 50;
constexpr std::size_t shown_blocked = 100;

std::string trigger_name(const ScrubScope& scope) {
    switch (scope.kind) {
        case ScrubScope::Kind::one:
            return "purge";
        case ScrubScope::Kind::bin:
            return "empty";
        case ScrubScope::Kind::due:
            return "request";
    }
    return {};
}

}  // namespace

/// Requested pass. The scrubber's mutex guards all of it except `scope`, which never changes.
struct Scrubber::Job {
    const ScrubScope scope;
    Progress progress;
};

Scrubber::Scrubber(catalog::Catalog& catalog, store::StoreSet& stores, const Clock& clock, ClockGuard& guard,
                   Options options)
    : catalog_(catalog),
      clock_(clock),
      guard_(guard),
      options_(options),
      pass_(catalog, stores, clock, guard, options.pool_size),
      removals_(catalog, stores, clock) {}

Scrubber::~Scrubber() { stop(); }

void Scrubber::start() { worker_.start(); }

void Scrubber::end_waits() {
    const MutexLock lock(mutex_);
    waits_end_ = true;
    changed_.notify_all();
}

void Scrubber::stop() {
    {
        const MutexLock lock(mutex_);
        stopping_ = true;
        pass_.cancel();
        for (const auto& job : waiting_) {
            job->progress.error = Error(ErrorKind::unavailable, "the appliance is stopping: ask again when it runs");
            job->progress.is_done = true;
        }
        waiting_.clear();
        changed_.notify_all();
    }
    worker_.stop();
}

void Scrubber::falls_due(std::int64_t scrub_after) {
    const std::int64_t due = clock_.boot_us() + (scrub_after - clock_.now_us());
    const MutexLock lock(mutex_);
    if (next_pass_at_ && due >= *next_pass_at_) return;
    next_pass_at_.reset();
    worker_.wake();
}

Scrubber::Progress Scrubber::run(const ScrubScope& scope, std::int64_t wait_us) {
    const auto job = enqueue(scope);
    MutexLock lock(mutex_);
    changed_.wait_for(lock, std::chrono::microseconds(wait_us),
                      [&]() REQUIRES(mutex_) { return job->progress.is_done || waits_end_; });
    // Throw a new Error, because a copy would share its text with the scrubber's thread.
    if (const auto& error = job->progress.error) throw Error(error->kind(), error->what());
    return job->progress;
}

std::shared_ptr<Scrubber::Job> Scrubber::enqueue(const ScrubScope& scope) {
    const auto same = [&](const auto& job) { return job->scope == scope; };
    {
        const MutexLock lock(mutex_);
        if (const auto found = std::find_if(waiting_.begin(), waiting_.end(), same); found != waiting_.end())
            return *found;
    }
    auto job = std::make_shared<Job>(Job{scope, {}});
    // Insert the pass into the history first: a caller who does not wait for its end finds it there by its number.
    if (scope.kind != ScrubScope::Kind::one) begin_run(job->progress.run, trigger_name(scope), scope.by);
    const MutexLock lock(mutex_);
    if (stopping_) throw Error(ErrorKind::unavailable, "the appliance is stopping: ask again when it runs");
    waiting_.push_back(job);
    worker_.wake();
    return job;
}

ScrubReport Scrubber::dry_run(const ScrubScope& scope) { return pass_.dry_run(scope); }

Scrubber::State Scrubber::state() {
    State state;
    state.hold = guard_.hold();
    catalog_.read([&](catalog::Connection& db) {
        state.next_due_at = catalog::next_due_at(db);
        state.last_runs = catalog::last_runs(db, shown_runs);
        state.blocked = catalog::blocked_images(db, shown_blocked);
    });
    const MutexLock lock(mutex_);
    if (const auto job = running_.lock(); job && !job->progress.is_done) state.running = job->progress;
    return state;
}

std::shared_ptr<Scrubber::Job> Scrubber::take_job(bool only_for_one) {
    const auto found = std::find_if(waiting_.begin(), waiting_.end(), [&](const auto& job) {
        return !only_for_one || job->scope.kind == ScrubScope::Kind::one;
    });
    if (found == waiting_.end()) return nullptr;
    auto job = *found;
    waiting_.erase(found);
    return job;
}

/// Runs the next requested pass; if there is none, the pass that is due. Returns the microseconds until the next turn.
std::int64_t Scrubber::turn() {
    MutexLock lock(mutex_);
    if (const auto job = take_job(false)) {
        running_ = job;
        lock.unlock();
        execute(*job);
        return 0;
    }
    const bool is_due = !next_pass_at_ || *next_pass_at_ <= clock_.boot_us();
    next_pass_at_.reset();
    lock.unlock();
    if (is_due && options_.automatic) timer_pass();
    const std::int64_t sleep = sleep_us();
    lock.lock();
    next_pass_at_ = clock_.boot_us() + sleep;
    return sleep;
}

void Scrubber::execute(Job& job) {
    Progress result;
    {
        const MutexLock lock(mutex_);
        result.run = job.progress.run;
    }
    try {
        const std::int64_t started_at = clock_.now_us();
        result.report = pass_.run(job.scope, [&](const ScrubReport& report) { return progress(job, report); });
        if (job.scope.kind == ScrubScope::Kind::due) removals_.attempt_due();
        if (job.scope.kind == ScrubScope::Kind::one) begin_run(result.run, trigger_name(job.scope));
        result.run.started_at = started_at;
        end_run(result.run, result.report);
    } catch (const Error& error) {
        result.error = error;
    } catch (const std::exception& error) {
        result.error = Error(ErrorKind::internal, error.what());
    }
    if (result.error) end_failed_run(result.run, job);
    result.is_done = true;
    const MutexLock lock(mutex_);
    job.progress = std::move(result);
    changed_.notify_all();
}

bool Scrubber::progress(Job& job, const ScrubReport& report) {
    if (job.scope.kind != ScrubScope::Kind::one) execute_waiting_for_one();
    const MutexLock lock(mutex_);
    job.progress.report = report;
    return !stopping_;
}

void Scrubber::execute_waiting_for_one() {
    for (;;) {
        std::shared_ptr<Job> job;
        {
            const MutexLock lock(mutex_);
            job = take_job(true);
        }
        if (!job) return;
        execute(*job);
    }
}

void Scrubber::timer_pass() {
    const auto job = std::make_shared<Job>(Job{{}, {}});
    // Record of this pass. It is stored only once the pass has scrubbed a batch of images: records of empty passes
    // would fill the history.
    catalog::ScrubRun run;
    try {
        const auto now = clock_.now_us();
        const auto report = pass_.run({}, [&](const ScrubReport& so_far) {
            if (run.number == 0) {
                begin_run(run, "timer");
                run.started_at = now;
                const MutexLock lock(mutex_);
                job->progress.run = run;
                running_ = job;
            }
            return progress(*job, so_far);
        });
        if (run.number != 0) end_run(run, report);
        removals_.attempt_due();
        while (!is_stopping()) {
            std::size_t purged = 0;
            catalog_.write([&](catalog::Connection& db) {
                purged =
                    catalog::purge_deleted(db, clock_.now_us() - options_.purge_deleted_after_us, record_purge_batch);
            });
            if (purged < record_purge_batch) break;
        }
    } catch (...) {
        end_failed_run(run, *job);
        throw;
    }
}

bool Scrubber::is_stopping() {
    const MutexLock lock(mutex_);
    return stopping_;
}

std::int64_t Scrubber::sleep_us() {
    if (!options_.automatic) return options_.wakeup_time_us;
    constexpr std::int64_t shortest = us_per_second / 10;  // a stopped clock must not make the worker spin
    const auto due = catalog_.read([&](catalog::Connection& db) { return catalog::next_due_at(db); });
    std::int64_t sleep = options_.wakeup_time_us;
    if (due) sleep = std::min(sleep, *due - clock_.now_us());
    if (const auto hold = guard_.hold()) sleep = std::min(options_.wakeup_time_us, hold->remaining_us);
    return std::max(sleep, shortest);
}

void Scrubber::begin_run(catalog::ScrubRun& run, const std::string& trigger, const std::optional<Caller>& by) {
    run.started_at = clock_.now_us();
    run.trigger = trigger;
    catalog_.write([&](catalog::Connection& db) {
        catalog::insert_run(db, run);
        if (by) catalog::record_event(db, done_by(*by, run.started_at, "scrubber.run", {}, {}, trigger));
    });
}

/// Records the end of a failed pass, because a recorded pass without an end looks like a running pass.
void Scrubber::end_failed_run(catalog::ScrubRun& run, Job& job) noexcept {
    if (run.number == 0 || run.ended_at) return;
    try {
        ScrubReport report;
        {
            const MutexLock lock(mutex_);
            report = job.progress.report;
        }
        end_run(run, report);
    } catch (const std::exception& error) {
        log_error("scrub.run_not_ended", error.what(), {});
    }
}

void Scrubber::end_run(catalog::ScrubRun& run, const ScrubReport& report) {
    run.ended_at = clock_.now_us();
    run.images = report.images;
    run.bytes_freed = report.bytes_freed;
    run.failures = report.failures;
    catalog_.write([&](catalog::Connection& db) { catalog::update_run(db, run); });
    log_info(
        "scrub.ended",
        {{"trigger", run.trigger}, {"images", run.images}, {"freed", run.bytes_freed}, {"failures", run.failures}});
}

}  // namespace reprieve::service
