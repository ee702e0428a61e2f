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

/// Something else still needs the bytes: a removal that is to be tried again later.
class InUse : public Error {
public:
    /// `by`: what needs them, a few words each, without commas: "the clone volumes/disk-1".
    InUse(const std::string& message, std::vector<std::string> by)
        : Error(ErrorKind::in_use, message), by_(std::move(by)) {}

    const std::vector<std::string>& by() const { return by_; }

private:
    std::vector<std::string> by_;
};

/// A removal that had begun and was cut off: some bytes may be gone already, and only the rest of the removal is left.
class HalfRemoved : public Error {
public:
    explicit HalfRemoved(const std::string& message) : Error(ErrorKind::unavailable, message) {}
};

/// One image's bytes on their way into a store. Used by one thread at a time. Destroying it before commit()
/// has returned removes all that was written.
class Writer {
public:
    virtual ~Writer() = default;

    /// Adds bytes at the end. The buffer is free again on return. All but the last call should bring
    /// whole multiples of block_bytes from memory that is aligned to it: other shapes work, more slowly.
    /// Throws storage_full, unavailable, internal.
    virtual void write(std::span<const std::byte> bytes) = 0;

    /// Makes all of it durable and visible under the URI; nothing before that is visible to a reader.
    /// Throws as write() does, and then nothing is left in the store.
    virtual void commit() = 0;
};

/// An open image in a store. Any thread may call; the bytes stay readable while this exists, also
/// where the image is removed meanwhile.
class Reader {
public:
    virtual ~Reader() = default;

    virtual std::uint64_t size() const = 0;

    /// False where reading can only begin at the start and go on from there.
    virtual bool gives_parts() const { return true; }

    /// Fills `out` from `offset`; returns the bytes read, fewer than asked only at the end.
    /// Throws unavailable or internal.
    virtual std::size_t read(std::uint64_t offset, std::span<std::byte> out) = 0;
};

/// Space that is set aside in a store for an image whose bytes come later; given back on destruction. It must not
/// outlive its store.
class Hold {
public:
    virtual ~Hold() = default;
};

/// What a store holds, for a comparison with the catalog.
struct StoredObject {
    std::string uri;
    std::string image_id;         ///< whose bytes the uri says they are; empty for a temporary one
    std::uint64_t size = 0;       ///< bytes of the image
    std::uint64_t allocated = 0;  ///< bytes that it takes up; less than `size` where it is sparse
    bool is_temporary = false;    ///< an upload that never ended
};

/// Space in bytes, for whoever writes an image.
struct Space {
    std::uint64_t total = 0;
    std::uint64_t available = 0;  ///< what uploads can still take: reservations and the reserve are off
};

/// The bytes of images, in one place. Any thread may call. `uri` is what uri_for() gave; anything else
/// throws not_found. A store that cannot be reached throws unavailable.
class Store {
public:
    /// Alignment that suits Writer::write.
    static constexpr std::size_t block_bytes = 4096;

    virtual ~Store() = default;

    /// True where images cannot be uploaded to it: only locations of it are registered.
    virtual bool is_read_only() const { return false; }

    /// True where the form of `uri` is one that an admin may register as a location in this store: of bytes that
    /// somebody else wrote.
    virtual bool takes_location(const std::string& uri) const {
        static_cast<void>(uri);
        return false;
    }

    /// What other services call the bytes: the direct_url of the Image API.
    virtual std::string public_url(const std::string& uri) const { return uri; }

    /// The URI that an image of this id (a canonical UUID) will have. Nothing is written.
    virtual std::string uri_for(const std::string& image_id) const = 0;

    /// Begins to write. `size` is the declared length, where there is one: that much space is reserved
    /// here, and storage_full thrown where it is not to be had. What is already stored under the URI is
    /// replaced at commit().
    virtual std::unique_ptr<Writer> create(const std::string& uri, std::optional<std::uint64_t> size) = 0;

    /// Sets space aside for an image of that size, to be given back just before create() sets it aside for itself.
    /// Nothing where the store does not account for its space. Throws storage_full.
    virtual std::unique_ptr<Hold> hold(std::uint64_t size) {
        static_cast<void>(size);
        return nullptr;
    }

    /// Throws not_found where there is nothing.
    virtual std::unique_ptr<Reader> open(const std::string& uri) = 0;

    /// Removes the bytes, durably. Returns the bytes of space that were freed, or nothing where there was
    /// nothing to remove. Throws InUse where something else still needs it,
    /// HalfRemoved where it cannot be taken back; after any other error every byte is there.
    virtual std::optional<std::uint64_t> remove(const std::string& uri) = 0;

    /// As remove(), save that a power cut can bring the bytes back until flush_removals() has returned:
    /// whoever removes many pays for durability once. What is not flushed must not be recorded as gone.
    virtual std::optional<std::uint64_t> remove_unflushed(const std::string& uri) { return remove(uri); }

    /// Makes every remove_unflushed() that has returned before durable. Throws internal, and then they
    /// are still to be flushed.
    virtual void flush_removals() {}

    /// The bytes of space that one image takes up. Throws not_found.
    virtual StoredObject stat(const std::string& uri) = 0;

    /// Calls `visit` with everything in the store, in no order. What is written or removed meanwhile may
    /// be visited or not.
    virtual void list(const std::function<void(const StoredObject&)>& visit) = 0;

    /// Removes what uploads left that ended without commit() in a process before this one. Called once,
    /// before the first create(). Returns how many there were.
    virtual std::size_t remove_temporary() = 0;

    virtual Space space() = 0;
};

}  // namespace reprieve::store
