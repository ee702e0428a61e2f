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

/// Downloads of image data. Any thread may call.
class Downloads {
public:
    /// `max`: maximum number of downloads at a time.
    Downloads(catalog::Catalog& catalog, store::StoreSet& stores, AuditTrail& audit, const Clock& clock,
              std::size_t max)
        : catalog_(catalog), stores_(stores), audit_(audit), clock_(clock), max_(max) {}

    /// Image whose data is open for reading. While the object exists, it counts as a running download, unless the image
    /// has no data. Only one thread may use it.
    class Opened {
    public:
        const Image& image() const { return image_; }
        bool has_data() const { return reader_ != nullptr; }

        // The functions below require has_data().
        std::uint64_t size() const { return reader_->size(); }

        /// Prepares reading from `offset`. If that is not 0, skips copies of the image that can only be read from their
        /// beginning. Throws bad_request if no other copy is left, and the error of a copy that cannot be opened.
        void start_at(std::uint64_t offset);

        /// Fills `out` from `offset` and returns the number of bytes read, at least one. If a copy of the image fails,
        /// or ends too early, continues with the next copy. After the first byte was read, continues only with a copy
        /// that is known to have the same bytes. Throws the error of the failed copy (unavailable, internal) if no
        /// other copy is left. Requires: `out` is not empty.
        std::size_t read(std::uint64_t offset, std::span<std::byte> out);

    private:
        friend class Downloads;
        bool open_next();

        Caller caller_;
        Image image_;
        store::StoreSet* stores_ = nullptr;
        std::deque<Location> untried_;
        Location copy_;           ///< the copy that is being read
        bool has_given_ = false;  ///< true once bytes were read, from `copy_` or an earlier copy
        std::unique_ptr<store::Reader> reader_;
        std::shared_ptr<void> slot_;
    };

    /// Opens the image's data in the first of its locations that works; has_data() of the result is false if the image
    /// has no data. Throws not_found; too_many_requests if the maximum number of downloads is running; forbidden if the
    /// caller may not download the image, or it is deactivated and the caller is no admin; unavailable if no location
    /// can be opened, or the length of the data has changed.
    Opened open(const Caller& caller, const std::string& id);

    /// Function that sends bytes to the client. Returns false once the client has disconnected.
    using Sink = std::function<bool(std::span<const std::byte>)>;

    /// Passes `length` bytes from `offset` to `sink`, in pieces, until all bytes are sent or `sink` returns false.
    /// Records the download in the audit trail, with the number of bytes sent. Throws as Opened::read() does.
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
