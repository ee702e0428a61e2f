#pragma once

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
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

    /// An image and its open data. Counts as a running download while it exists. Used by one thread.
    class Opened {
    public:
        const Image& image() const { return image_; }
        bool has_data() const { return reader_ != nullptr; }
        std::uint64_t size() const { return reader_->size(); }

        /// Fills `out` from `offset`; returns the bytes read, at least one. Throws unavailable where the data ends
        /// before its size.
        std::size_t read(std::uint64_t offset, std::span<std::byte> out);

    private:
        friend class Downloads;
        Image image_;
        std::unique_ptr<store::Reader> reader_;
        std::shared_ptr<void> slot_;
    };

    /// Throws not_found, too_many_requests where the most that may run are running, forbidden for a
    /// deactivated image unless an admin asks, unavailable where the bytes cannot be had or are not as many as they
    /// were.
    Opened open(const Caller& caller, const std::string& id);

private:
    std::shared_ptr<void> take_slot();

    catalog::Catalog& catalog_;
    store::StoreSet& stores_;
    const std::size_t max_;
    std::atomic<std::size_t> running_{0};
};

}  // namespace reprieve::service
