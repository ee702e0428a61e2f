#include "store/rbd/rbd_writer.hpp"

#include <sys/uio.h>

#include <algorithm>
#include <cerrno>
#include <chrono>
#include <cstring>

#include "base/error.hpp"
#include "base/log.hpp"
#include "base/mutex.hpp"

namespace reprieve::store {
namespace {

constexpr std::size_t max_in_flight = 4;
constexpr std::size_t hole_bytes = 64 << 10;  // smallest run of zeros that is skipped: BlueStore's allocation unit
constexpr std::uint64_t growth_bytes = 1ULL << 30;

bool is_zero(std::span<const std::byte> bytes) {
    return bytes.empty() ||
           (bytes.front() == std::byte{} && std::memcmp(bytes.data(), bytes.data() + 1, bytes.size() - 1) == 0);
}

struct ImageOptions {
    explicit ImageOptions(const CephLibrary& ceph) : library(ceph) { library.rbd_image_options_create(&options); }
    ~ImageOptions() { library.rbd_image_options_destroy(options); }
    ImageOptions(const ImageOptions&) = delete;
    ImageOptions& operator=(const ImageOptions&) = delete;

    const CephLibrary& library;
    rbd_image_options_t options = nullptr;
};

void create_image(const CephPool& pool, const std::string& name, std::uint64_t size, std::uint64_t object_bytes) {
    const CephLibrary& ceph = pool.library();
    const ImageOptions options(ceph);
    std::uint64_t order = 0;
    while ((1ULL << order) < object_bytes) ++order;
    check_ceph("cannot set the object size",
               ceph.rbd_image_options_set_uint64(options.options, RBD_IMAGE_OPTION_ORDER, order));
    check_ceph("cannot create the RBD image " + name, ceph.rbd_create4(pool.io(), name.c_str(), size, options.options));
}

}  // namespace

/// Count of the writes in flight, and their first error. Completions of writes share this object, because they run on
/// threads of librbd and can outlive the writer.
class RbdWriter::Flight {
public:
    Flight(const CephLibrary& ceph, std::chrono::microseconds limit) : ceph_(ceph), limit_(limit) {}

    /// Waits until fewer than `most` writes are in flight. Returns the error of the first write that failed, or 0;
    /// -ETIMEDOUT if no write has ended within the time limit.
    int wait_below(std::size_t most) {
        MutexLock lock(mutex_);
        while (count_ >= most) {
            const std::size_t before = count_;
            if (!landed_.wait_for(lock, limit_, [&]() REQUIRES(mutex_) { return count_ < before; })) return -ETIMEDOUT;
        }
        return result_;
    }

    static void send(const std::shared_ptr<Flight>& flight, RbdImage& image, Gathered gathered) {
        auto write = std::make_unique<Write>(Write{flight, std::move(gathered.buffers), {}, image.begin_operation()});
        std::size_t left = gathered.size;
        for (const auto& buffer : write->buffers) {
            const std::size_t part = std::min(left, buffer.bytes().size());
            write->parts.push_back({buffer.bytes().data(), part});
            left -= part;
        }
        const CephLibrary& ceph = flight->ceph_;
        rbd_completion_t completion = nullptr;
        image.check("cannot write to", ceph.rbd_aio_create_completion(write.get(), landed, &completion));
        {
            const MutexLock lock(flight->mutex_);
            ++flight->count_;
        }
        const int result = ceph.rbd_aio_writev(image.handle(), write->parts.data(),
                                               static_cast<int>(write->parts.size()), gathered.offset, completion);
        if (result < 0) {
            ceph.rbd_aio_release(completion);
            flight->land(0);
            image.check("cannot write to", result);
        }
        static_cast<void>(write.release());  // landed() owns it now
    }

private:
    struct Write {
        std::shared_ptr<Flight> flight;
        std::vector<BufferPool::Buffer> buffers;
        std::vector<iovec> parts;
        std::shared_ptr<void> operation;  ///< keeps the image open until the write has ended
    };

    static void landed(rbd_completion_t completion, void* argument) {
        std::unique_ptr<Write> write(static_cast<Write*>(argument));
        const std::shared_ptr<Flight> flight = write->flight;
        const auto result = static_cast<int>(flight->ceph_.rbd_aio_get_return_value(completion));
        flight->ceph_.rbd_aio_release(completion);
        write.reset();  // free the buffers before land() wakes the waiting thread
        flight->land(result);
    }

    void land(int result) {
        {
            const MutexLock lock(mutex_);
            --count_;
            if (result_ >= 0) result_ = result;
        }
        landed_.notify_all();
    }

