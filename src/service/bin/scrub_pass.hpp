#pragma once

#include <atomic>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "base/clock.hpp"
#include "base/error.hpp"
#include "catalog/catalog.hpp"
#include "image/caller.hpp"
#include "image/image.hpp"
#include "service/clock_guard.hpp"
#include "store/store_set.hpp"

namespace reprieve::service {

/// Which images a pass takes on.
struct ScrubScope {
    enum class Kind {
        due,  ///< whose time has come, and what an earlier pass left half done; where somebody asks, also what waits
              ///< for its next attempt
        one,  ///< one image of the bin, now
        bin,  ///< every image of the bin, now
    };
    Kind kind = Kind::due;
    std::string image_id;              ///< for one
    std::optional<std::string> owner;  ///< for one and bin: only this project's

    std::optional<Caller> by = {};  ///< who asked, for the audit trail; nothing: the scrubber by itself

    /// The same pass, whoever asks.
    bool operator==(const ScrubScope& other) const {
        return kind == other.kind && image_id == other.image_id && owner == other.owner;
    }
};

/// An image that could not be scrubbed, and why.
struct ScrubFailure {
    std::string image_id;
    ErrorKind kind = ErrorKind::internal;
    std::string reason;
};

/// What a pass did, or would do.
struct ScrubReport {
    std::uint64_t images = 0;
    std::uint64_t bytes_freed = 0;  ///< space on the stores; what a dry run would free
    std::uint64_t failures = 0;
    std::vector<ScrubFailure> failed;    ///< the first 100
    std::vector<std::string> image_ids;  ///< the first 100 that were scrubbed, or would be
    std::string held;                    ///< why the pass did nothing, where the clock is in doubt
};

/// Takes images out of the bin for good.
///
/// An image is claimed first, in one transaction that finds it still due (pending_delete → scrubbing): from
/// there on no restore can have it. Then its bytes are removed from every store, then the catalog says
/// deleted. After a crash anywhere between, the next pass finds the claim and does the rest;
/// bytes that are gone already count as removed. Where all removals fail, the claim is given back and the image can
/// be restored; once a byte may be gone, also in a pass before, it stays claimed and is tried again later.
///
/// One thread at a time, save cancel().
class ScrubPass {
public:
    ScrubPass(catalog::Catalog& catalog, store::StoreSet& stores, const Clock& clock, ClockGuard& guard,
              std::size_t pool_size);

    /// Scrubs all that `scope` names; `between` is called after every batch with the report so far, and ends
    /// the pass by returning false. For one: throws not_found where it is not in the bin.
    ScrubReport run(const ScrubScope& scope, const std::function<bool(const ScrubReport&)>& between);

    /// Ends a run behind the removals that are under way; what else it had claimed is given back. Any thread.
    void cancel() { cancelled_ = true; }

    /// Says what run() would do; changes nothing. What could not be removed when it was tried last, and waits for its
    /// next attempt, is not in it.
    ScrubReport dry_run(const ScrubScope& scope);

private:
    struct Claimed;
    std::vector<Claimed> claim(const ScrubScope& scope, std::int64_t& after_number, std::string& held);
    void remove_bytes(std::vector<Claimed>& batch);
    void remove_bytes_of(Claimed& claimed);
    static void fail_unflushed(std::vector<Claimed>& batch, const std::string& store, const Error& error);
    void record(std::vector<Claimed>& batch, const ScrubScope& scope, ScrubReport& report);
    void record_one(catalog::Connection& db, Claimed& claimed, const ScrubScope& scope, ScrubReport& report);

    catalog::Catalog& catalog_;
    store::StoreSet& stores_;
    const Clock& clock_;
    ClockGuard& guard_;
    const std::size_t pool_size_;
    std::atomic<bool> cancelled_{false};
};

/// How long to wait after the given number of failed attempts: 10 s, doubled each time, at most an hour.
std::int64_t retry_delay_us(int attempts);

}  // namespace reprieve::service
