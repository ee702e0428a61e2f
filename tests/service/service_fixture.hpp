#pragma once

#include <cstring>
#include <map>
#include <memory>
#include <optional>
#include <ostream>
#include <string>
#include <thread>
#include <vector>

#include "base/log.hpp"
#include "base/uuid.hpp"
#include "catalog/bin/bin_table.hpp"
#include "catalog/catalog.hpp"
#include "catalog/engine/connection.hpp"
#include "catalog/images/image_table.hpp"
#include "service/bin/scrub_pass.hpp"
#include "service/bin/scrubber.hpp"
#include "service/bin/trash.hpp"
#include "service/clock_guard.hpp"
#include "service/images/images.hpp"
#include "service/images/locations.hpp"
#include "service/images/members.hpp"
#include "service/operation/audit_trail.hpp"
#include "service/quotas.hpp"
#include "service/uploads/running_uploads.hpp"
#include "service/uploads/uploads.hpp"
#include "tests/error_of.hpp"
#include "tests/fake_clock.hpp"
#include "tests/faulty_store.hpp"
#include "tests/scratch_folder.hpp"

namespace reprieve {

/// Prints a status for Boost.Test, with its number, because two statuses have the same name.
inline std::ostream& operator<<(std::ostream& out, Status status) {
    return out << to_string(status) << '(' << static_cast<int>(status) << ')';
}

}  // namespace reprieve

namespace reprieve::tests {

using Operation = FaultyStore::Operation;

/// Discards the lines of the log while it exists.
struct QuietLog {
    QuietLog() {
        set_log_sink([](std::string_view) {});
    }
    QuietLog(const QuietLog&) = delete;
    QuietLog& operator=(const QuietLog&) = delete;
    ~QuietLog() { set_log_sink({}); }
};

/// Services with a real catalog, two stores that can be made to fail ("local", the default, and "spare"), and a clock
/// that only a test moves. The thread of the scrubber is not started.
struct ServiceFixture {
    static constexpr std::int64_t retention_us = 7 * 86'400 * us_per_second;
    static constexpr std::int64_t grace_us = 3600 * us_per_second;

