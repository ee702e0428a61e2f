#include <algorithm>
#include <utility>

#include "base/error.hpp"
#include "base/log.hpp"
#include "catalog/images/location_table.hpp"
#include "service/uploads/reserving_source.hpp"
#include "service/uploads/resumable_uploads.hpp"

// This file appends bytes to resumable uploads: first to the staged file, and to the store once all bytes are there.
//
// The catalog holds the offset of each upload, which is the number of bytes that have arrived. Clients see this offset.
// It grows only after the staged file was synced. It reaches the length of the upload only in the transaction that
// makes the image active. If it reached the length earlier, the client would take the upload as done, and would never
// learn that the image could not be stored.

namespace reprieve::service {
namespace {

/// Maximum bytes read from the client at a time. At most this many bytes are lost if the client disconnects.
constexpr std::size_t append_piece_bytes = 64 * 1024;

/// Returns whether a retry with the same bytes must fail, too, after an error of this kind.
bool is_final(ErrorKind kind) {
    return kind == ErrorKind::bad_request || kind == ErrorKind::too_large || kind == ErrorKind::gone;
}

[[noreturn]] void refuse_more(const ResumableUploads::Upload& upload, std::uint64_t size_cap) {
    if (!upload.length)
        throw Error(ErrorKind::too_large, "the image is larger than " + std::to_string(size_cap) +
                                              " bytes, the most that this service takes (limits.image_size_cap)");
    throw Error(ErrorKind::bad_request,
                "the upload brings more than the announced " + std::to_string(*upload.length) + " bytes");
}

/// Throws gone if the upload was ended: its image was deleted, or its creator may no longer continue it.
void require_open(catalog::Connection& db, const ResumableUploads::Upload& upload) {
    const auto stored = catalog::find_upload(db, upload.id);
    if (!stored || stored->expires_at == 0)
        throw Error(ErrorKind::gone, "the upload " + upload.id +
                                         " was ended: its image was deleted, or given to another project, or its "
                                         "creator may not upload any more");
}

}  // namespace

ResumableUploads::Upload ResumableUploads::append(const Caller& caller, const std::string& id, const Chunk& chunk) {
    find(caller, id);  // refuse others: only the creator may end a request
    UploadTurns::Turn turn(turns_, id, UploadTurns::Aim::go_on, chunk.interrupt);
    Found found = find(caller, id);
    const Upload& upload = found.upload;
    if (chunk.offset != upload.offset)
        throw Error(ErrorKind::conflict, "the upload continues at byte " + std::to_string(upload.offset) + ", not at " +
                                             std::to_string(chunk.offset) + ": get its offset with HEAD");
    declare_length(found, chunk.length);
    if (upload.is_done) {
        std::byte more{};
        if (chunk.source({&more, 1}) > 0) refuse_more(upload, options_.size_cap);
        return upload;
    }
    take(caller, found, chunk, turn);
    return found.upload;
}

void ResumableUploads::declare_length(Found& found, std::optional<std::uint64_t> length) {
    Upload& upload = found.upload;
    if (!length || upload.length == length) return;
    if (upload.length)
        throw Error(ErrorKind::bad_request, "the length of the upload is " + std::to_string(*upload.length) +
                                                " bytes, as declared before, and cannot change");
    if (*length < upload.offset)
        throw Error(ErrorKind::bad_request, "the upload has " + std::to_string(upload.offset) +
                                                " bytes already: its length cannot be " + std::to_string(*length));
    uploads_.require_size(*length);
    upload.length = length;
    Location& location = found.claim.location;
    // Release the old reservation first, because the new one includes it.
    set_space(upload.id, {.staged = staging_.reserve(0), .stored = nullptr});
    set_space(upload.id, reserve(upload, location));
    // If all bytes are already there, the length is stored together with the image.
    if (upload.is_whole(upload.offset)) return;
    try {
        catalog_.write([&](catalog::Connection& db) {
            require_open(db, upload);
            location.size = *length;
            catalog::update_location(db, location);
            quotas_.require_bytes(db, upload.image_number);
            catalog::update_upload(db, upload);
        });
    } catch (...) {
        set_space(upload.id, {.staged = staging_.reserve(0), .stored = nullptr});
        throw;
    }
}

void ResumableUploads::take(const Caller& caller, Found& found, const Chunk& chunk, UploadTurns::Turn& turn) {
    Upload& upload = found.upload;
    const RunningUploads::Ticket ticket(running_, upload.image_id);
    const std::uint64_t limit = std::max(upload.length.value_or(options_.size_cap), upload.offset);
    if (chunk.size.value_or(0) > limit - upload.offset) refuse_more(upload, options_.size_cap);
    const auto give_way = [&] {
        if (turn.is_ended()) throw Error(ErrorKind::gone, "the upload " + upload.id + " was ended");
        if (turn.is_over()) throw Error(ErrorKind::locked, "a newer request has taken over the upload " + upload.id);
    };
    ByteSource source = [&](std::span<std::byte> out) {
        give_way();
        if (ticket.is_cancelled())
            throw Error(ErrorKind::gone, "the image " + upload.image_id + " was deleted while its data was uploaded");
        try {
            return chunk.source(out);
        } catch (const Error&) {
            give_way();  // if the wait was interrupted, throw the reason
            throw;
        }
    };
    ReservingSource reserving(source, catalog_, quotas_, upload.image_number, found.claim.location, upload.offset);
    if (!upload.length && quotas_.limits_bytes())
        source = [&](std::span<std::byte> out) { return reserving.read(out); };
    store::StagedFile file = open_file(caller, upload);
    StagedChunk staged(file, *space_of(upload.id).staged, upload.offset, limit, chunk.checksum);
    std::int64_t last_us = clock_.boot_us();
    const auto checkpoint = [&] {
        const bool is_time =
            staged.end() - upload.offset >= checkpoint_bytes || clock_.boot_us() - last_us >= checkpoint_us;
        // Bytes with a checksum count only after it was verified.
        if (chunk.checksum || !is_time || upload.is_whole(staged.end())) return;
        record(found, file, staged.end());
        last_us = clock_.boot_us();
    };
    try {
        // The share of the buffers ends before the image is stored, because storing takes a share of its own.
        BufferPool::Share share(buffers_);
        const BufferPool::Buffer buffer = share.acquire();
        if (!staged.take(source, buffer.bytes().first(append_piece_bytes), checkpoint))
            refuse_more(upload, options_.size_cap);
    } catch (...) {
        if (!turn.is_ended()) keep(found, file, staged, chunk.checksum.has_value());
        throw;
    }
    if (!staged.is_right()) {
        staged.discard();
        throw Error(ErrorKind::checksum_mismatch,
                    "the bytes do not match the " + chunk.checksum->algorithm + " checksum: send them again");
    }
    if (upload.is_whole(staged.end()))
        finish(caller, found, file, turn, ticket);
    else
        record(found, file, staged.end());
}

/// Opens the staged file and cuts it to the offset: an earlier failure may have left more bytes. If the disk lost
/// bytes, so that the file is shorter, ends the upload and throws gone.
store::StagedFile ResumableUploads::open_file(const Caller& caller, const Upload& upload) {
    store::StagedFile file = staging_.open(upload.id);
    const std::uint64_t size = file.size();
    if (size < upload.offset) {
        drop(caller, upload, "bytes of the upload were lost: upload the data again");
        throw Error(ErrorKind::gone, "bytes of the upload " + upload.id + " were lost: start a new upload");
    }
    if (size > upload.offset) {
        file.truncate(upload.offset);
        space_of(upload.id).staged->add(size - upload.offset);
    }
    return file;
}

/// Makes the bytes up to `end` durable, and moves the offset to `end`.
void ResumableUploads::record(Found& found, store::StagedFile& file, std::uint64_t end) {
    Upload& upload = found.upload;
    Location& location = found.claim.location;
    file.sync();
    Upload recorded = upload;
    recorded.offset = end;
    recorded.expires_at = clock_.now_us() + options_.expire_after_us;
    catalog_.write([&](catalog::Connection& db) {
        require_open(db, upload);
        catalog::update_upload(db, recorded);
        // Set the size even if the bytes are not limited, because a limit may be set later.
        location.size = std::max(location.size, end);
        catalog::update_location(db, location);
    });
    upload = std::move(recorded);
}

/// Records the bytes that came before a failure, if possible. Discards bytes with a checksum.
void ResumableUploads::keep(Found& found, store::StagedFile& file, StagedChunk& staged, bool has_checksum) noexcept {
    if (has_checksum) return staged.discard();
    const bool is_news = staged.end() > found.upload.offset && !found.upload.is_whole(staged.end());
    if (!is_news) return;
    try {
        record(found, file, staged.end());
    } catch (const std::exception& error) {
        log_warning("upload.bytes_not_kept", error.what(), {{"upload", found.upload.id}});
    }
}

void ResumableUploads::finish(const Caller& caller, Found& found, const store::StagedFile& file,
                              UploadTurns::Turn& turn, const RunningUploads::Ticket& ticket) {
    Upload& upload = found.upload;
    turn.begin_storing();
    Upload done = upload;
    done.offset = *upload.length;
    done.is_done = true;
    done.expires_at = clock_.now_us() + options_.expire_after_us;
    std::uint64_t at = 0;
    const auto source = [&](std::span<std::byte> out) {
        if (ticket.is_cancelled() || turn.is_ended())
            throw Error(ErrorKind::gone, "the upload " + upload.id + " was ended while its image was stored");
        if (is_stopping_)
            throw Error(ErrorKind::unavailable, "the appliance is stopping: continue the upload when it runs again");
        const std::uint64_t left = done.offset - at;
        if (left < out.size()) out = out.first(static_cast<std::size_t>(left));
        const std::size_t count = file.read(at, out);
        at += count;
        return count;
    };
    // Release the hold, because the writer of the store reserves the space itself.
    space_of(upload.id).stored.reset();
    clear_store(found.claim.location);
    try {
        uploads_.complete(caller, found.claim, done.offset, source, [&](catalog::Connection& db) {
            require_open(db, upload);
            catalog::update_upload(db, done);
        });
    } catch (const Error& error) {
        log_warning("upload.failed", error.what(), {{"image", upload.image_id}, {"upload", upload.id}});
        if (is_final(error.kind())) {
            drop(caller, upload, error.what());
        } else {
            uploads_.tell(upload.image_id,
                          std::string(error.what()) + "; all bytes were received: continue the upload to try again");
            hold_again(upload, found.claim.location);
        }
        throw;
    }
    upload = std::move(done);
    forget(upload.id);
}

/// Removes the bytes of an earlier attempt to store the image. That attempt may have failed after it wrote them, and
/// they would take space twice.
void ResumableUploads::clear_store(const Location& location) noexcept {
    try {
        stores_.at(location.store).remove(location.uri);
    } catch (const std::exception& error) {
        log_warning("upload.leftover_not_removed", error.what(), {{"store", location.store}});
    }
}

/// Reserves the space in the store again, for the next attempt.
void ResumableUploads::hold_again(const Upload& upload, const Location& location) noexcept {
    try {
        space_of(upload.id).stored = stores_.at(location.store).hold(*upload.length);
    } catch (const std::exception& error) {
        log_warning("upload.space_not_reserved", error.what(), {{"upload", upload.id}});
    }
}

}  // namespace reprieve::service
