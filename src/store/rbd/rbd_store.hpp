#pragma once

#include <memory>
#include <string>

#include "base/buffer_pool.hpp"
#include "base/mutex.hpp"
#include "store/rbd/ceph_cluster.hpp"
#include "store/rbd/image_uses.hpp"
#include "store/store.hpp"

namespace reprieve::store {

/// Store that keeps images as RBD images of one pool, in the layout that lets Nova and Cinder clone instead of copy.
/// The RBD image is named by the image id and has the protected snapshot "snap". The URI is
/// rbd://<fsid>/<pool>/<image id>/snap, each part percent-encoded.
///
/// Connects to the cluster at the first use. The functions throw unavailable while the cluster is down, and work again
/// once it is back. An image in the bin is not changed in any way. Only remove() touches it, after a check that nothing
/// else needs the image.
class RbdStore final : public Store {
public:
    /// `object_bytes`: size of the RADOS objects of new images, a power of two. `buffers` must outlive the store; all
    /// reads and writes share them.
    RbdStore(std::shared_ptr<CephCluster> cluster, std::string pool, std::uint64_t object_bytes, BufferPool& buffers);

    std::string uri_for(const std::string& image_id) const override;
    std::unique_ptr<Writer> create(const std::string& uri, std::optional<std::uint64_t> size) override;
    std::unique_ptr<Reader> open(const std::string& uri) override;

    /// Removes the image. Throws InUse if clones, clients, snapshots or downloads need the image, and names them; then
    /// nothing has changed. After a failure before the first byte is removed, the snapshot is created again if the
    /// cluster allows it. In all other respects it works as Store::remove().
    std::optional<std::uint64_t> remove(const std::string& uri) override;
    StoredObject stat(const std::string& uri) override;

    /// Visits only the images that this driver wrote, because others may use the pool, too.
    void list(const std::function<void(const StoredObject&)>& visit) override;

    /// Does nothing: an unfinished upload has a location in the catalog, so the clean-up at the start of the appliance
    /// removes its bytes.
    std::size_t remove_temporary() override { return 0; }
    Space space() override;

private:
    std::shared_ptr<CephPool> pool() const;
    /// Returns the name of the RBD image of `uri`. Throws not_found if the URI does not belong to this store.
    std::string name_of(const std::string& uri) const;
    static void remove_snapshot(CephPool& pool, const std::string& name);
    static void put_snapshot_back(CephPool& pool, const std::string& name) noexcept;

    std::shared_ptr<CephCluster> cluster_;
    const std::string pool_name_;
    const std::uint64_t object_bytes_;
    BufferPool& buffers_;
    const std::shared_ptr<ImageUses> uses_ = std::make_shared<ImageUses>();
    mutable Mutex mutex_;
    mutable std::shared_ptr<CephPool> pool_ GUARDED_BY(mutex_);  // null until the first use
};

}  // namespace reprieve::store
