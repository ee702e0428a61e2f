#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <span>
#include <string>

#include "base/buffer_pool.hpp"
#include "base/clock.hpp"
#include "catalog/catalog.hpp"
#include "image/caller.hpp"
#include "image/image.hpp"
#include "service/quotas.hpp"
#include "service/uploads/ingest.hpp"
#include "service/uploads/running_uploads.hpp"
#include "store/store_set.hpp"

namespace reprieve::service {

/// Uploads of image data. Any thread may call; an upload runs on its caller's thread.
class Uploads {
public:
    struct Options {
        std::uint64_t image_size_cap = 0;     ///< maximum number of bytes of an image
        std::string hash_algorithm;           ///< name of the digest besides MD5; see Digest
        bool raw_accepts_any_format = false;  ///< see FormatInspector
        /// Called if the bytes of a failed upload could not be removed. Set it to call UploadMender::wake().
        std::function<void()> left_behind = {};
    };

    Uploads(catalog::Catalog& catalog, store::StoreSet& stores, BufferPool& buffers, RunningUploads& running,
            const Quotas& quotas, const Clock& clock, Options options);

    struct Request {
        std::string image_id;
        std::optional<std::uint64_t> size;  ///< declared length in bytes
        std::string store;                  ///< empty: the default store
        ByteSource source;                  ///< called on the thread of the upload
    };

    /// Reads the source to its end, makes the image active, durably, and returns it. Throws not_found if the caller may
    /// not see the image; forbidden if the caller may not write it; conflict if it has data or another upload to it
    /// runs; gone if it is deleted meanwhile; too_many_requests if the maximum number of uploads is running;
    /// storage_full; too_large beyond image_size_cap or the limits on bytes; bad_request if the image has no formats
    /// yet, or the bytes do not match the declared length or format; unavailable; and the error of the source.
    ///
    /// After a failure the image is `queued` again, with the reason, and no data is left. If the store cannot even
    /// remove the data, the image stays `saving`, with the reason, until the store answers again.
    Image upload(const Caller& caller, Request request);

    // Steps of upload(), for uploads whose bytes come in several requests (resumable_uploads.hpp).

    /// Throws too_large beyond image_size_cap.
    void require_size(std::uint64_t size) const;

    /// Returns the location that the image's data would have in `store` (empty: the default store). Call it before the
    /// transaction, because it may ask the store. Throws not_found if there is no such store, bad_request if the store
    /// is read-only, and unavailable if the store does not answer.
    Location place_for(const std::string& image_id, const std::string& store) const;

    /// Claim of an upload on its image. It lasts until the image is stored, or give_back() has returned it to `queued`.
    struct Claim {
        Image image;        ///< as it was claimed, with status saving
        Location location;  ///< in state writing; its size is the number of reserved bytes
    };
    /// Claims the image: sets its status to saving and stores `location`, the result of place_for(). Call inside
    /// Catalog::write. Throws the errors that upload() throws before it reads the source.
    Claim claim(catalog::Connection& db, const Caller& caller, const std::string& image_id,
                std::optional<std::uint64_t> size, const Location& location) const;

    /// Reads the source to its end, makes the claimed image active, durably, and returns it. Runs `in_commit` in the
    /// transaction that makes the image active. Throws as upload() does: then the claim remains, and the caller must
    /// call complete() again or give_back(). Requires: no other call for the same image runs.
    Image complete(const Caller& caller, const Claim& claim, std::optional<std::uint64_t> size,
                   const ByteSource& source, const std::function<void(catalog::Connection&)>& in_commit = {});

    /// Removes the bytes and the location of an upload that failed, and returns its image, unless it was deleted, to
    /// `queued` with the reason. Returns false if the store or the catalog failed: then the image stays `saving`, with
    /// the reason, and the caller must call the left_behind() of its own Options.
    bool give_back(const std::string& image_id, const Location& location, const std::string& reason) noexcept;

    /// Stores `reason` as the status_reason of an image that is `saving`. Only logs a failure.
    void tell(const std::string& image_id, const std::string& reason) noexcept;

private:
    Image finish(catalog::Connection& db, const Caller& caller, const Claim& claim, const IngestResult& result);

    catalog::Catalog& catalog_;
    store::StoreSet& stores_;
    BufferPool& buffers_;
    RunningUploads& running_;
    const Quotas& quotas_;
    const Clock& clock_;
    const Options options_;
};

}  // namespace reprieve::service
