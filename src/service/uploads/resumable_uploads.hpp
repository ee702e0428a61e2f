#pragma once

#include <atomic>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>

#include "base/buffer_pool.hpp"
#include "base/clock.hpp"
#include "base/mutex.hpp"
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

/// Resumable uploads: their bytes come in several requests, and they can continue after a failure of the client, the
/// network or the appliance. The image is `saving` from the creation to the end of the upload. The bytes are staged in
/// a file; once all are there, they are stored like those of any upload. Any thread may call.
///
/// An upload belongs to its creator only. The functions throw not_found for everybody else, also for the same user in
/// another project. They throw gone if the upload has expired or its image was deleted. If the creator may no longer
/// write the image, they throw not_found or forbidden (image/access.hpp).
class ResumableUploads {
public:
    struct Options {
        std::uint64_t size_cap = 0;        ///< maximum number of bytes of one image
        std::int64_t expire_after_us = 0;  ///< time without new bytes until an upload ends
        /// Called if the location of an upload that ended could not be removed. Set it to call UploadMender::wake().
        std::function<void()> left_behind = {};
    };

    /// Maximum time in microseconds that a request waits for the request before it, which may be storing the image.
    static constexpr std::int64_t patience_us = 30'000'000;
    /// Number of bytes, and time in microseconds, after which a long request records its offset. A crash loses at most
    /// the bytes that came after the last record.
    static constexpr std::uint64_t checkpoint_bytes = 64 << 20;
    static constexpr std::int64_t checkpoint_us = 5'000'000;

    ResumableUploads(catalog::Catalog& catalog, store::StagingFolder& staging, store::StoreSet& stores,
                     Uploads& uploads, RunningUploads& running, BufferPool& buffers, const Quotas& quotas,
                     const Clock& clock, Options options);

    using Upload = catalog::Upload;

    /// Bytes of one request.
    struct Chunk {
        std::uint64_t offset = 0;             ///< position of the first byte in the upload
        std::optional<std::uint64_t> length;  ///< length of the whole upload, if the client declares it only now
        std::optional<std::uint64_t> size;    ///< number of bytes in this request, if known
        std::optional<Checksum> checksum;
        ByteSource source;
        std::function<void()> interrupt = {};  ///< ends a blocked call of `source`; called on another thread
    };

    /// Arguments of create().
    struct Creation {
        std::string image_id;
        std::string store;                    ///< empty: the default store
        std::string metadata;                 ///< stored unchanged for the client
        std::optional<std::uint64_t> length;  ///< bytes; nullopt: the client declares it later
        std::optional<Chunk> first;           ///< bytes that come with the request
    };

    /// Begins an upload to a queued image and returns it. First ends an unfinished upload of the same creator to the
    /// image, even if the new upload then cannot begin. Reserves the declared length in the quotas and on the disks.
    /// Throws as Uploads::upload() does before it reads; locked if the unfinished upload does not end soon. If the
    /// first bytes fail, ends the new upload and throws as append() does.
    Upload create(const Caller& caller, const Creation& creation);

    /// Returns the unfinished upload that writes the image, whoever created it; nullopt if there is none, or if it has
    /// expired. Checks no rights: call it only for callers who may do Action::see_storage.
    std::optional<Upload> open_to(const Image& image) const;

    /// Returns the upload's current state without disturbing a request that is appending to it.
    Upload get(const Caller& caller, const std::string& id);

    /// Returns the upload's state to a client that is about to continue it. First ends a request that is reading bytes
    /// for this upload. The bytes that this request has received count, unless they have a checksum. Throws locked if a
    /// request is still storing the image, or if a newer request takes over; unavailable if the appliance stops.
    Upload resume(const Caller& caller, const std::string& id);

    /// Appends bytes and returns the upload. On return the new offset is durable. If the upload then has all its bytes,
    /// the image is active. Throws
    /// - conflict if `chunk.offset` is not the offset of the upload;
    /// - locked as resume() does, and if a newer request takes over in the middle; gone if the newer request ends the
    ///   upload;
    /// - bad_request for more bytes than announced, or for another length than before;
    /// - checksum_mismatch; then no byte was appended;
    /// - the errors of Uploads::upload() while it reads and stores.
    ///
    /// Bytes that came before a failure count, unless they have a checksum. If the bytes make no image (bad_request,
    /// too_large), the upload ends. After any other failure to store the image, the offset stays below the length, so
    /// that the client sends the rest again and the appliance retries.
    Upload append(const Caller& caller, const std::string& id, const Chunk& chunk);

    /// Ends the upload. The image is `queued` again, unless the upload was complete. Throws locked if another request
    /// on the upload does not end soon.
    void terminate(const Caller& caller, const std::string& id);

    /// Ends the uploads that have expired, at most 100, except those that a request is working on. Uploads that may not
    /// continue (their image was deleted, or their creator lost the right) end even during a request, except while it
    /// stores the image. Logs failures and leaves those uploads to the next call. Returns how many uploads it ended.
    std::size_t sweep();

    /// Returns when the next upload expires, in microseconds since 1970 UTC; nullopt if there is none.
    std::optional<std::int64_t> next_expiry() const;

    /// Makes requests that wait or store an image end soon with unavailable. Recorded bytes stay. Call it when the
    /// appliance stops.
    void stop();

    /// Restores the unfinished uploads after a restart of the appliance. Ends those that lost bytes, and removes files
    /// that belong to no upload. Call once, at the start.
    void recover();

private:
    /// Space that is reserved for one upload. Only the request that has the upload's turn (UploadTurns) may use it.
    struct Space {
        std::unique_ptr<store::SpaceLedger::Reservation> staged;  ///< space for the staged file; never null
        std::unique_ptr<store::Hold> stored;                      ///< space in the store; null if none is reserved
    };
    /// Upload with its claim on the image.
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
    Mutex mutex_;
    std::map<std::string, Space> spaces_ GUARDED_BY(mutex_);  // the key is the upload's id
};

}  // namespace reprieve::service
