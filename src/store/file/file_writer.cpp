#include "store/file/file_writer.hpp"

#include <fcntl.h>
#include <sys/file.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstdio>
#include <cstring>

#include "base/error.hpp"
#include "base/uuid.hpp"

namespace reprieve::store {
namespace {

/// Smallest hole, in bytes. Smaller holes would split the file into too many extents.
constexpr std::size_t hole_bytes = 64 * 1024;

bool is_zero(std::span<const std::byte> bytes) {
    constexpr std::size_t probe = 16;
    const std::size_t head = std::min(probe, bytes.size());
    for (std::size_t i = 0; i < head; ++i)
        if (bytes[i] != std::byte{0}) return false;
    // The first 16 bytes are zero. If each other byte equals the one 16 bytes before it, all are zero.
    return bytes.size() <= probe || std::memcmp(bytes.data(), bytes.data() + probe, bytes.size() - probe) == 0;
}

bool is_aligned(const std::byte* memory) { return reinterpret_cast<std::uintptr_t>(memory) % Store::block_bytes == 0; }

[[noreturn]] void throw_store_error(int error_number) {
    if (error_number == ENOSPC || error_number == EDQUOT)
        throw Error(
            ErrorKind::storage_full,
            "the store ran full while the image was written: purge the recycle bin, delete images or add space");
    throw_errno("cannot write the image", error_number);
}

}  // namespace

FileWriter::FileWriter(const StoreFolders& folders, SpaceLedger& ledger, std::string image_id,
                       std::optional<std::uint64_t> size)
    : folders_(folders), image_id_(std::move(image_id)), partial_name_(new_uuid()), reservation_(ledger) {
    if (size) reservation_.add(*size);
    file_ = FileDescriptor(::openat(folders_.partial.get(), partial_name_.c_str(),
                                    O_RDWR | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600));
    if (!file_) {
        const int error_number = errno;
        if (error_number == EMFILE || error_number == ENFILE)
            throw Error(ErrorKind::unavailable, "too many files are open: try again later");
        throw_store_error(error_number);
    }
    exists_ = true;
    // The lock tells remove_temporary() of another process that this file is being written.
    ::flock(file_.get(), LOCK_EX | LOCK_NB);
    // Set O_DIRECT only after the open: an open() that refuses the flag may still have created the file.
    direct_ = ::fcntl(file_.get(), F_SETFL, O_DIRECT) == 0;
}

FileWriter::~FileWriter() { discard(); }

void FileWriter::discard() noexcept {
    if (exists_) ::unlinkat(folders_.partial.get(), partial_name_.c_str(), 0);
    exists_ = false;
}

void FileWriter::write(std::span<const std::byte> bytes) {
    if (tail_size_ == 0 && is_aligned(bytes.data())) {
        const std::size_t whole = bytes.size() / Store::block_bytes * Store::block_bytes;
        write_blocks(bytes.first(whole));
        bytes = bytes.subspan(whole);
    }
    gather(bytes);
}

void FileWriter::gather(std::span<const std::byte> bytes) {
    while (!bytes.empty()) {
        if (!tail_) tail_ = std::make_unique_for_overwrite<Gathered>();
        const std::size_t count = std::min(bytes.size(), Gathered::capacity - tail_size_);
        std::memcpy(tail_->bytes + tail_size_, bytes.data(), count);
        tail_size_ += count;
        bytes = bytes.subspan(count);
        if (tail_size_ == Gathered::capacity) flush_gathered();
    }
}

void FileWriter::flush_gathered() {
    write_blocks({tail_->bytes, tail_size_});
    tail_size_ = 0;
}

void FileWriter::write_blocks(std::span<const std::byte> blocks) {
    reservation_.cover(blocks.size());
    std::size_t data = 0;  // start of the data that is not written yet
    std::size_t at = 0;
    while (at < blocks.size()) {
        const std::size_t piece = std::min(blocks.size() - at, hole_bytes - (blocks_end_ + at) % hole_bytes);
        if (is_zero(blocks.subspan(at, piece))) {
            if (at > data) write_all(blocks.subspan(data, at - data), blocks_end_ + data);
            data = at + piece;
        }
        at += piece;
    }
    if (at > data) write_all(blocks.subspan(data, at - data), blocks_end_ + data);
    blocks_end_ += blocks.size();
    reservation_.settle(blocks.size());
}

void FileWriter::write_all(std::span<const std::byte> blocks, std::uint64_t offset) {
    while (!blocks.empty()) {
        const ssize_t result = ::pwrite(file_.get(), blocks.data(), blocks.size(), static_cast<off_t>(offset));
        if (result < 0) {
            if (errno == EINTR) continue;
            if (errno == EINVAL && leave_direct()) continue;
            throw_store_error(errno);
        }
        auto written = static_cast<std::size_t>(result);
        // Writes past the page cache must start at a block boundary, so repeat the incomplete block.
        if (direct_ && written % Store::block_bytes != 0) {
            written -= written % Store::block_bytes;
            if (written == 0) leave_direct();
        }
        blocks = blocks.subspan(written);
        offset += written;
    }
}

bool FileWriter::leave_direct() {
    if (!direct_) return false;
    direct_ = false;
    return ::fcntl(file_.get(), F_SETFL, 0) == 0;
}

void FileWriter::commit() {
    const std::uint64_t size = blocks_end_ + tail_size_;
    try {
        if (tail_size_ > 0) {
            // Pad with zeros to whole blocks; the truncation below removes the padding.
            const std::size_t padding = (Store::block_bytes - tail_size_ % Store::block_bytes) % Store::block_bytes;
            std::memset(tail_->bytes + tail_size_, 0, padding);
            tail_size_ += padding;
            flush_gathered();
        }
        if (::ftruncate(file_.get(), static_cast<off_t>(size)) != 0) throw_store_error(errno);
        sync_to_disk(file_, "the image");
        if (::renameat(folders_.partial.get(), partial_name_.c_str(), folders_.images.get(), image_id_.c_str()) != 0)
            throw_store_error(errno);
    } catch (...) {
        discard();
        throw;
    }
    exists_ = false;
    // .partial needs no fsync: if a power cut brings a name back there, the next start removes it.
    if (::fsync(folders_.images.get()) != 0) {
        const int error_number = errno;
        ::unlinkat(folders_.images.get(), image_id_.c_str(), 0);
        throw_errno("cannot make the image durable", error_number);
    }
}

}  // namespace reprieve::store
