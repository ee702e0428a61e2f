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

/// Selection of the images that a pass scrubs, which means: removes permanently.
struct ScrubScope {
    enum class Kind {
        due,  ///< images whose deadline has passed, and those that an earlier pass left half done; if `by` is set, also
              ///< those that wait for a retry
        one,  ///< one image of the bin, now
        bin,  ///< every image of the bin, now
    };
    Kind kind = Kind::due;
    std::string image_id;              ///< for kind one
    std::optional<std::string> owner;  ///< for kinds one and bin: only images of this project; nullopt: of any

    std::optional<Caller> by = {};  ///< caller who requested the pass; nullopt: the scrubber itself

    /// Tells whether both scopes name the same images. Ignores `by`.
    bool operator==(const ScrubScope& other) const {
        return kind == other.kind && image_id == other.image_id && owner == other.owner;
    }
};

/// Failure to remove the bytes of one location of an image. An image can have several failures.
struct ScrubFailure {
    std::string image_id;
    ErrorKind kind = ErrorKind::internal;
    std::string reason;
};

/// Result of a pass, or of a dry run. `images` and `failures` count images.
struct ScrubReport {
    std::uint64_t images = 0;
    std::uint64_t bytes_freed = 0;  ///< space in the stores; for a dry run, the sum of the image sizes
    std::uint64_t failures = 0;
    std::vector<ScrubFailure> failed;    ///< the first 100 failures
    std::vector<std::string> image_ids;  ///< the first 100 images that were scrubbed, or would be
    std::string held;                    ///< reason if a doubtful clock holds due images; else empty
};

/// Pass of the scrubber: removes images from the bin permanently.
///
/// One transaction first claims an image if it is still due (pending_delete → scrubbing). From then on the image cannot
/// be restored. Then its bytes are removed from every store, and then the catalog sets its status to deleted. After a
/// crash between these steps, the next pass finds the claimed image and does the rest; bytes that are already gone
/// count as removed. If all removals fail, the claim is rolled back and the image can be restored. Once a byte may be
/// gone, also because of an earlier pass, the image stays claimed and is retried later.
///
/// Only one thread at a time may call run(). Any thread may call cancel() and dry_run().
class ScrubPass {
public:
    ScrubPass(catalog::Catalog& catalog, store::StoreSet& stores, const Clock& clock, ClockGuard& guard,
              std::size_t pool_size);

    /// Scrubs the images that `scope` names, in batches. Calls `between` after each batch with the report so far; if
    /// that returns false, the pass ends. `between` may call run() for another scope. For kind one: throws not_found if
    /// the image is not in the bin. Throws Error if the catalog cannot be used.
    ScrubReport run(const ScrubScope& scope, const std::function<bool(const ScrubReport&)>& between);

    /// Makes the current run(), and any later one, end after the removals in flight. Returns claimed images to the bin
    /// if their removal has not begun.
    void cancel() { cancelled_ = true; }

    /// Returns what run() would do, and changes nothing. For kind due: leaves out images that wait for a retry. For
    /// kind one: throws not_found if the image is not in the bin.
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

/// Returns the delay of a retry in microseconds after `attempts` failed attempts: 10 s, doubled each time, at most an
/// hour.
std::int64_t retry_delay_us(int attempts);

}  // namespace reprieve::service
