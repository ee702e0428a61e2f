#include "service/images/images.hpp"

#include <algorithm>
#include <functional>

#include "base/error.hpp"
#include "base/joined.hpp"
#include "base/uuid.hpp"
#include "catalog/images/image_table.hpp"
#include "catalog/lists/image_list.hpp"
#include "catalog/operation/event_table.hpp"
#include "image/retention.hpp"
#include "service/bin/scrubber.hpp"
#include "service/find_image.hpp"

namespace reprieve::service {
namespace {

bool has_data(const Image& image) { return image.status == Status::active || image.status == Status::deactivated; }

}  // namespace

Images::Images(catalog::Catalog& catalog, const Clock& clock, ClockGuard& guard, RunningUploads& uploads,
               Scrubber& scrubber, const Quotas& quotas, Locations& locations, Options options)
    : catalog_(catalog),
      clock_(clock),
      guard_(guard),
      uploads_(uploads),
      scrubber_(scrubber),
      quotas_(quotas),
      locations_(locations),
      options_(options) {}

Image Images::create(const Caller& caller, Image image) {
    require(caller, Action::create_image);
    check_quotas(image, options_.quotas);
    if (image.id.empty()) image.id = new_uuid();
    if (image.owner.empty()) image.owner = caller.project;
    if (image.owner.empty())
        throw Error(ErrorKind::forbidden, "the token is not for a project: choose one, or set the owner of the image");
    require_change(caller, nullptr, image);
    image.created_by = caller.user;
    image.status = Status::queued;
    image.created_at = image.updated_at = clock_.now_us();
    catalog_.write([&](catalog::Connection& db) {
        catalog::insert_image(db, image);
        quotas_.require_images(db, image.number);
        catalog::record_event(db, done_by(caller, image.created_at, "image.create", image.id, image.owner));
    });
    return image;
}

Image Images::get(const Caller& caller, std::string_view id) {
    return catalog_.read([&](catalog::Connection& db) { return find_visible(db, caller, Action::see_image, id); });
}

Image Images::get_anywhere(const Caller& caller, std::string_view id) {
    return catalog_.read([&](catalog::Connection& db) { return find_undeleted(db, caller, Action::see_image, id); });
}

std::vector<Image> Images::list(const Caller& caller, ImageQuery query) {
    require(caller, query.in_bin ? Action::list_bin : Action::list_images);
    limit_to_visible(caller, query);
    return catalog_.read([&](catalog::Connection& db) {
        check_marker(db, caller, query);
        return catalog::list_images(db, query);
    });
}

Image Images::change(const Caller& caller, std::string_view id, const Deed& deed,
                     const std::function<bool(Image&)>& work) {
    Image image;
    std::vector<catalog::LocationRemoval> removals;
    catalog_.write([&](catalog::Connection& db) {
        removals.clear();
        const Image before = find_visible(db, caller, deed.action, id);
        image = before;
        if (!work(image)) return;
        require_change(caller, &before, image);
        // An image may stay above a quota that was lowered later, but must not grow.
        check_quotas(image,
                     {.properties = std::max<std::uint64_t>(options_.quotas.properties, before.properties.size()),
                      .tags = std::max<std::uint64_t>(options_.quotas.tags, before.tags.size()),
                      .locations = std::max<std::uint64_t>(options_.quotas.locations, before.locations.size())});
        image.updated_at = clock_.now_us();
        catalog::update_image_row(db, image);
        catalog::update_properties(db, image);
        catalog::update_tags(db, image);
        if (image.locations != before.locations) {
            require(caller, Action::change_locations);
            removals = Locations::store(db, caller, before, image, image.updated_at);
        }
        if (image.owner != before.owner) quotas_.require_images(db, image.number);
        if (image.owner != before.owner || image.size != before.size) quotas_.require_bytes(db, image.number);
        catalog::record_event(db, done_by(caller, image.updated_at, deed.name, image.id, image.owner, deed.detail));
    });
    locations_.remove_bytes(removals);
    return image;
}

Image Images::update(const Caller& caller, std::string_view id, std::vector<AttributeChange> changes) {
    const Deed deed{Action::update_image, "image.update", joined(changes, ", ", &AttributeChange::attribute)};
    const bool is_about_locations = touches_locations(changes);
    if (is_about_locations) locations_.prepare(caller, id, changes);
    return change(caller, id, deed, [&](Image& image) {
        if (is_about_locations) locations_.recognise(image, changes);
        apply_changes(image, changes);
        return !changes.empty();
    });
}

void Images::add_tag(const Caller& caller, std::string_view id, const std::string& tag) {
    check_tag(tag);
    change(caller, id, {Action::update_image, "image.add_tag", tag}, [&](Image& image) {
        const auto before = image.tags.size();
        reprieve::add_tag(image, tag);
        return image.tags.size() != before;
    });
}

void Images::remove_tag(const Caller& caller, std::string_view id, const std::string& tag) {
    change(caller, id, {Action::update_image, "image.remove_tag", tag}, [&](Image& image) {
        if (!reprieve::remove_tag(image, tag))
            throw Error(ErrorKind::not_found, "the image " + image.id + " has no tag '" + tag + "'");
        return true;
    });
}

void Images::deactivate(const Caller& caller, std::string_view id) {
    set_active(caller, {Action::deactivate_image, "image.deactivate", ""}, id, Status::deactivated);
}

void Images::reactivate(const Caller& caller, std::string_view id) {
    set_active(caller, {Action::reactivate_image, "image.reactivate", ""}, id, Status::active);
}

void Images::set_active(const Caller& caller, const Deed& deed, std::string_view id, Status to) {
    change(caller, id, deed, [&](Image& image) {
        if (image.status == to) return false;
        if (!has_data(image))
            throw Error(ErrorKind::forbidden, "the image " + image.id + " is " + std::string(to_string(image.status)) +
                                                  ": only an active image can be deactivated, and only a "
                                                  "deactivated one reactivated");
        image.status = to;
        return true;
    });
}

void Images::remove(const Caller& caller, std::string_view id) {
    Image image;
    catalog_.write([&](catalog::Connection& db) {
        image = find_visible(db, caller, Action::delete_image, id);
        if (image.is_protected)
            throw Error(ErrorKind::forbidden, "Image " + image.id + " is protected and cannot be deleted.");
        const std::int64_t now = guard_.observe(db);
        const std::int64_t retention = options_.delayed_delete ? options_.scrub_time_us : 0;
        image.deletion = deletion_at(now, retention);
        image.deletion->deleted_by = caller.user_name;
        image.deletion->deleted_from = image.status;
        image.deletion->in_bin = options_.delayed_delete && has_data(image);
        image.status = has_data(image) ? Status::pending_delete : Status::deleted;
        catalog::update_image_row(db, image);
        catalog::record_event(db, done_by(caller, now, "image.delete", image.id, image.owner,
                                          image.deletion->in_bin ? "into the recycle bin" : "permanently"));
    });
    if (image.status == Status::deleted)
        uploads_.cancel(image.id);
    else
        scrubber_.falls_due(image.deletion->scrub_after);
}

}  // namespace reprieve::service
