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

/// The recycle bin. Any thread may call. An id that is not in the bin, or not in that of the caller's project, throws
/// not_found; what the caller may not do (image/access.hpp) throws forbidden.
class Trash {
public:
    Trash(catalog::Catalog& catalog, Scrubber& scrubber, const Clock& clock)
        : catalog_(catalog), scrubber_(scrubber), clock_(clock) {}

    /// A page of what the caller may see of the bin; `query.in_bin` and `query.view` are set here.
    std::vector<Image> list(const Caller& caller, ImageQuery query);

    Image get(const Caller& caller, const std::string& id);

    /// Gives the image back as it was deleted. Throws conflict once a scrub has claimed it.
    Image restore(const Caller& caller, const std::string& id);

    enum class Purged { removed, running };

    /// Scrubs the image now, and waits at most `wait_us` for the end. Throws in_use or unavailable, with the stored
    /// reason, if the bytes could not be removed: the image stays in the bin, with the deadline that it had.
    Purged purge(const Caller& caller, const std::string& id, std::int64_t wait_us);

    /// Scrubs all that is in the bin, of the caller's project or of everybody, and waits at most `wait_us` for the end.
    Scrubber::Progress empty(const Caller& caller, bool everybody, std::int64_t wait_us);

private:
    catalog::Catalog& catalog_;
    Scrubber& scrubber_;
    const Clock& clock_;
};

}  // namespace reprieve::service