    const CephLibrary& ceph_;
    const std::chrono::microseconds limit_;
    Mutex mutex_;
    ConditionVariable landed_;
    std::size_t count_ GUARDED_BY(mutex_) = 0;
    int result_ GUARDED_BY(mutex_) = 0;  // error of the first write that failed, or 0
};

RbdWriter::RbdWriter(std::shared_ptr<CephPool> pool, std::string name, std::optional<std::uint64_t> size,
                     std::uint64_t object_bytes, const std::string& owner, BufferPool& buffers,
                     std::shared_ptr<void> use)
    : pool_(std::move(pool)),
      use_(std::move(use)),
      name_(std::move(name)),
      object_bytes_(object_bytes),
      buffers_(buffers),
      flight_(std::make_shared<Flight>(pool_->library(), pool_->cluster().calls().limit())),
      has_known_size_(size.has_value()),
      image_size_(size.value_or(0)) {
    create_image(*pool_, name_, image_size_, object_bytes_);
    try {
        image_ = std::make_unique<RbdImage>(pool_, name_, RbdImage::Access::write);
        image_->set_metadata(owner_key, owner);
    } catch (...) {
        discard();
        throw;
    }
}

RbdWriter::~RbdWriter() {
    if (!is_committed_) discard();
}

void RbdWriter::discard() noexcept {
    try {
        gathered_ = {};
        if (image_) wait_below(1);
        image_.reset();
        remove_image(pool_, name_, std::move(use_));
    } catch (const std::exception& error) {
        // The location is still in the catalog, so the image is removed later.
        image_.reset();
        log_warning("rbd.not_discarded", error.what(), {{"image", name_}});
    }
}

void RbdWriter::write(std::span<const std::byte> bytes) {
    if (has_known_size_ && bytes.size() > image_size_ - end_)
        throw Error(ErrorKind::internal, "more bytes than the declared size were written to the RBD image " + name_);
    while (!bytes.empty()) {
        // Cut at multiples of hole_bytes, and so at object boundaries, to find the largest holes.
        const std::size_t piece = std::min<std::size_t>(bytes.size(), hole_bytes - end_ % hole_bytes);
        const auto part = bytes.first(piece);
        bytes = bytes.subspan(piece);
        if (is_zero(part)) {
            end_ += piece;
            continue;
        }
        append(part);
    }
}

void RbdWriter::append(std::span<const std::byte> bytes) {
    grow_to(end_ + bytes.size());
    const bool follows = gathered_.offset + gathered_.size == end_;
    if (gathered_.size > 0 && (!follows || end_ % object_bytes_ == 0)) send_gathered();
    while (!bytes.empty()) {
        if (!make_room()) {
            write_through(bytes);
            return;
        }
        if (gathered_.size == 0) gathered_.offset = end_;
        const auto room = gathered_.buffers.back().bytes().subspan(gathered_.size % BufferPool::buffer_bytes);
        const std::size_t part = std::min(room.size(), bytes.size());
        std::memcpy(room.data(), bytes.data(), part);
        gathered_.size += part;
        end_ += part;
        bytes = bytes.subspan(part);
    }
}

void RbdWriter::wait_below(std::size_t limit) { image_->check("cannot write to", flight_->wait_below(limit)); }

bool RbdWriter::make_room() {
    if (gathered_.size < gathered_.buffers.size() * BufferPool::buffer_bytes) return true;
    auto buffer = buffers_.try_acquire();
    if (!buffer) {
        // No buffer is spare: wait for the writes in flight, which then return their buffers.
        if (gathered_.size > 0) send_gathered();
        wait_below(1);
        buffer = buffers_.try_acquire();
    }
    if (!buffer) return false;
    gathered_.buffers.push_back(std::move(buffer));
    return true;
}

void RbdWriter::grow_to(std::uint64_t end) {
    if (end <= image_size_) return;
    image_size_ = end + growth_bytes;
    image_->resize(image_size_);
}

void RbdWriter::send_gathered() {
    wait_below(max_in_flight);
    Gathered full = std::exchange(gathered_, {});
    Flight::send(flight_, *image_, std::move(full));
}

void RbdWriter::write_through(std::span<const std::byte> bytes) {
    const auto written =
        image_->library().rbd_write(image_->handle(), end_, bytes.size(), reinterpret_cast<const char*>(bytes.data()));
    image_->check("cannot write to", static_cast<int>(written));
    end_ += bytes.size();
}

void RbdWriter::commit() {
    if (gathered_.size > 0) send_gathered();
    wait_below(1);
    image_->flush();
    if (end_ != image_size_) {
        image_->resize(end_);
        image_size_ = end_;
    }
    image_->make_snapshot();
    is_committed_ = true;
    image_.reset();
    use_.reset();
}

}  // namespace reprieve::store
