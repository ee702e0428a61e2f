#pragma once

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <functional>
#include <memory>
#include <span>
#include <string>

#include "catalog/catalog.hpp"
#include "image/caller.hpp"
#include "image/image.hpp"
#include "service/operation/audit_trail.hpp"
#include "store/store_set.hpp"

namespace reprieve::service {

/// The way of bytes out of an image. Any thread may call.
class Downloads {
public:
    Downloads(catalog::Catalog& catalog, store::StoreSet& stores, AuditTrail& audit, const Clock& clock,
              std::size_t max)
        : catalog_(catalog), stores_(stores), audit_(audit), clock_(clock), max_(max) {}

    /// An image and its open data. Counts as a running download while it exists. Used by one thread.
    class Opened {
    public:
        const Image& image() const { return image_; }
        bool has_data() const { return reader_ != nullptr; }
        std::uint64_t size() const { return reader_->size(); }

        /// Sees to it that reading can begin there. Throws bad_request where no copy gives parts.
        void start_at(std::uint64_t offset);

        /// Fills `out` from `offset`; returns the bytes read, at least one. Where a copy fails, the next one goes on:
        /// behind the first byte only one that is known to be the same. Throws unavailable where none is left, and
        /// where the data ends before its size.
        std::size_t read(std::uint64_t offset, std::span<std::byte> out);

    private:
        friend class Downloads;
        bool open_next();

        Caller caller_;
        Image image_;
        store::StoreSet* stores_ = nullptr;
        std::deque<Location> untried_;
        Location copy_;           ///< the one that is read
        bool has_given_ = false;  ///< bytes of it, or of one before
        std::unique_ptr<store::Reader> reader_;
        std::shared_ptr<void> slot_;
    };

    /// Throws not_found, too_many_requests where the most that may run are running, forbidden where the caller may not,
    /// which for a deactivated image is everybody but an admin, unavailable where the bytes of no location can be had,
    /// or they are not as many as they were.
    Opened open(const Caller& caller, const std::string& id);

    /// Takes bytes to the client; false once it is gone.
    using Sink = std::function<bool(std::span<const std::byte>)>;

    /// Gives a part of the image to `sink`, in pieces, until the sink is gone, and records the download, with what was
    /// sent. Throws as Opened::read() does.
    void send(Opened& opened, std::uint64_t offset, std::uint64_t length, const Sink& sink);

private:
    std::shared_ptr<void> take_slot();
    void record(const Opened& opened, std::uint64_t sent, std::uint64_t length);

    catalog::Catalog& catalog_;
    store::StoreSet& stores_;
    AuditTrail& audit_;
    const Clock& clock_;
    const std::size_t max_;
    std::atomic<std::size_t> running_{0};
};

}  // namespace reprieve::service
