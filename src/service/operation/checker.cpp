#include "service/operation/checker.hpp"

#include "base/error.hpp"
#include "base/log.hpp"
#include "catalog/images/image_table.hpp"
#include "image/retention.hpp"

namespace reprieve::service {
namespace {

constexpr std::size_t check_batch = 1000;
constexpr std::size_t max_listed_findings = 1000;

}  // namespace

std::string_view to_string(Finding::Kind kind) {
    switch (kind) {
        case Finding::Kind::missing:
            return "missing";
        case Finding::Kind::wrong_size:
            return "wrong_size";
        case Finding::Kind::orphaned:
            return "orphaned";
        case Finding::Kind::unreadable:
            return "unreadable";
    }
    return {};
}

Checker::Checker(catalog::Catalog& catalog, store::StoreSet& stores, const Clock& clock, std::int64_t scrub_time_us)
    : catalog_(catalog), stores_(stores), clock_(clock), scrub_time_us_(scrub_time_us) {}

Checker::~Checker() { stop(); }

void Checker::start(bool repair) {
    {
        const MutexLock lock(mutex_);
        if (worker_.is_stopping())
            throw Error(ErrorKind::unavailable, "the appliance is stopping: ask again when it runs");
        if (progress_.is_running) throw Error(ErrorKind::conflict, "a check is running: wait for its end");
        progress_ = Progress{.is_running = true, .repairs = repair, .started_at = clock_.now_us()};
    }
    worker_.start();
    worker_.wake();
}

std::optional<std::int64_t> Checker::turn() {
    if (const Progress asked = progress(); asked.is_running) run(asked.repairs);
    return std::nullopt;
}

Checker::Progress Checker::progress() const {
    const MutexLock lock(mutex_);
    return progress_;
}

void Checker::stop() { worker_.stop(); }

void Checker::run(bool repair) {
    std::string error;
    try {
        const std::uint64_t expected = catalog_.read([&](catalog::Connection& db) {
            const auto totals = catalog::totals(db);
            return 2 * (totals.images + totals.bin_images);
        });
        const std::string integrity = catalog_.check_integrity([this] { return worker_.is_stopping(); });
        {
            const MutexLock lock(mutex_);
            progress_.expected = expected;
            progress_.catalog = integrity;
        }
        check_catalog(repair);
        for (const std::string& name : stores_.names()) {
            try {
                check_store(name, repair);
            } catch (const Error& e) {
                add({.kind = Finding::Kind::unreadable, .store = name, .detail = e.what()});
            }
        }
        if (worker_.is_stopping()) error = "the appliance stopped";
    } catch (const std::exception& e) {
        error = e.what();
    }
    const MutexLock lock(mutex_);
    progress_.error = error;
    progress_.is_running = false;
    log_info("check.ended", {{"error", error}, {"checked", progress_.checked}, {"findings", progress_.findings}});
}

void Checker::check_catalog(bool repair) {
    std::int64_t after = 0;
    while (!worker_.is_stopping()) {
        auto batch =
            catalog_.read([&](catalog::Connection& db) { return catalog::stored_locations(db, after, check_batch); });
        if (batch.empty()) return;
        for (const auto& stored : batch) {
            if (worker_.is_stopping()) return;
            check_location(stored, repair);
            after = stored.location.number;
            count_one();
        }
    }
}

void Checker::check_location(const catalog::StoredLocation& stored, bool repair) {
    const Location& location = stored.location;
    Finding finding{.image_id = stored.image_id, .store = location.store};
    try {
        const auto object = stores_.at(location.store).stat(location.uri);
        if (object.size == location.size) return;
        finding.kind = Finding::Kind::wrong_size;
        finding.detail = "the store has " + std::to_string(object.size) + " bytes of " + std::to_string(location.size);
    } catch (const Error& error) {
        const bool is_missing = error.kind() == ErrorKind::not_found && stores_.contains(location.store);
        finding.kind = is_missing ? Finding::Kind::missing : Finding::Kind::unreadable;
        finding.detail = error.what();
    }
    // Look again: since the batch was read, a scrub may have claimed or removed the location.
    const bool still_there =
        catalog_.read([&](catalog::Connection& db) { return catalog::is_location_stored(db, location.number); });
    if (!still_there) return;
    if (repair && finding.kind != Finding::Kind::unreadable) {
        tell_image(stored.image_id, "the store '" + location.store + "' does not have the data: " + finding.detail);
        finding.repair = "noted on the image; the appliance cannot restore its data";
    }
    add(std::move(finding));
}

void Checker::check_store(const std::string& name, bool repair) {
    store::Store& store = stores_.at(name);
    store.list([&](const store::StoredObject& object) {
        if (worker_.is_stopping() || object.is_temporary) return;
        count_one();
        const bool is_known =
            catalog_.read([&](catalog::Connection& db) { return catalog::is_location_known(db, name, object.uri); });
        if (is_known) return;
        Finding finding{.kind = Finding::Kind::orphaned,
                        .image_id = object.image_id,
                        .store = name,
                        .detail = std::to_string(object.size) + " bytes that no image owns"};
        // Report nothing if the object is no orphan any more: since it was listed, an upload has claimed its URI, or it
        // was removed.
        if (repair && !adopt_or_remove(name, object, finding)) return;
        add(std::move(finding));
    });
}

bool Checker::adopt_or_remove(const std::string& name, const store::StoredObject& object, Finding& finding) {
    const std::string found = finding.detail;
    bool is_orphan = false;
    // Check again and repair in one transaction, so that no upload can claim the URI between check and repair.
    catalog_.write([&](catalog::Connection& db) {
        is_orphan = !catalog::is_location_known(db, name, object.uri);
        if (!is_orphan) return;
        if (catalog::find_image(db, object.image_id)) {
            // The store may have been renamed, and these may be the bytes that the image uses: never remove them.
            finding.detail = found + "; kept, because its image is not deleted: check where its data should be";
            return;
        }
        if (catalog::is_id_used(db, object.image_id)) {
            is_orphan = stores_.at(name).remove(object.uri).has_value();
            finding.repair = "removed: its image was deleted";
            return;
        }
        const std::int64_t now = clock_.now_us();
        // The owner is unknown. Without an owner, only admins see the image.
        Image image{.id = object.image_id, .name = "recovered-" + object.image_id, .status = Status::pending_delete};
        image.visibility = Visibility::private_;
        image.size = object.size;
        image.created_at = image.updated_at = now;
        image.status_reason = "found in the store '" + name +
                              "' by a check; its owner, digest and format are not known: set owner, disk_format and "
                              "container_format";
        image.deletion = deletion_at(now, scrub_time_us_);
        image.deletion->deleted_by = "check";
        image.locations = {{.store = name, .uri = object.uri, .state = Location::State::stored, .size = object.size}};
        catalog::insert_image(db, image);
        finding.repair = "put into the recycle bin as " + image.name.value();
    });
    return is_orphan;
}

void Checker::tell_image(const std::string& id, const std::string& reason) {
    catalog_.write([&](catalog::Connection& db) {
        auto image = catalog::find_image(db, id);
        if (!image) return;
        image->status_reason = reason;
        catalog::update_image_row(db, *image);
    });
}

void Checker::add(Finding finding) {
    log_warning("check.finding", finding.detail,
                {{"kind", to_string(finding.kind)}, {"image", finding.image_id}, {"store", finding.store}});
    const MutexLock lock(mutex_);
    ++progress_.findings;
    if (progress_.first_findings.size() < max_listed_findings) progress_.first_findings.push_back(std::move(finding));
}

void Checker::count_one() {
    const MutexLock lock(mutex_);
    ++progress_.checked;
}

}  // namespace reprieve::service
