#include "service/bin/scrub_pass.hpp"

#include <algorithm>
#include <atomic>
#include <limits>
#include <set>
#include <thread>

#include "base/log.hpp"
#include "catalog/bin/bin_table.hpp"
#include "catalog/images/location_table.hpp"
#include "catalog/operation/event_table.hpp"
#include "service/find_image.hpp"

namespace reprieve::service {
namespace {

constexpr std::size_t scrub_batch = 1000;       // images per transaction: enough to make the cost of its fsync small
constexpr std::size_t max_listed_images = 100;  // maximum number of images, and of failures, in a report

template <typename Item>
void add_listed(std::vector<Item>& list, Item item) {
    if (list.size() < max_listed_images) list.push_back(std::move(item));
}

/// Returns the next batch of the images that `scope` names.
std::vector<Image> candidates(catalog::Connection& db, const ScrubScope& scope, std::int64_t now,
                              std::int64_t after_number) {
    switch (scope.kind) {
        case ScrubScope::Kind::one:
            if (after_number > 0) return {};
            return {find_in_bin(db, scope.image_id, scope.owner)};
        case ScrubScope::Kind::bin:
            return catalog::bin_images(db, after_number, scope.owner, scrub_batch);
        case ScrubScope::Kind::due: {
            // First take the images that an earlier pass left claimed, because it was interrupted or could not remove
            // all their bytes.
            auto images = catalog::half_done_images(db, now, scrub_batch);
            return images.empty() ? catalog::due_images(db, now, scrub_batch) : images;
        }
    }
    return {};
}

}  // namespace

/// Claimed image with the result of the removal of each of its locations.
struct ScrubPass::Claimed {
    Image image;
    std::vector<std::optional<Error>> errors;          ///< one for each location; nullopt if its bytes are gone
    std::vector<std::vector<std::string>> blocked_by;  ///< one for each location: what else needs its bytes
    std::uint64_t freed = 0;
    /// False if bytes may be gone without a recorded removal: an earlier pass had claimed the image and may have been
    /// interrupted after a removal, or a removal of this pass was cut off or could not be made durable.
    bool is_whole = true;
};

std::int64_t retry_delay_us(int attempts) {
    constexpr std::int64_t first = 10 * us_per_second;
    return std::min(catalog::longest_wait_us, first << std::clamp(attempts - 1, 0, 20));
}

ScrubPass::ScrubPass(catalog::Catalog& catalog, store::StoreSet& stores, const Clock& clock, ClockGuard& guard,
                     std::size_t pool_size)
    : catalog_(catalog), stores_(stores), clock_(clock), guard_(guard), pool_size_(pool_size) {}

ScrubReport ScrubPass::run(const ScrubScope& scope, const std::function<bool(const ScrubReport&)>& between) {
    ScrubReport report;
    // The caller may have fixed the cause of the failures, so retry now.
    if (scope.kind == ScrubScope::Kind::due && scope.by) catalog_.write(catalog::end_waits);
    std::int64_t after_number = 0;
    for (;;) {
        auto batch = claim(scope, after_number, report.held);
        if (batch.empty()) return report;
        remove_bytes(batch);
        record(batch, scope, report);
        if (!between(report) || cancelled_) return report;
    }
}

ScrubReport ScrubPass::dry_run(const ScrubScope& scope) {
    ScrubReport report;
    if (const auto hold = guard_.hold(); hold && scope.kind == ScrubScope::Kind::due) report.held = hold->reason;
    const auto add = [&](const std::vector<Image>& images) {
        for (const Image& image : images) {
            ++report.images;
            for (const Location& location : image.locations) report.bytes_freed += location.size;
            add_listed(report.image_ids, image.id);
        }
        return !images.empty();
    };
    catalog_.read([&](catalog::Connection& db) {
        const std::int64_t now = clock_.now_us();
        if (scope.kind == ScrubScope::Kind::due) {
            add(catalog::half_done_images(db, now, std::numeric_limits<std::int64_t>::max()));
            catalog::DuePlace after;
            for (auto images = catalog::due_images(db, now, scrub_batch, after); add(images);
                 images = catalog::due_images(db, now, scrub_batch, after))
                after = {images.back().deletion->scrub_after, images.back().number};
            return;
        }
        std::int64_t after_number = 0;
        for (auto images = candidates(db, scope, now, after_number); add(images);
             images = candidates(db, scope, now, after_number))
            after_number = images.back().number;
    });
    return report;
}

std::vector<ScrubPass::Claimed> ScrubPass::claim(const ScrubScope& scope, std::int64_t& after_number,
                                                 std::string& held) {
    std::vector<Claimed> claimed;
    if (const auto hold = guard_.hold(); hold && scope.kind == ScrubScope::Kind::due) {
        held = hold->reason;
        // Notice a correction of the clock already during the hold. After another reboot, the correction could not be
        // detected.
        catalog_.write([&](catalog::Connection& db) { guard_.observe(db); });
        return claimed;
    }
    const std::int64_t behind = after_number;
    catalog_.write([&](catalog::Connection& db) {
        claimed.clear();
        for (Image& image : candidates(db, scope, guard_.observe(db), behind)) {
            after_number = image.number;
            const bool is_whole = image.status == Status::pending_delete;
            if (is_whole) catalog::update_status_of_removal(db, image.number, Status::scrubbing);
            claimed.push_back(
                {.image = std::move(image), .errors = {}, .blocked_by = {}, .freed = 0, .is_whole = is_whole});
        }
    });
    return claimed;
}

void ScrubPass::remove_bytes(std::vector<Claimed>& batch) {
    std::atomic<std::size_t> next{0};
    const auto work = [&] {
        for (std::size_t i = next++; i < batch.size() && !cancelled_; i = next++) remove_bytes_of(batch[i]);
    };
    std::vector<std::jthread> pool;
    for (std::size_t i = 1; i < std::min(pool_size_, batch.size()); ++i) pool.emplace_back(work);
    work();
    pool.clear();

    std::set<std::string> touched;
    for (const Claimed& claimed : batch) {
        for (const Location& location : claimed.image.locations) touched.insert(location.store);
    }
    for (const std::string& name : touched) {
        if (!stores_.contains(name)) continue;
        try {
            stores_.at(name).flush_removals();
        } catch (const Error& error) {
            fail_unflushed(batch, name, error);
        }
    }
}

void ScrubPass::fail_unflushed(std::vector<Claimed>& batch, const std::string& store, const Error& error) {
    for (Claimed& claimed : batch) {
        for (std::size_t i = 0; i < claimed.errors.size(); ++i) {
            if (claimed.errors[i] || claimed.image.locations[i].store != store) continue;
            // The bytes are gone, but a power cut may bring them back. So do not record the removal, but repeat it.
            claimed.errors[i] = error;
            claimed.is_whole = false;
        }
    }
}

void ScrubPass::remove_bytes_of(Claimed& claimed) {
    for (const Location& location : claimed.image.locations) {
        auto& error = claimed.errors.emplace_back();
        auto& blocked_by = claimed.blocked_by.emplace_back();
        try {
            claimed.freed += stores_.at(location.store).remove_unflushed(location.uri).value_or(0);
        } catch (const store::InUse& e) {
            error = e;
            blocked_by = e.by();
        } catch (const store::HalfRemoved& e) {
            error = e;
            claimed.is_whole = false;
        } catch (const Error& e) {
            error = e;
        } catch (const std::exception& e) {
            error = Error(ErrorKind::internal, e.what());
        }
    }
}

void ScrubPass::record(std::vector<Claimed>& batch, const ScrubScope& scope, ScrubReport& report) {
    const ScrubReport before = report;
    catalog_.write([&](catalog::Connection& db) {
        report = before;
        for (Claimed& claimed : batch) record_one(db, claimed, scope, report);
    });
    for (std::size_t i = before.failed.size(); i < report.failed.size(); ++i)
        log_warning("scrub.failed", report.failed[i].reason, {{"image", report.failed[i].image_id}});
}

void ScrubPass::record_one(catalog::Connection& db, Claimed& claimed, const ScrubScope& scope, ScrubReport& report) {
    Image& image = claimed.image;
    if (claimed.errors.size() < image.locations.size()) {  // not begun, because the pass was cancelled
        if (claimed.is_whole) catalog::update_status_of_removal(db, image.number, Status::pending_delete);
        return;
    }
    bool removed_one = false;
    bool failed_one = false;
    for (std::size_t i = 0; i < image.locations.size(); ++i) {
        Location location = image.locations[i];
        const auto& error = claimed.errors[i];
        if (!error) {
            catalog::delete_location(db, location.number);
            removed_one = true;
            continue;
        }
        failed_one = true;
        ++location.attempts;
        location.last_error = error->what();
        location.blocked_by = claimed.blocked_by[i];
        location.next_attempt_at = clock_.now_us() + retry_delay_us(location.attempts);
        catalog::update_location(db, location);
        add_listed(report.failed, ScrubFailure{image.id, error->kind(), error->what()});
    }
    if (!failed_one) {
        image.status = Status::deleted;
        catalog::update_status_of_removal(db, image.number, Status::deleted);
        const bool is_purge = scope.kind != ScrubScope::Kind::due && scope.by;
        catalog::record_event(db, done_by(is_purge ? *scope.by : scrubber_caller(), clock_.now_us(),
                                          is_purge ? "image.purge" : "image.scrub", image.id, image.owner,
                                          std::to_string(claimed.freed) + " bytes freed"));
        ++report.images;
        add_listed(report.image_ids, image.id);
    } else {
        ++report.failures;
        // The image can be restored only while every byte is still there.
        if (claimed.is_whole && !removed_one)
            catalog::update_status_of_removal(db, image.number, Status::pending_delete);
    }
    report.bytes_freed += claimed.freed;
}

}  // namespace reprieve::service
