#pragma once

#include <atomic>
#include <cstddef>
#include <memory>
#include <string>

#include "catalog/catalog.hpp"
#include "image/caller.hpp"
#include "image/image.hpp"
#include "store/store_set.hpp"

namespace reprieve::service {

/// The way of bytes out of an image. Any thread may call.
class Downloads {
public:
    Downloads(catalog::Catalog& catalog, store::StoreSet& stores, std::size_t max)
        : catalog_(catalog), stores_(stores), max_(max) {}

    /// An image and its open data; `reader` is null where it has none. Counts as a running download while it exists.
    struct Opened {
        Image image;
        std::unique_ptr<store::Reader> reader;
        std::shared_ptr<void> slot;
    };

    /// Throws not_found, too_many_requests where the most that may run are running, forbidden for a
    /// deactivated image unless an admin asks, unavailable where the bytes cannot be had.
    Opened open(const Caller& caller, const std::string& id);

private:
    std::shared_ptr<void> take_slot();

    catalog::Catalog& catalog_;
    store::StoreSet& stores_;
    const std::size_t max_;
    std::atomic<std::size_t> running_{0};
};

}  // namespace reprieve::service
