#pragma once

#include <string>
#include <vector>

#include "base/clock.hpp"
#include "catalog/catalog.hpp"
#include "image/caller.hpp"
#include "image/image.hpp"
#include "image/image_query.hpp"
#include "service/bin/scrubber.hpp"

namespace reprieve::service {

/// Recycle bin, as its users see it. Any thread may call. All functions throw not_found for an image that is not in the
/// bin or is hidden from the caller, and forbidden if the caller may not do the action (image/access.hpp).
class Trash {
public:
    Trash(catalog::Catalog& catalog, Scrubber& scrubber, const Clock& clock)
        : catalog_(catalog), scrubber_(scrubber), clock_(clock) {}

    /// Returns one page of the images in the bin that the caller may see. Sets `query.in_bin` and `query.view` itself.
    /// Throws bad_request if `query.marker`, the image after which the page starts, is not an image that the caller may
    /// see in the bin.
    std::vector<Image> list(const Caller& caller, ImageQuery query);

    Image get(const Caller& caller, const std::string& id);

    /// Restores the image as it was before its delete, and returns it. Throws conflict once a scrub has claimed it.
    Image restore(const Caller& caller, const std::string& id);

    /// Result of purge(): the image is removed, or the pass still runs.
    enum class Purged { removed, running };

    /// Scrubs the image now and waits at most `wait_us` microseconds for the end. Throws in_use or unavailable, with
    /// the stored reason, if the bytes could not be removed: the image then stays in the bin and keeps its deadline.
    Purged purge(const Caller& caller, const std::string& id, std::int64_t wait_us);

    /// Scrubs all images in the bin of the caller's project, or of all projects if `everybody`. Waits at most `wait_us`
    /// microseconds for the end.
    Scrubber::Progress empty(const Caller& caller, bool everybody, std::int64_t wait_us);

private:
    catalog::Catalog& catalog_;
    Scrubber& scrubber_;
    const Clock& clock_;
};

}  // namespace reprieve::service
