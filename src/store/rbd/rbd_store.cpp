#include "store/rbd/rbd_store.hpp"

#include <algorithm>
#include <cerrno>
#include <vector>

#include "base/error.hpp"
#include "base/joined.hpp"
#include "base/log.hpp"
#include "base/percent_encoding.hpp"
#include "base/uuid.hpp"
#include "store/rbd/rbd_image.hpp"
#include "store/rbd/rbd_reader.hpp"
#include "store/rbd/rbd_writer.hpp"

namespace reprieve::store {
namespace {

constexpr int watch_s = 10;  // retry delay in seconds, while Ceph still counts a dead client as alive

/// Returns whether this driver wrote the image.
bool is_ours(RbdImage& image) {
    char owner[64] = {};
    std::size_t size = sizeof owner;
    return image.library().rbd_metadata_get(image.handle(), owner_key, owner, &size) >= 0;
}

[[noreturn]] void throw_in_use(const std::string& what, std::vector<std::string> holders) {
    constexpr std::size_t named = 20;
    const std::size_t unnamed = holders.size() - std::min(named, holders.size());
    holders.resize(holders.size() - unnamed);
    if (unnamed > 0) holders.push_back(std::to_string(unnamed) + " more");
    throw InUse(what + " is needed by " + joined(holders, ", ") +
                    ": flatten or remove its clones, close the clients that have it open, "
                    "remove its snapshots",
                holders);
}

}  // namespace

RbdStore::RbdStore(std::shared_ptr<CephCluster> cluster, std::string pool, std::uint64_t object_bytes,
                   BufferPool& buffers)
    : cluster_(std::move(cluster)), pool_name_(std::move(pool)), object_bytes_(object_bytes), buffers_(buffers) {}

std::shared_ptr<CephPool> RbdStore::pool() const {
    const MutexLock lock(mutex_);
    if (!pool_) pool_ = std::make_shared<CephPool>(*cluster_, pool_name_);
    return pool_;
}

std::string RbdStore::uri_for(const std::string& image_id) const {
    return "rbd://" + percent_encode(cluster_->fsid()) + "/" + percent_encode(pool_name_) + "/" +
           percent_encode(image_id) + "/" + clone_snapshot;
}

std::string RbdStore::name_of(const std::string& uri) const {
    constexpr std::size_t id_length = 36;
    const std::string end = std::string("/") + clone_snapshot;
    if (uri.size() > id_length + end.size()) {
        std::string name = uri.substr(uri.size() - end.size() - id_length, id_length);
        if (is_canonical_uuid(name) && uri == uri_for(name)) return name;
    }
    throw Error(ErrorKind::not_found,
                "the location " + uri + " is not in the pool '" + pool_name_ + "' of the cluster " + cluster_->fsid());
}

std::unique_ptr<Writer> RbdStore::create(const std::string& uri, std::optional<std::uint64_t> size) {
    const std::string name = name_of(uri);
    try {
        remove(uri);  // the remains of a failed upload, if there are any
    } catch (const Error& error) {
        if (error.kind() != ErrorKind::in_use) throw;
        // Ceph counts a killed client as alive until its watch times out: 30 s by default.
        throw Error(ErrorKind::unavailable,
                    "the remains of an interrupted upload cannot be removed yet: " + std::string(error.what()) +
                        "; Ceph drops a killed client within a minute: try again then",
                    watch_s);
    }
    return std::make_unique<RbdWriter>(pool(), name, size, object_bytes_, name, buffers_, uses_->remove(name));
}

std::unique_ptr<Reader> RbdStore::open(const std::string& uri) {
    const std::string name = name_of(uri);
    return std::make_unique<RbdReader>(pool(), name, buffers_, uses_->read(name));
}

std::optional<std::uint64_t> RbdStore::remove(const std::string& uri) {
    const std::string name = name_of(uri);
    const std::string what = "the RBD image " + pool_name_ + "/" + name;
    const auto pool = this->pool();
    const auto use = uses_->remove(name);
    // Unprotecting a snapshot asks Ceph's monitor without a timeout, and blocks all of librbd while it waits. Therefore
    // first find out, with a question that has a timeout, whether the monitor answers.
    cluster_->space();
    std::uint64_t freed = 0;
    bool is_there = true;
    try {
        RbdImage looked_at(pool, name, RbdImage::Access::read);
        if (auto holders = looked_at.holders(); !holders.empty()) throw_in_use(what, std::move(holders));
        for (const auto& extent : looked_at.extents()) freed += extent.length;
    } catch (const Error& error) {
        if (error.kind() != ErrorKind::not_found) throw;
        is_there = false;
    }
    // If the image is missing, an interrupted removal may still have left its name, which the call below removes.
    if (is_there) remove_snapshot(*pool, name);
    const int result = remove_image(pool, name, use);
    switch (-result) {
        case 0:
            return freed;
        case ENOENT:
            return {};
        case EBUSY:
        case ENOTEMPTY:
            // Another client cloned or opened the image after our check. librbd checks again before it removes
            // anything.
            put_snapshot_back(*pool, name);
            throw Error(ErrorKind::in_use, what + " was cloned or opened a moment ago");
        default:
            try {
                pool->check("cannot remove " + what, result);
            } catch (const Error& error) {
                throw HalfRemoved(error.what());
            }
            return {};
    }
}

void RbdStore::remove_snapshot(CephPool& pool, const std::string& name) {
    try {
        RbdImage(pool.shared_from_this(), name, RbdImage::Access::write).remove_snapshot();
    } catch (const Error&) {
        put_snapshot_back(pool, name);
        throw;
    }
}

void RbdStore::put_snapshot_back(CephPool& pool, const std::string& name) noexcept {
    try {
        RbdImage(pool.shared_from_this(), name, RbdImage::Access::write).make_snapshot();
    } catch (const std::exception& error) {
        log_warning("rbd.snapshot_missing", error.what(), {{"image", name}});
    }
}

StoredObject RbdStore::stat(const std::string& uri) {
    const std::string name = name_of(uri);
    const RbdReader reader(pool(), name, buffers_, uses_->read(name));
    return {uri, name, reader.size(), reader.allocated(), false};
}

void RbdStore::list(const std::function<void(const StoredObject&)>& visit) {
    const auto pool = this->pool();
    const CephLibrary& ceph = pool->library();
    std::vector<rbd_image_spec_t> images(1024);
    std::size_t count = images.size();
    int result = 0;
    while ((result = ceph.rbd_list2(pool->io(), images.data(), &count)) == -ERANGE) images.resize(count);
    pool->check("cannot list the pool '" + pool_name_ + "'", result);
    std::vector<std::string> names;
    for (std::size_t i = 0; i < count; ++i) names.emplace_back(images[i].name);
    ceph.rbd_image_spec_list_cleanup(images.data(), count);
    for (const std::string& name : names) {
        if (!is_canonical_uuid(name)) continue;
        try {
            RbdImage image(pool, name, RbdImage::Access::read);
            if (!is_ours(image)) continue;
            visit(stat(uri_for(name)));
        } catch (const Error& error) {
            if (error.kind() != ErrorKind::not_found) throw;  // removed in the meantime
        }
    }
}

Space RbdStore::space() { return cluster_->space(); }

}  // namespace reprieve::store
