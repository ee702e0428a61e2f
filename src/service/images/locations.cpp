#include "service/images/locations.hpp"

#include <algorithm>
#include <optional>
#include <utility>

#include "base/error.hpp"
#include "base/log.hpp"
#include "catalog/images/image_table.hpp"
#include "catalog/operation/event_table.hpp"
#include "image/access.hpp"
#include "service/find_image.hpp"

namespace reprieve::service {
namespace {

constexpr const char* added = "image.add_location";
constexpr const char* removed = "image.remove_location";

bool has(const std::vector<Location>& locations, const Location& wanted) {
    return std::any_of(locations.begin(), locations.end(),
                       [&](const Location& location) { return location.number == wanted.number; });
}

/// Returns a description of a location for the audit trail. Leaves out the URI, because it may be a secret, and the
/// project of the image sees the events of the image.
std::string described(const Location& location) {
    return "in the store '" + location.store + "', " + std::to_string(location.size) + " bytes";
}

template <typename Work>
void for_each(std::vector<AttributeChange>& changes, Work work) {
    for (AttributeChange& change : changes)
        for (NewLocation& location : change.locations) work(location);
}

}  // namespace

std::string public_url(const store::StoreSet& stores, const Location& location) {
    return stores.contains(location.store) ? stores.at(location.store).public_url(location.uri) : location.uri;
}

Locations::Locations(catalog::Catalog& catalog, const store::StoreSet& stores, const Clock& clock, Options options)
    : catalog_(catalog), stores_(stores), clock_(clock), options_(options), removals_(catalog, stores, clock) {}

void Locations::prepare(const Caller& caller, std::string_view id, std::vector<AttributeChange>& changes) const {
    const Image image = catalog_.read([&](catalog::Connection& db) {
        find_visible(db, caller, Action::update_image, id);
        return find_visible(db, caller, Action::change_locations, id);
    });
    if (!options_.may_change)
        throw Error(ErrorKind::forbidden,
                    "It's not allowed to change locations if locations are invisible: an admin can set "
                    "images.show_multiple_locations.");
    std::uint64_t count = 0;
    for_each(changes, [&](NewLocation& location) {
        if (++count > options_.quota)
            throw Error(ErrorKind::too_large, "an update can name at most " + std::to_string(options_.quota) +
                                                  " locations (limits.image_location_quota)");
        const bool is_known = std::any_of(image.locations.begin(), image.locations.end(), [&](const Location& known) {
            return location.url == public_url(stores_, known);
        });
        if (is_known) return;
        choose_store(image.id, location);
        look_at(location);
    });
}

void Locations::choose_store(const std::string& image_id, NewLocation& location) const {
    const std::string asked = std::exchange(location.store, {});
    if (!asked.empty() && !stores_.contains(asked))
        throw Error(ErrorKind::bad_request, "there is no store '" + asked + "': GET /v2/info/stores lists them");
    std::optional<Error> problem;
    for (const std::string& name : asked.empty() ? stores_.names() : std::vector{asked}) try {
            if (stores_.at(name).takes_location(location.url))
                location.uri = location.url;
            else if (!is_own(name, image_id, location))
                continue;
            location.store = name;
            return;
        } catch (const Error& error) {
            problem = error;
        }
    if (problem && problem->kind() == ErrorKind::unavailable) throw Error(*problem);
    throw Error(ErrorKind::bad_request,
                "no store accepts this kind of location: a store of type http accepts http and https URLs");
}

/// Returns whether `location.url` is the URL that the image itself would have in that store. Sets `location.uri`.
bool Locations::is_own(const std::string& store, const std::string& image_id, NewLocation& location) const {
    const store::Store& place = stores_.at(store);
    if (place.is_read_only()) return false;
    location.uri = place.uri_for(image_id);
    return place.public_url(location.uri) == location.url;
}

void Locations::look_at(NewLocation& location) const {
    const std::string in_store = " in the store '" + location.store + "'";
    try {
        location.size = stores_.at(location.store).stat(location.uri).size;
    } catch (const Error& error) {
        if (error.kind() == ErrorKind::unavailable)
            throw Error(error.kind(), "the location" + in_store + " cannot be checked: " + error.what());
        if (error.kind() != ErrorKind::not_found && error.kind() != ErrorKind::forbidden) throw;
        throw Error(ErrorKind::bad_request, "the location" + in_store + " cannot be used: " + error.what());
    }
    if (location.size > options_.image_size_cap)
        throw Error(ErrorKind::too_large, "the image has " + std::to_string(location.size) + " bytes; at most " +
                                              std::to_string(options_.image_size_cap) +
                                              " are allowed (limits.image_size_cap)");
}

void Locations::recognise(const Image& image, std::vector<AttributeChange>& changes) const {
    for_each(changes, [&](NewLocation& location) {
        if (!location.uri.empty()) return;
        const auto known = std::find_if(image.locations.begin(), image.locations.end(),
                                        [&](const Location& l) { return location.url == public_url(stores_, l); });
        if (known == image.locations.end())
            throw Error(ErrorKind::conflict,
                        "the locations of the image " + image.id + " have changed: read the image again and retry");
        location.uri = known->uri;
        location.store = known->store;
        location.size = known->size;
    });
}

std::vector<catalog::LocationRemoval> Locations::store(catalog::Connection& db, const Caller& caller,
                                                       const Image& before, Image& after, std::int64_t now_us) {
    auto removals = catalog::update_locations(db, after);
    const auto record = [&](const char* action, const Location& location) {
        catalog::record_event(db, done_by(caller, now_us, action, after.id, after.owner, described(location)));
    };
    for (const Location& location : before.locations)
        if (!has(after.locations, location)) record(removed, location);
    for (const Location& location : after.locations)
        if (!has(before.locations, location)) record(added, location);
    return removals;
}

void Locations::remove_bytes(const std::vector<catalog::LocationRemoval>& removals) noexcept {
    for (const auto& removal : removals) try {
            removals_.attempt(removal);
        } catch (const std::exception& error) {
            log_warning("location.not_removed", error.what(), {{"image", removal.image_id}, {"store", removal.store}});
        }
}

void Locations::remove_from_store(const Caller& caller, const std::string& store, std::string_view id) {
    std::vector<Location> before;
    std::vector<catalog::LocationRemoval> removals;
    catalog_.write([&](catalog::Connection& db) {
        const Image image = find_visible(db, caller, Action::change_locations, id);
        if (!stores_.contains(store))
            throw Error(ErrorKind::conflict, "there is no store '" + store + "': GET /v2/info/stores lists them");
        if (image.status != Status::active)
            throw Error(ErrorKind::conflict, "the image " + image.id + " is " + std::string(to_string(image.status)) +
                                                 ": only an active one can be removed from a store");
        Image after = image;
        std::erase_if(after.locations, [&](const Location& location) { return location.store == store; });
        if (after.locations.size() == image.locations.size())
            throw Error(ErrorKind::not_found, "the image " + image.id + " is not in the store '" + store + "'");
        if (after.locations.empty())
            throw Error(ErrorKind::forbidden,
                        "the image " + image.id + " is in no other store: delete the image, or add another location");
        before = image.locations;
        removals = Locations::store(db, caller, image, after, clock_.now_us());
    });
    while (!removals.empty()) {
        if (const auto problem = removals_.attempt(removals.back())) {
            // A removal that has begun cannot be undone: the scrubber finishes it.
            if (!problem->is_whole) removals.pop_back();
            put_back(caller, std::string(id), before, removals, problem->error);
            throw Error(problem->error);
        }
        removals.pop_back();
    }
}

void Locations::put_back(const Caller& caller, const std::string& id, const std::vector<Location>& before,
                         const std::vector<catalog::LocationRemoval>& left, const Error& reason) {
    catalog_.write([&](catalog::Connection& db) {
        auto image = catalog::find_image(db, id);
        // If the image is no longer active (it was deleted, for example), the scrubber finishes the removal.
        if (!image || image->status != Status::active) return;
        for (const auto& removal : left) {
            const auto was = std::find_if(before.begin(), before.end(), [&](const Location& location) {
                return location.store == removal.store && location.uri == removal.uri;
            });
            Location location = *was;
            location.number = 0;
            const auto place = std::min<std::ptrdiff_t>(was - before.begin(), std::ssize(image->locations));
            image->locations.insert(image->locations.begin() + place, location);
            catalog::delete_removal(db, removal.number);
            catalog::record_event(db, done_by(caller, clock_.now_us(), added, id, image->owner,
                                              described(location) + ", which could not be removed: " + reason.what()));
        }
        catalog::update_locations(db, *image);
    });
}

}  // namespace reprieve::service
