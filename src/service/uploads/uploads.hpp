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

/// The way of bytes into an image. Any thread may call; an upload runs on its caller's thread.
class Uploads {
public:
    struct Options {
        std::uint64_t image_size_cap = 0;
        std::string hash_algorithm;
        bool raw_accepts_any_format = false;
        /// Called where the bytes of a failed upload could not be removed: UploadMender::wake().
        std::function<void()> left_behind = {};
    };

    Uploads(catalog::Catalog& catalog, store::StoreSet& stores, BufferPool& buffers, RunningUploads& running,
            const Quotas& quotas, const Clock& clock, Options options);

    struct Request {
        std::string image_id;
        std::optional<std::uint64_t> size;  ///< declared length in bytes
        std::string store;                  ///< empty: the default store
        ByteSource source;                  ///< where the bytes come from
    };

    /// Reads the source to its end and makes the image active; durable when it returns. Throws not_found where the
    /// caller may not see it, forbidden where it may not write it, conflict where the image has data or another upload
    /// of it runs, gone where it was deleted meanwhile, storage_full, too_large (beyond image_size_cap or the limits on
    /// bytes), bad_request, and what the source throws. After a failure the image is queued again, with the reason
    /// stored, and nothing of the data is left; where the store does not even remove it, the image stays saving, with
    /// the reason, until the store answers again.
    Image upload(const Caller& caller, Request request);

    // The steps of it, for an upload whose bytes come in several requests (resumable_uploads.hpp).

    /// Throws too_large beyond image_size_cap.
    void require_size(std::uint64_t size) const;

    /// Where the data of an image would go; `store`: empty for the default one. It may ask the store, so it comes
    /// before the transaction. Throws not_found where there is no such store, and what that throws.
    Location place_for(const std::string& image_id, const std::string& store) const;

    /// What an upload has of its image until it is stored or given back.
    struct Claim {
        Image image;        ///< as it was claimed: saving
        Location location;  ///< in state writing; its size is what is reserved
    };
    /// Inside Catalog::write: brings the image into saving. `location` is what place_for() gave. Throws as upload()
    /// does before it reads.
    Claim claim(catalog::Connection& db, const Caller& caller, const std::string& image_id,
                std::optional<std::uint64_t> size, const Location& location) const;

    /// Reads the source to its end and makes the claimed image active, durably; `in_commit` runs in the transaction
    /// that does so. Throws as upload() does; the image is claimed as before then, and may be completed again, or has
    /// to be given back. Calls for the same image do not overlap.
    Image complete(const Caller& caller, const Claim& claim, std::optional<std::uint64_t> size,
                   const ByteSource& source, const std::function<void(catalog::Connection&)>& in_commit = {});

    /// Removes the bytes and the location of an upload that failed, and returns its image, unless it was deleted, to
    /// `queued` with the reason. Returns false if the store or the catalog failed: then the image stays as upload()
    /// says, and the caller must call `left_behind`.
    bool give_back(const std::string& image_id, const Location& location, const std::string& reason) noexcept;

    /// Stores why a claimed image is where it is.
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
