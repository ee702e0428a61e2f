#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/clock.hpp"
#include "catalog/catalog.hpp"
#include "image/access.hpp"
#include "image/attributes.hpp"
#include "image/caller.hpp"
#include "image/image.hpp"
#include "image/image_query.hpp"
#include "service/clock_guard.hpp"
#include "service/images/locations.hpp"
#include "service/quotas.hpp"
#include "service/uploads/running_uploads.hpp"

namespace reprieve::service {

class Scrubber;

/// Records of images: create, read, change, delete. Any thread may call.
///
/// All functions throw not_found for an image that is unknown, deleted, in the bin or hidden from the caller, and for a
/// malformed id: for the Image API an image in the bin is gone. They throw forbidden if the caller may not do the
/// action (image/access.hpp).
class Images {
public:
    struct Options {
        AttributeQuotas quotas;
        bool delayed_delete = true;      ///< false: a deleted image is due for its scrub at once
        std::int64_t scrub_time_us = 0;  ///< retention of a deleted image if `delayed_delete` is set
    };

    Images(catalog::Catalog& catalog, const Clock& clock, ClockGuard& guard, RunningUploads& uploads,
           Scrubber& scrubber, const Quotas& quotas, Locations& locations, Options options);

    /// Stores a new image with status queued and returns it. If `image` has no id, sets a new one. If `image` has no
    /// owner, sets the caller's project as the owner. Throws conflict if the id was ever used; too_large beyond the
    /// limits on images, properties and tags; forbidden if the image has no owner and the caller has no project.
    Image create(const Caller& caller, Image image);

    Image get(const Caller& caller, std::string_view id);

    /// Returns the image like get(), but also if it is in the bin or being scrubbed.
    Image get_anywhere(const Caller& caller, std::string_view id);

    /// Returns one page of the images that the caller may see. Sets `query.view` itself. Throws bad_request if
    /// `query.marker`, the image after which the page starts, is not an image that the caller may see.
    std::vector<Image> list(const Caller& caller, ImageQuery query);

    /// Applies all changes or none, and returns the image. An empty list of changes leaves updated_at as it is. Throws
    /// too_large if a new owner has no room for the image. For changes of locations see service/images/locations.hpp.
    Image update(const Caller& caller, std::string_view id, std::vector<AttributeChange> changes);

    void add_tag(const Caller& caller, std::string_view id, const std::string& tag);
    void remove_tag(const Caller& caller, std::string_view id, const std::string& tag);

    /// Changes the status from active to deactivated, or back. Idempotent. Throws forbidden for any other status.
    void deactivate(const Caller& caller, std::string_view id);
    void reactivate(const Caller& caller, std::string_view id);

    /// Deletes the image in one transaction that changes only its row. An image with data goes into the bin if
    /// `delayed_delete` is set; otherwise it is due for its scrub at once. An image without data is deleted at once,
    /// and an upload to it is cancelled. Throws forbidden for a protected image.
    void remove(const Caller& caller, std::string_view id);

private:
    /// Action on an image: `action` for the access rules, `name` and `detail` for the audit trail.
    struct Deed {
        Action action;
        std::string name, detail;
    };
    Image change(const Caller& caller, std::string_view id, const Deed& deed, const std::function<bool(Image&)>& work);
    void set_active(const Caller& caller, const Deed& deed, std::string_view id, Status to);

    catalog::Catalog& catalog_;
    const Clock& clock_;
    ClockGuard& guard_;
    RunningUploads& uploads_;
    Scrubber& scrubber_;
    const Quotas& quotas_;
    Locations& locations_;
    Options options_;
};

}  // namespace reprieve::service
