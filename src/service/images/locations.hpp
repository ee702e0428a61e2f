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

/// Where the bytes of an image are, as far as clients change that: bytes that somebody else wrote are registered, and
/// copies are given up. Any thread may call.
class Locations {
public:
    struct Options {
        bool may_change = false;           ///< images.show_multiple_locations
        std::uint64_t image_size_cap = 0;  ///< bytes
        std::uint64_t quota = 10;          ///< of one image; and no more are looked at for one update
    };

    Locations(catalog::Catalog& catalog, const store::StoreSet& stores, const Clock& clock, Options options);

    // An update of an image whose changes touch its locations, in four steps.

    /// Before the transaction: finds the store of every new location, and has it look at the bytes, which may take as
    /// long as that store waits for anybody. It is one that takes such an address, or one in which bytes lie already
    /// under the image's own name, as Nova leaves them in Ceph. Throws not_found and forbidden as find_visible() does,
    /// forbidden too where locations are not to be changed, bad_request for a location that no store takes or where
    /// there are no bytes, too_large, unavailable.
    void prepare(const Caller& caller, std::string_view id, std::vector<AttributeChange>& changes) const;

    /// In the transaction, before the changes are applied: finds the locations among them that the image has already.
    /// Throws conflict where that cannot be told any more.
    void recognise(const Image& image, std::vector<AttributeChange>& changes) const;

    /// In the transaction, after that: stores the locations of `after`, which was `before`, and records what was done.
    static std::vector<catalog::LocationRemoval> store(catalog::Connection& db, const Caller& caller,
                                                       const Image& before, Image& after, std::int64_t now_us);

    /// Behind the transaction: removes the bytes. What cannot be removed now is tried again by the scrubber.
    void remove_bytes(const std::vector<catalog::LocationRemoval>& removals) noexcept;

    /// Removes an image from a store. Throws not_found where it is not there, forbidden where it is nowhere else or the
    /// caller may not, conflict where it is not active or there is no such store; and in_use or unavailable where the
    /// store does not remove it: then the image keeps it.
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

/// What other services call the bytes of a location; the URI as it is stored where its store is not configured any
/// more.
std::string public_url(const store::StoreSet& stores, const Location& location);

}  // namespace reprieve::service
