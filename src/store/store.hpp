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

/// Error of a removal that was interrupted. Some bytes may be gone, so the removal can only be continued.
class HalfRemoved : public Error {
public:
    explicit HalfRemoved(const std::string& message) : Error(ErrorKind::unavailable, message) {}
};

/// Writer of one image into a store. Used by one thread at a time. Destroying it before commit() has returned removes
/// all that was written.
class Writer {
public:
    virtual ~Writer() = default;

    /// Appends bytes. The caller may reuse the buffer after the return. All calls except the last should pass multiples
    /// of Store::block_bytes in memory aligned to it; others are slower. Throws storage_full, unavailable, internal.
    virtual void write(std::span<const std::byte> bytes) = 0;

    /// Makes the image durable and visible under its URI. Readers see nothing of it earlier. Throws as write() does;
    /// then all that was written is removed, at the latest on destruction.
    virtual void commit() = 0;
};

/// Open image in a store. Any thread may call. The bytes stay readable while this exists, even if a client removes the
/// image.
class Reader {
public:
    virtual ~Reader() = default;

    /// Returns the length of the image in bytes.
    virtual std::uint64_t size() const = 0;

    /// Returns false if reads must begin at offset 0 and continue from there.
    virtual bool gives_parts() const { return true; }

    /// Fills `out` with the bytes from `offset` on. Returns the bytes read: fewer than the size of `out` only at the
    /// end. Throws unavailable or internal.
    virtual std::size_t read(std::uint64_t offset, std::span<std::byte> out) = 0;
};

/// Space reserved in a store for an image whose bytes come later. Destruction releases it. The store must outlive it.
class Hold {
public:
    virtual ~Hold() = default;
};

/// One object in a store, for a comparison with the catalog.
struct StoredObject {
    std::string uri;
    std::string image_id;         ///< id of the image as the URI tells it; empty if temporary
    std::uint64_t size = 0;       ///< length of the image in bytes
    std::uint64_t allocated = 0;  ///< bytes of space that it uses; less than `size` if sparse
    bool is_temporary = false;    ///< true for an unfinished upload
};

/// Space of a store, in bytes.
struct Space {
    std::uint64_t total = 0;
    std::uint64_t available = 0;  ///< for new uploads: without reservations and the reserve
};

/// Interface of a place that keeps the bytes of images. Any thread may call. `uri` is a result of uri_for() or a
/// location that the store takes (takes_location()); any other URI throws not_found. If the store cannot be reached,
/// all functions throw unavailable.
class Store {
public:
    /// Alignment in bytes at which Writer::write() is fastest.
    static constexpr std::size_t block_bytes = 4096;

    virtual ~Store() = default;

    /// Returns true if the store takes no uploads, only registered locations.
    virtual bool is_read_only() const { return false; }

    /// Returns whether an admin may register `uri` as a location in this store, for bytes that somebody else wrote.
    /// Looks only at the form of the URI.
    virtual bool takes_location(const std::string& uri) const {
        static_cast<void>(uri);
        return false;
    }

    /// Returns the address under which other services know the bytes: the direct_url of the Image API.
    virtual std::string public_url(const std::string& uri) const { return uri; }

    /// Returns the URI that an image of this id (a canonical UUID) will have. Writes nothing. Throws bad_request if the
    /// store is read-only.
    virtual std::string uri_for(const std::string& image_id) const = 0;

    /// Starts to write an image. `size`: declared length in bytes, nullopt if unknown. A store that accounts for its
    /// space reserves `size` here, and throws storage_full if that is not available. The new image replaces whatever is
    /// stored under the URI, at the latest at commit().
    virtual std::unique_ptr<Writer> create(const std::string& uri, std::optional<std::uint64_t> size) = 0;

    /// Reserves space for an image of `size` bytes. The caller must release it just before create(), which makes its
    /// own reservation. Returns null if the store does not account for its space. Throws storage_full.
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
    /// returned. So the cost of durability is paid once for many removals. The caller must not record the bytes as gone
    /// before the flush.
    virtual std::optional<std::uint64_t> remove_unflushed(const std::string& uri) { return remove(uri); }

    /// Makes every remove_unflushed() durable that returned before this call. Throws internal; then it must be called
    /// again.
    virtual void flush_removals() {}

    /// Returns the length of one image and the space that it uses. Throws not_found.
    virtual StoredObject stat(const std::string& uri) = 0;

    /// Calls `visit` with every object in the store, in no order. Objects that are written or removed during the call
    /// may be missed.
    virtual void list(const std::function<void(const StoredObject&)>& visit) = 0;

    /// Removes the unfinished uploads of an earlier process. Called once, before the first create(). Returns their
    /// number.
    virtual std::size_t remove_temporary() = 0;

    /// Returns the space of the store; all 0 if it is read-only.
    virtual Space space() = 0;
};

}  // namespace reprieve::store
