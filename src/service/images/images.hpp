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

/// What happens to images as records: create, look at, change, delete. Any thread may call.
///
/// An id that is malformed, unknown, deleted, in the bin or hidden from the caller throws not_found: to the Image API
/// an image in the bin is gone. What the caller may not do (image/access.hpp) throws forbidden.
class Images {
public:
    struct Options {
        AttributeQuotas quotas;
        bool delayed_delete = true;
        std::int64_t scrub_time_us = 0;
    };

    Images(catalog::Catalog& catalog, const Clock& clock, ClockGuard& guard, RunningUploads& uploads,
           Scrubber& scrubber, const Quotas& quotas, Locations& locations, Options options);

    /// Stores a new image, status queued, with a new id where it has none and the caller's project where it
    /// has no owner. Throws conflict where the id was ever used, and too_large beyond the limits on images.
    Image create(const Caller& caller, Image image);

    Image get(const Caller& caller, std::string_view id);

    /// The same, also of an image in the bin or on its way out.
    Image get_anywhere(const Caller& caller, std::string_view id);

    /// What the caller may see of it; `query.view` is set here. Throws bad_request for a marker that it may not see.
    std::vector<Image> list(const Caller& caller, ImageQuery query);

    /// Applies all changes or none. No change at all leaves updated_at as it is. A new owner must have room for the
    /// image: throws too_large beyond the limits. For locations see service/images/locations.hpp.
    Image update(const Caller& caller, std::string_view id, std::vector<AttributeChange> changes);

    void add_tag(const Caller& caller, std::string_view id, const std::string& tag);
    void remove_tag(const Caller& caller, std::string_view id, const std::string& tag);

    /// active → deactivated and back; nothing to do is fine, any other status throws forbidden.
    void deactivate(const Caller& caller, std::string_view id);
    void reactivate(const Caller& caller, std::string_view id);

    /// Deletes: into the bin where there is data and delayed_delete is on; due at once where it is off; away at
    /// once where there is no data. One transaction that changes the image's row alone. A protected image throws
    /// forbidden.
    void remove(const Caller& caller, std::string_view id);

private:
    /// What is done to an image: for the rules, and for the audit trail.
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
