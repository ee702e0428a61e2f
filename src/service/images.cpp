#include "service/images.hpp"

#include <algorithm>
#include <functional>

#include "base/error.hpp"
#include "base/log.hpp"
#include "base/uuid.hpp"
#include "catalog/image_table.hpp"
#include "service/find_image.hpp"
#include "service/scrubber.hpp"

namespace reprieve::service {
namespace {

bool has_data(const Image& image) { return image.status == Status::active || image.status == Status::deactivated; }

}  // namespace

Images::Images(catalog::Catalog& catalog, const Clock& clock, ClockGuard& guard, RunningUploads& uploads,
               Scrubber& scrubber, Options options)
    : catalog_(catalog), clock_(clock), guard_(guard), uploads_(uploads), scrubber_(scrubber), options_(options) {}

Image Images::create(const Caller& caller, Image image) {
    check_quotas(image, options_.quotas);
    if (image.id.empty()) image.id = new_uuid();
    if (image.owner.empty()) image.owner = caller.project;
    image.status = Status::queued;
    image.created_at = image.updated_at = clock_.now_us();
    catalog_.write([&](catalog::Connection& db) { catalog::insert_image(db, image); });
    log_info("image.created", {{"image", image.id}, {"by", caller.user}});
    return image;
}

Image Images::get(const Caller&, std::string_view id) {
    Image image;
    catalog_.read([&](catalog::Connection& db) { image = find_visible(db, id); });
    return image;
}

Image Images::get_anywhere(const Caller&, std::string_view id) {
    Image image;
    catalog_.read([&](catalog::Connection& db) { image = find_undeleted(db, id); });
    return image;
}

std::vector<Image> Images::list(const Caller&, const ImageQuery& query) {
    std::vector<Image> images;
    catalog_.read([&](catalog::Connection& db) { images = catalog::list_images(db, query); });
    return images;
}

Image Images::change(std::string_view id, const std::function<bool(Image&)>& work) {
    Image image;
    catalog_.write([&](catalog::Connection& db) {
        image = find_visible(db, id);
        const auto properties = image.properties.size();
        const auto tags = image.tags.size();
        if (!work(image)) return;
        // What is beyond a quota that was lowered since may stay, and become less.
        check_quotas(image, {.properties = std::max<std::uint64_t>(options_.quotas.properties, properties),
                             .tags = std::max<std::uint64_t>(options_.quotas.tags, tags)});
        image.updated_at = clock_.now_us();
        catalog::update_image_row(db, image);
        catalog::update_properties(db, image);
        catalog::update_tags(db, image);
    });
    return image;
}

Image Images::update(const Caller&, std::string_view id, const std::vector<AttributeChange>& changes) {
    return change(id, [&](Image& image) {
        apply_changes(image, changes);
        return !changes.empty();
    });
}

void Images::add_tag(const Caller&, std::string_view id, const std::string& tag) {
    check_tag(tag);
    change(id, [&](Image& image) {
        const auto before = image.tags.size();
        reprieve::add_tag(image, tag);
        return image.tags.size() != before;
    });
}

void Images::remove_tag(const Caller&, std::string_view id, const std::string& tag) {
    change(id, [&](Image& image) {
        if (!reprieve::remove_tag(image, tag))
            throw Error(ErrorKind::not_found, "the image " + image.id + " has no tag '" + tag + "'");
        return true;
    });
}

void Images::deactivate(const Caller&, std::string_view id) { set_active(id, Status::deactivated); }
void Images::reactivate(const Caller&, std::string_view id) { set_active(id, Status::active); }

void Images::set_active(std::string_view id, Status to) {
    change(id, [&](Image& image) {
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
        image = find_visible(db, id);
        if (image.is_protected)
            throw Error(ErrorKind::forbidden, "Image " + image.id + " is protected and cannot be deleted.");
        const std::int64_t now = guard_.observe(db);
        const std::int64_t retention = options_.delayed_delete ? options_.scrub_time_us : 0;
        image.deletion = Deletion{.deleted_at = now,
                                  .deleted_by = caller.user,
                                  .deleted_from = image.status,
                                  .scrub_after = now + retention,
                                  .retention = retention,
                                  .in_bin = options_.delayed_delete && has_data(image)};
        image.status = has_data(image) ? Status::pending_delete : Status::deleted;
        catalog::update_image_row(db, image);
    });
    log_info("image.deleted", {{"image", image.id}, {"by", caller.user}, {"in_bin", image.deletion->in_bin}});
    if (image.status == Status::deleted)
        uploads_.cancel(image.id);
    else
        scrubber_.falls_due(image.deletion->scrub_after);
}

}  // namespace reprieve::service
