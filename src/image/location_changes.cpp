#include "image/location_changes.hpp"

#include <algorithm>
#include <charconv>

#include "base/error.hpp"

namespace reprieve {
namespace {

[[noreturn]] void refuse_change(ErrorKind kind, const std::string& message) { throw Error(kind, message); }

void require_status(const Image& image, const char* what, bool may_be_queued) {
    if (image.status == Status::active || (may_be_queued && image.status == Status::queued)) return;
    refuse_change(ErrorKind::conflict, std::string("It's not allowed to ") + what + " locations if image status is " +
                                           std::string(to_string(image.status)) + ".");
}

/// Returns the index that `position` names. "-" and every number above `last` mean `last`. Throws bad_request if
/// `position` is neither a number nor "-".
std::size_t place_of(const std::string& position, std::size_t last, const char* what) {
    std::size_t place = last;
    const char* const end = position.data() + position.size();
    if (position != "-") {
        const auto [stop, error] = std::from_chars(position.data(), end, place);
        if (error != std::errc() || stop != end)
            refuse_change(ErrorKind::bad_request, std::string("Invalid position for ") + what + " a location.");
    }
    return std::min(place, last);
}

/// Sets the digest `stored` to `given`, with Glance's rules: a digest that is already set must be equal to `given`, and
/// a digest can be set only while the image is queued. Otherwise throws conflict. Does nothing if `given` is empty.
void take_digest(const Image& image, std::optional<std::string>& stored, const std::string& given, const char* name) {
    if (given.empty() || stored == given) return;
    if (stored) refuse_change(ErrorKind::conflict, std::string(name) + " is already set with a different value");
    if (image.status != Status::queued)
        refuse_change(ErrorKind::conflict,
                      std::string("New value(s) for ") + name + " may only be provided when image status is 'queued'");
    stored = given;
}

void take_digests(Image& image, const VouchedDigests& digests) {
    take_digest(image, image.checksum, digests.checksum, "checksum");
    take_digest(image, image.os_hash_algo, digests.hash_algorithm, "os_hash_algo");
    take_digest(image, image.os_hash_value, digests.hash, "os_hash_value");
}

void take_size(Image& image, std::uint64_t size) {
    if (image.status == Status::queued && !image.size) image.size = size;
    if (image.size != size)
        refuse_change(ErrorKind::conflict, "the location has " + std::to_string(size) + " bytes, the image " +
                                               std::to_string(image.size.value_or(0)) + ": it is another image");
}

void insert(Image& image, std::size_t place, const NewLocation& added) {
    const auto is_same = [&](const Location& known) { return known.uri == added.uri && known.store == added.store; };
    if (std::any_of(image.locations.begin(), image.locations.end(), is_same))
        refuse_change(ErrorKind::bad_request, "the image has this location already");
    take_size(image, added.size);
    if (added.digests) take_digests(image, *added.digests);
    Location location{.store = added.store, .uri = added.uri, .state = Location::State::stored, .size = added.size};
    location.metadata = added.metadata;
    location.has_digest = added.digests && image.os_hash_value == added.digests->hash;
    image.locations.insert(image.locations.begin() + static_cast<std::ptrdiff_t>(place), std::move(location));
}

void become_active(Image& image) {
    if (image.status != Status::queued) return;
    if (!image.disk_format || !image.container_format)
        refuse_change(ErrorKind::bad_request,
                      "Properties disk_format, container_format must be set prior to saving data.");
    image.status = Status::active;
    image.status_reason.clear();
}

/// Returns true if `wanted` and the locations of `image` have the same stores and URIs, in any order.
bool is_permutation(const Image& image, const std::vector<NewLocation>& wanted) {
    const auto names = [](const auto& list) {
        std::vector<std::pair<std::string, std::string>> found;
        found.reserve(list.size());
        for (const auto& location : list) found.emplace_back(location.store, location.uri);
        std::sort(found.begin(), found.end());
        return found;
    };
    return names(image.locations) == names(wanted);
}

}  // namespace

void add_location(Image& image, const std::string& position, const NewLocation& location) {
    require_status(image, "add", true);
    insert(image, place_of(position, image.locations.size(), "adding"), location);
    become_active(image);
}

void replace_locations(Image& image, const std::vector<NewLocation>& locations) {
    if (locations.empty()) refuse_change(ErrorKind::forbidden, "Cannot set locations to empty list.");
    require_status(image, "replace", true);
    if (image.locations.empty()) {
        for (const NewLocation& location : locations) insert(image, image.locations.size(), location);
        return become_active(image);
    }
    if (!is_permutation(image, locations))
        refuse_change(
            ErrorKind::bad_request,
            "the image has other locations: replace can change their order and their metadata; add or remove others "
            "one by one");
    const std::vector<Location> before = std::move(image.locations);
    image.locations.clear();
    for (const NewLocation& wanted : locations) {
        if (wanted.digests) take_digests(image, *wanted.digests);
        const auto known = std::find_if(before.begin(), before.end(), [&](const Location& location) {
            return location.uri == wanted.uri && location.store == wanted.store;
        });
        image.locations.push_back(*known);
        image.locations.back().metadata = wanted.metadata;
    }
}

void remove_location(Image& image, const std::string& position) {
    require_status(image, "remove", false);
    if (image.locations.size() == 1) refuse_change(ErrorKind::forbidden, "Cannot remove last location in the image.");
    const std::size_t place = place_of(position, image.locations.size() - 1, "removing");
    image.locations.erase(image.locations.begin() + static_cast<std::ptrdiff_t>(place));
}

}  // namespace reprieve
