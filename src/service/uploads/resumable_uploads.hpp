#pragma once

#include <atomic>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>

#include "base/buffer_pool.hpp"
#include "base/clock.hpp"
#include "catalog/catalog.hpp"
#include "catalog/images/upload_table.hpp"
#include "image/caller.hpp"
#include "image/image.hpp"
#include "service/quotas.hpp"
#include "service/uploads/running_uploads.hpp"
#include "service/uploads/staged_chunk.hpp"
#include "service/uploads/upload_turns.hpp"
#include "service/uploads/uploads.hpp"
#include "store/file/staging_folder.hpp"
#include "store/store_set.hpp"

namespace reprieve::service {

/// Uploads that come in several requests and go on after a failure of client, network or appliance. The image is saving
/// from the creation to the end. The bytes are staged; once all are there they go the way of any upload. Any thread may
/// call.
///
/// An upload is its creator's alone: to others, also to the same user in another project, there is none (not_found).
/// Where it has expired, or its image was deleted, it is gone; where the creator may not write the image any more, the
/// rules of image/access.hpp refuse.
class ResumableUploads {
public:
    struct Options {
        std::uint64_t size_cap = 0;        ///< bytes of one image
        std::int64_t expire_after_us = 0;  ///< since the last byte that came
        /// Called if the location of an upload that ended could not be removed: UploadMender::wake().
        std::function<void()> left_behind = {};
    };

    /// How long a request waits for the one before, which may be storing the image.
    static constexpr std::int64_t patience_us = 30'000'000;
    /// What a crash can cost of a long request: bytes, and time.
    static constexpr std::uint64_t checkpoint_bytes = 64 << 20;
    static constexpr std::int64_t checkpoint_us = 5'000'000;

    ResumableUploads(catalog::Catalog& catalog, store::StagingFolder& staging, store::StoreSet& stores,
                     Uploads& uploads, RunningUploads& running, BufferPool& buffers, const Quotas& quotas,
                     const Clock& clock, Options options);

    using Upload = catalog::Upload;

    /// The bytes of one request.
    struct Chunk {
        std::uint64_t offset = 0;             ///< of the first byte
        std::optional<std::uint64_t> length;  ///< of the whole upload, where that is told only now
        std::optional<std::uint64_t> size;    ///< of the bytes, where it is known
        std::optional<Checksum> checksum;
        ByteSource source;
        std::function<void()> interrupt = {};  ///< ends a wait of the source, from another thread
    };

    struct Creation {
        std::string image_id;
        std::string store;                    ///< empty: the default store
        std::string metadata;                 ///< kept for the client
        std::optional<std::uint64_t> length;  ///< bytes; nothing: it is told later
        std::optional<Chunk> first;           ///< bytes that come with the request
    };

    /// Begins an upload to a queued image; an unfinished one of the same creator to the same image is ended, even where
    /// the new one cannot begin then. The declared length is reserved, in the quotas and on the disks. Throws as
    /// Uploads::upload does before it reads; locked where the unfinished one does not end soon; where the first bytes
    /// fail, as append() does, and then there is no upload.
    Upload create(const Caller& caller, const Creation& creation);

    /// The unfinished upload that writes the image, whosever it is; nothing where there is none, or where it is over
    /// and only not yet removed. For whoever may see how the image is kept (Action::see_storage), which is not checked.
    std::optional<Upload> open_to(const Image& image) const;

    /// The upload as it is; a request that works on it is let alone.
    Upload get(const Caller& caller, const std::string& id);

    /// The same for whoever is about to go on: a request that reads is ended first, and what it has read counts.
    /// Throws locked where a request is still storing the image, or a newer one took over.
    Upload resume(const Caller& caller, const std::string& id);

    /// Adds bytes. On return the new offset is on the disk, and where all bytes are there the image is active. Throws
    /// conflict for another offset than the upload has; locked as resume(), and where a newer request took over in the
    /// middle, or gone where that one ends the upload; bad_request for more bytes than announced or another length;
    /// checksum_mismatch, and nothing was added; what Uploads::upload throws while it reads and stores. Bytes that came
    /// before a failure count, save where they have a checksum. Bytes that make no image (bad_request, too_large) end
    /// the upload; after another failure to store it the offset is somewhat below the length, so that sending the rest
    /// tries again.
    Upload append(const Caller& caller, const std::string& id, const Chunk& chunk);

    /// Ends it: the image is queued again, unless it is complete. Throws locked where a request does not let go of it.
    void terminate(const Caller& caller, const std::string& id);

    /// Ends the uploads that have expired, except those that a request is appending to. Uploads that may not go on
    /// (their image was deleted, or their creator lost the right) end even during a request, except while it stores the
    /// image. Logs what it could not end and leaves it to the next call. Returns how many it ended.
    std::size_t sweep();

    /// Returns when the next upload expires, in microseconds since 1970 UTC; nullopt if there is none.
    std::optional<std::int64_t> next_expiry() const;

    /// The appliance stops: requests that wait or store an image end soon, with unavailable. What came stays.
    void stop();

    /// At the start, once: takes up what a stop left, ends what lost its bytes, and removes files of no upload.
    void recover();

private:
    /// Space that is set aside for one upload. In the hands of whoever has the turn.
    struct Space {
        std::unique_ptr<store::SpaceLedger::Reservation> staged;  ///< never null
        std::unique_ptr<store::Hold> stored;
    };
    /// An upload with what it holds of its image.
    struct Found {
        Upload upload;
        Uploads::Claim claim;
    };

    Found find(const Caller& caller, const std::string& id);
    void end_older(const Caller& caller, const std::string& image_id);
    void declare_length(Found& found, std::optional<std::uint64_t> length);
    void take(const Caller& caller, Found& found, const Chunk& chunk, UploadTurns::Turn& turn);
    store::StagedFile open_file(const Caller& caller, const Upload& upload);
    void record(Found& found, store::StagedFile& file, std::uint64_t end);
    void keep(Found& found, store::StagedFile& file, StagedChunk& staged, bool has_checksum) noexcept;
    void finish(const Caller& caller, Found& found, const store::StagedFile& file, UploadTurns::Turn& turn,
                const RunningUploads::Ticket& ticket);
    void clear_store(const Location& location) noexcept;
    void hold_again(const Upload& upload, const Location& location) noexcept;
    bool end(const Caller& by, const std::string& id, const std::string& reason, bool only_expired = false);
    void drop(const Caller& by, const Upload& upload, const std::string& reason);
    void forget(const std::string& id) noexcept;
    void recover_one(const Upload& upload);

    Space reserve(const Upload& upload, const Location& location);
    void set_space(const std::string& id, Space space);
    Space& space_of(const std::string& id);

    catalog::Catalog& catalog_;
    store::StagingFolder& staging_;
    store::StoreSet& stores_;
    Uploads& uploads_;
    RunningUploads& running_;
    BufferPool& buffers_;
    const Quotas& quotas_;
    const Clock& clock_;
    const Options options_;
    UploadTurns turns_{patience_us};
    std::atomic<bool> is_stopping_{false};
    std::mutex mutex_;
    std::map<std::string, Space> spaces_;  // with the mutex; by id of the upload
};

}  // namespace reprieve::service
