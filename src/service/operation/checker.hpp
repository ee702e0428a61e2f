#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "base/clock.hpp"
#include "base/mutex.hpp"
#include "base/worker.hpp"
#include "catalog/catalog.hpp"
#include "catalog/images/image_table.hpp"
#include "catalog/images/location_table.hpp"
#include "store/store_set.hpp"

namespace reprieve::service {

/// Difference between the catalog and a store.
struct Finding {
    enum class Kind {
        missing,     ///< the catalog knows bytes that the store does not have
        wrong_size,  ///< the bytes have another length than the catalog says
        orphaned,    ///< the store has bytes that the catalog does not know
        unreadable,  ///< the store did not answer, or is not configured
    };
    Kind kind = Kind::missing;
    std::string image_id;  ///< empty if the image is not known
    std::string store;
    std::string detail;  ///< description for people
    std::string repair;  ///< repair that was made; empty if none
};

std::string_view to_string(Finding::Kind kind);

/// Check that compares the catalog with the stores. Works on a running appliance, too, during uploads and scrubs. One
/// check runs at a time. Any thread may call.
class Checker {
public:
    /// `scrub_time_us`: retention of bytes that a repair puts into the bin.
    Checker(catalog::Catalog& catalog, store::StoreSet& stores, const Clock& clock, std::int64_t scrub_time_us);
    ~Checker();

    struct Progress {
        bool is_running = false;
        bool repairs = false;
        std::int64_t started_at = 0;  ///< microseconds since 1970 UTC; 0: no check since the process started
        std::uint64_t checked = 0;    ///< number of locations and stored objects so far
        std::uint64_t expected = 0;   ///< estimate of `checked` at the end
        std::uint64_t findings = 0;
        std::vector<Finding> first_findings;  ///< at most 1,000
        std::string catalog;                  ///< "ok", or the report of SQLite's integrity check
        std::string error;                    ///< why the check ended early; else empty
    };

    /// Starts a check in the background. Throws conflict if one runs, unavailable if the appliance is stopping.
    ///
    /// If `repair` is set, the check also repairs. It removes bytes that no image owns if their image was deleted. It
    /// keeps such bytes if their image is not deleted, because the store may have been renamed. If their image is
    /// unknown, it puts the bytes into the bin as an image without an owner, so that an admin can decide. If the bytes
    /// of an image are missing or have another length, it writes that into the image's status_reason.
    void start(bool repair);

    Progress progress() const;

    /// Ends a running check early and waits for it.
    void stop();

    const Worker& worker() const { return worker_; }

private:
    std::optional<std::int64_t> turn();
    void run(bool repair);
    void check_catalog(bool repair);
    void check_store(const std::string& name, bool repair);
    void check_location(const catalog::StoredLocation& stored, bool repair);
    bool adopt_or_remove(const std::string& name, const store::StoredObject& object, Finding& finding);
    void tell_image(const std::string& id, const std::string& reason);
    void add(Finding finding);
    void count_one();

    catalog::Catalog& catalog_;
    store::StoreSet& stores_;
    const Clock& clock_;
    const std::int64_t scrub_time_us_;
    mutable Mutex mutex_;
    Progress progress_ GUARDED_BY(mutex_);
    Worker worker_{"checker", clock_, [this] { return turn(); }};
};

}  // namespace reprieve::service
