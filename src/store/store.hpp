#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "base/error.hpp"

namespace reprieve::store {

/// Error of a removal: something else still needs the bytes. The caller should retry later.
class InUse : public Error {
public:
    /// `by`: the things that need the bytes, each a few words without commas, such as "the clone volumes/disk-1".
    InUse(const std::string& message, std::vector<std::string> by)
        : Error(ErrorKind::in_use, message), by_(std::move(by)) {}

    const std::vector<std::string>& by() const { return by_; }

private:
    std::vector<std::string> by_;
};

/// Error of a removal that stopped halfway. Some bytes may be gone, so the image is lost, and the caller can only
/// repeat the removal.
class HalfRemoved : public Error {
public:
    explicit HalfRemoved(const std::string& message) : Error(ErrorKind::unavailable, message) {}
};

/// Writer of one image into a store. Only one thread at a time may use it. Destruction removes all that was written,
/// unless commit() has succeeded.
class Writer {
public:
    virtual ~Writer() = default;

    /// Appends bytes. The caller may reuse the memory after the return. It is fastest if each call except the last
    /// passes a multiple of Store::block_bytes bytes, in memory that is aligned to Store::block_bytes. Throws
    /// storage_full, unavailable, internal.
    virtual void write(std::span<const std::byte> bytes) = 0;

    /// Makes the image durable and visible under its URI. Before commit(), readers do not see the image. Throws as
    /// write() does; then all that was written is removed, at the latest on destruction.
    virtual void commit() = 0;
};

/// Open image in a store. Any thread may call. The bytes stay readable while this object exists, even if a client
/// removes the image.
class Reader {
public:
    virtual ~Reader() = default;

    /// Returns the length of the image in bytes.
    virtual std::uint64_t size() const = 0;

    /// Returns false if the image can be read only in order: the first read begins at offset 0, each other one where
    /// the last read ended.
    virtual bool gives_parts() const { return true; }

    /// Fills `out` with the bytes from `offset` on. Returns the bytes read: fewer than the size of `out` only at the
    /// end of the image. Throws unavailable or internal.
    virtual std::size_t read(std::uint64_t offset, std::span<std::byte> out) = 0;
};

/// Reservation of space in a store for an image whose bytes come later. Destruction releases the space. The store must
/// outlive the reservation.
class Hold {
public:
    virtual ~Hold() = default;
};

/// One object in a store: the bytes of an image, or of an unfinished upload.
struct StoredObject {
    std::string uri;
    std::string image_id;         ///< image id that the URI contains; empty if it contains none
    std::uint64_t size = 0;       ///< length of the image in bytes
    std::uint64_t allocated = 0;  ///< bytes of space in the store; less than `size` if there are holes
    bool is_temporary = false;    ///< true for an unfinished upload
};

/// Space of a store, in bytes.
struct Space {
    std::uint64_t total = 0;
    std::uint64_t available = 0;  ///< for new uploads: free space minus reservations and a fixed reserve
};

/// Interface of a place that keeps the bytes of images. Any thread may call. In all functions `uri` is a result of
/// uri_for(), or a location for which takes_location() is true; they throw not_found for any other URI. All functions
/// throw unavailable if they need the store and it cannot be reached.
class Store {
public:
    /// Alignment in bytes at which Writer::write() is fastest.
    static constexpr std::size_t block_bytes = 4096;

    virtual ~Store() = default;

    /// Returns true if the store takes no uploads, but only reads bytes that somebody else wrote, at locations that an
    /// admin registers.
    virtual bool is_read_only() const { return false; }

    /// Returns whether an admin may register `uri` as a location in this store, for bytes that somebody else wrote.
    /// Looks only at the form of the URI, not at the bytes.
    virtual bool takes_location(const std::string& uri) const {
        static_cast<void>(uri);
        return false;
    }

    /// Returns the URL that other services use for the bytes at `uri`: the direct_url of the Image API.
    virtual std::string public_url(const std::string& uri) const { return uri; }

    /// Returns the URI that an image with this id (a canonical UUID) has, or would have, in the store. Writes nothing.
    /// Throws bad_request if the store is read-only.
    virtual std::string uri_for(const std::string& image_id) const = 0;

    /// Starts to write an image. `size`: declared length in bytes, nullopt if unknown. A store that keeps account of
    /// its space reserves `size` bytes here, and throws storage_full if they are not available. The new image replaces
    /// whatever is stored under the URI, at the latest at commit().
    virtual std::unique_ptr<Writer> create(const std::string& uri, std::optional<std::uint64_t> size) = 0;

    /// Reserves space for an image of `size` bytes. The caller must destroy the result just before it calls create(),
    /// which makes its own reservation. Returns null if the store does not keep account of its space. Throws
    /// storage_full.
    virtual std::unique_ptr<Hold> hold(std::uint64_t size) {
        static_cast<void>(size);
        return nullptr;
    }

    /// Opens an image for reading. Throws not_found if there is none.
    virtual std::unique_ptr<Reader> open(const std::string& uri) = 0;

    /// Removes the bytes durably. Returns the bytes of space that were freed; nullopt if there was nothing to remove.
    /// Throws InUse if something else still needs the bytes; HalfRemoved if some bytes may be gone. After any other
    /// error every byte is still there.
    virtual std::optional<std::uint64_t> remove(const std::string& uri) = 0;

    /// Removes the bytes as remove() does, except that a power cut can bring them back until flush_removals() has
    /// returned. Many removals can thus share the cost of one flush. The caller must not record the bytes as gone
    /// before the flush.
    virtual std::optional<std::uint64_t> remove_unflushed(const std::string& uri) { return remove(uri); }

    /// Makes all removals durable whose remove_unflushed() returned before this call. Throws internal; the caller must
    /// then call it again.
    virtual void flush_removals() {}

    /// Returns the length of one image and the space that it uses. Throws not_found.
    virtual StoredObject stat(const std::string& uri) = 0;

    /// Calls `visit` with every object in the store, in no particular order. Objects that are written or removed during
    /// the call may be missed.
    virtual void list(const std::function<void(const StoredObject&)>& visit) = 0;

    /// Removes the unfinished uploads of an earlier process. Call it once, before the first create(). Returns their
    /// number.
    virtual std::size_t remove_temporary() = 0;

    /// Returns the space of the store; all 0 if it is read-only.
    virtual Space space() = 0;
};

}  // namespace reprieve::store