    QuietLog quiet;
    FakeClock clock;
    ScratchFolder folder;
    catalog::Catalog catalog{folder.path()};
    FaultyStore* local = new FaultyStore;
    FaultyStore* spare = new FaultyStore;
    store::StoreSet stores{own(local, spare), "local"};
    service::ClockGuard guard{clock, grace_us};
    service::AuditTrail audit{catalog, clock, {.keep_us = 90 * 86'400 * us_per_second, .bounds = {}}};
    service::Quotas quotas{catalog, {}};
    service::RunningUploads running{2};
    BufferPool buffers{4 << 20};
    service::Scrubber scrubber{catalog, stores, clock, guard, scrubber_options(true)};
    service::Locations locations{catalog, stores, clock, {.may_change = true, .image_size_cap = 1 << 20}};
    service::Images images{catalog, clock, guard, running, scrubber, quotas, locations, image_options()};
    service::Members members{catalog, clock, 3, service::Members::Projects::unknown};
    service::Trash trash{catalog, scrubber, clock};
    service::ScrubPass pass{catalog, stores, clock, guard, 2};
    const Caller alice{.user = "alice", .user_name = "alice", .project = "default", .is_admin = true};
    /// bob and rita belong to the project "lab"; bob may write, rita only read. mallory is a member of "attic".
    const Caller bob{.user = "bob", .user_name = "Bob", .project = "lab", .is_admin = false};
    const Caller rita{.user = "rita", .project = "lab", .is_admin = false, .is_member = false};
    const Caller mallory{.user = "mallory", .project = "attic", .is_admin = false};

    ServiceFixture() {
        catalog.write([&](catalog::Connection& db) { guard.begin(db); });
    }

    static std::map<std::string, std::unique_ptr<store::Store>> own(FaultyStore* local, FaultyStore* spare) {
        std::map<std::string, std::unique_ptr<store::Store>> owned;
        owned.emplace("local", local);
        owned.emplace("spare", spare);
        return owned;
    }
    static service::Scrubber::Options scrubber_options(bool automatic) {
        return {.wakeup_time_us = 3600 * us_per_second,
                .pool_size = 2,
                .purge_deleted_after_us = 30 * 86'400 * us_per_second,
                .automatic = automatic};
    }
    static service::Images::Options image_options(bool delayed_delete = true) {
        return {.quotas = {}, .delayed_delete = delayed_delete, .scrub_time_us = retention_us};
    }

    /// Creates a queued image, ready for an upload.
    Image queued() {
        Image image;
        image.disk_format = "raw";
        image.container_format = "bare";
        return images.create(alice, std::move(image));
    }

    /// Creates an active image that the project "lab" owns.
    Image of_lab(Visibility visibility = Visibility::private_) {
        Image image = active();
        image.owner = "lab";
        image.visibility = visibility;
        catalog.write([&](catalog::Connection& db) { catalog::update_image_row(db, image); });
        return image;
    }

    /// Creates an active image of the project "default", whose bytes are `text` in each of the stores.
    Image active(const std::string& text = "bytes", const std::vector<std::string>& store_names = {"local"}) {
        Image image;
        image.id = new_uuid();
        image.owner = "default";
        image.disk_format = "raw";
        image.container_format = "bare";
        image.created_at = image.updated_at = clock.now_us();
        image.status = Status::active;
        image.size = text.size();
        for (const std::string& name : store_names)
            image.locations.push_back({.store = name,
                                       .uri = static_cast<FaultyStore&>(stores.at(name)).put(image.id, text),
                                       .state = Location::State::stored,
                                       .size = text.size()});
        catalog.write([&](catalog::Connection& db) { catalog::insert_image(db, image); });
        return image;
    }

    /// Creates an image and deletes it, so that it is in the bin.
    Image binned(const std::string& text = "bytes", const std::vector<std::string>& store_names = {"local"}) {
        const Image image = active(text, store_names);
        images.remove(alice, image.id);
        return find(image.id).value();
    }

    /// Returns the image as the catalog has it; nullopt if it is deleted.
    std::optional<Image> find(const std::string& id) {
        return catalog.read([&](catalog::Connection& db) { return catalog::find_image(db, id); });
    }
    Status status_of(const Image& image) {
        const auto found = find(image.id);
        return found ? found->status : Status::deleted;
    }
    std::int64_t scrub_after(const Image& image) { return find(image.id).value().deletion.value().scrub_after; }

    void write(const std::string& sql) {
        catalog.write([&](catalog::Connection& db) { db.execute_script(sql); });
    }
    /// Makes the catalog refuse each change of an image to `status`, until heal_catalog().
    void refuse_status(Status status) {
        write("CREATE TRIGGER told_to_fail BEFORE UPDATE OF status ON images WHEN new.status = " +
              std::to_string(static_cast<int>(status)) +
              " BEGIN SELECT RAISE(ABORT, 'the catalog was told to fail'); END");
    }
    void heal_catalog() { write("DROP TRIGGER told_to_fail"); }

    service::ScrubReport scrub(const service::ScrubScope& scope = {}) {
        return pass.run(scope, [](const auto&) { return true; });
    }
    std::string uri(const Image& image) const { return local->uri_for(image.id); }
};

inline service::ScrubScope purge_of(const Image& image) { return {service::ScrubScope::Kind::one, image.id, {}}; }

/// Returns a source with the bytes of `text`.
inline service::ByteSource source_of(std::string text) {
    return [text = std::move(text), at = std::size_t{0}](std::span<std::byte> out) mutable {
        const std::size_t count = std::min(out.size(), text.size() - at);
        std::memcpy(out.data(), text.data() + at, count);
        at += count;
        return count;
    };
}

}  // namespace reprieve::tests
