#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/clock.hpp"
#include "catalog/catalog.hpp"
#include "catalog/images/location_table.hpp"
#include "image/attributes.hpp"
#include "image/caller.hpp"
#include "service/bin/location_removals.hpp"
#include "store/store_set.hpp"

namespace reprieve::service {

/// Changes of an image's locations by clients: they register bytes that somebody else wrote, and remove copies. Any
/// thread may call.
class Locations {
public:
    struct Options {
        bool may_change = false;           ///< clients may change locations (images.show_multiple_locations)
        std::uint64_t image_size_cap = 0;  ///< maximum size of an image in bytes
        std::uint64_t quota = 10;          ///< maximum number of locations of one image, and in one update
    };

    Locations(catalog::Catalog& catalog, const store::StoreSet& stores, const Clock& clock, Options options);

    // An update that touches the locations of an image calls these four functions in this order.

    /// Finds the store of each new location and asks the store for the length of the bytes. Call it before the
    /// transaction, because it can block until the store's timeout. A store fits if it accepts such a URL, or if the
    /// URL is the one that the image itself would have in the store. Nova, for example, writes the bytes into Ceph
    /// under that URL before it registers the location. Throws not_found and forbidden as find_visible() does;
    /// forbidden if locations may not be changed; bad_request if no store fits or there are no bytes; too_large beyond
    /// `quota` or `image_size_cap`; unavailable if the store does not answer.
    void prepare(const Caller& caller, std::string_view id, std::vector<AttributeChange>& changes) const;

    /// Fills in the locations in `changes` that the image already has. Call it in the transaction, before the changes
    /// are applied. Throws conflict if such a location was removed since prepare().
    void recognise(const Image& image, std::vector<AttributeChange>& changes) const;

    /// Stores the locations of `after`, the image with the changes applied. Records in the audit trail which locations
    /// were added to the image `before`, and which were removed from it. Call it in the transaction that changes the
    /// image. Returns the removals for remove_bytes().
    static std::vector<catalog::LocationRemoval> store(catalog::Connection& db, const Caller& caller,
                                                       const Image& before, Image& after, std::int64_t now_us);

    /// Removes the bytes of the locations that store() has removed. Call it after the transaction. The scrubber retries
    /// failed removals.
    void remove_bytes(const std::vector<catalog::LocationRemoval>& removals) noexcept;

    /// Removes an image from a store. Throws not_found if the image is not there; forbidden if it is in no other store
    /// or the caller may not do it; conflict if it is not active or there is no such store. If the store cannot remove
    /// the bytes, throws the store's error (in_use, unavailable) and restores the location of the image, unless the
    /// store may have removed a part of the bytes.
    void remove_from_store(const Caller& caller, const std::string& store, std::string_view id);

private:
    void choose_store(const std::string& image_id, NewLocation& location) const;
    bool is_own(const std::string& store, const std::string& image_id, NewLocation& location) const;
    void look_at(NewLocation& location) const;
    void put_back(const Caller& caller, const std::string& id, const std::vector<Location>& before,
                  const std::vector<catalog::LocationRemoval>& left, const Error& reason);

    catalog::Catalog& catalog_;
    const store::StoreSet& stores_;
    const Clock& clock_;
    const Options options_;
    LocationRemovals removals_;
};

/// Returns the URL by which other services know the bytes of a location; the stored URI if its store is no longer
/// configured.
std::string public_url(const store::StoreSet& stores, const Location& location);

}  // namespace reprieve::service
