#pragma once

#include <cstdint>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

#include "base/clock.hpp"
#include "base/worker.hpp"
#include "catalog/catalog.hpp"
#include "catalog/images/image_table.hpp"
#include "catalog/images/location_table.hpp"
#include "store/store_set.hpp"

namespace reprieve::service {

/// A difference between the catalog and a store.
struct Finding {
    enum class Kind {
        missing,     ///< the catalog knows bytes that the store has not
        wrong_size,  ///< they have another length than the catalog says
        orphaned,    ///< the store has bytes that the catalog does not know
        unreadable,  ///< the store could not be asked
    };
    Kind kind = Kind::missing;
    std::string image_id;  ///< empty where it cannot be told
    std::string store;
    std::string detail;  ///< what was found, for a person
    std::string repair;  ///< what was done about it; empty for nothing
};

std::string_view to_string(Finding::Kind kind);

/// Compares the catalog with the stores: on a running appliance too, where uploads and scrubs go on meanwhile.
/// One check at a time; any thread may call.
class Checker {
public:
    Checker(catalog::Catalog& catalog, store::StoreSet& stores, const Clock& clock, std::int64_t scrub_time_us);
    ~Checker();

    struct Progress {
        bool is_running = false;
        bool repairs = false;
        std::int64_t started_at = 0;  ///< 0: none ran since the start
        std::uint64_t checked = 0;    ///< locations and stored objects so far
        std::uint64_t expected = 0;   ///< how many there will be, about
        std::uint64_t findings = 0;
        std::vector<Finding> first_findings;  ///< at most 1,000
        std::string catalog;                  ///< "ok", or what SQLite's integrity check says
        std::string error;                    ///< why the check ended early; else empty
    };

    /// Starts a check in the background. Throws conflict if one runs.
    ///
    /// With `repair`: bytes that no image owns are removed where they are left over from an image that was deleted,
    /// left alone where their image is not deleted (a store may have got another name), and otherwise put into the bin
    /// as an image without an owner, so that an admin decides; an image whose bytes are missing or short is told so in
    /// its status_reason.
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
    mutable std::mutex mutex_;
    Progress progress_;
    Worker worker_{"checker", clock_, [this] { return turn(); }};
};

}  // namespace reprieve::service
