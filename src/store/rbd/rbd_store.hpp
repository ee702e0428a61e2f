#pragma once

#include <memory>
#include <mutex>
#include <string>

#include "base/buffer_pool.hpp"
#include "store/rbd/ceph_cluster.hpp"
#include "store/rbd/image_uses.hpp"
#include "store/store.hpp"

namespace reprieve::store {

/// Images as RBD images of one pool, laid out so that Nova and Cinder clone them instead of copying: named by the image
/// id, with the protected snapshot "snap"; the URI is rbd://<fsid>/<pool>/<image id>/snap, each part percent-encoded.
///
/// Nothing is opened until it is needed: a cluster that is down is unavailable, and used again when it is back. What is
/// in the bin is as it was; only remove() touches it, and it looks first for what else needs the image.
class RbdStore final : public Store {
public:
    /// `object_bytes`: a power of two. `buffers` and `cluster` outlive the store; all reads and writes share them.
    RbdStore(std::shared_ptr<CephCluster> cluster, std::string pool, std::uint64_t object_bytes, BufferPool& buffers);

    std::string uri_for(const std::string& image_id) const override;
    std::unique_ptr<Writer> create(const std::string& uri, std::optional<std::uint64_t> size) override;
    std::unique_ptr<Reader> open(const std::string& uri) override;

    /// Throws InUse, with the clones, clients, snapshots and downloads, where any needs the image: then nothing is
    /// changed. After a failure before the first byte is removed the snapshot is there again, as far as the cluster
    /// lets us.
    std::optional<std::uint64_t> remove(const std::string& uri) override;
    StoredObject stat(const std::string& uri) override;

    /// Only what this store's driver wrote: others may use the pool too.
    void list(const std::function<void(const StoredObject&)>& visit) override;

    /// What an upload left has a location in the catalog; a pool has no other temporary things of ours.
    std::size_t remove_temporary() override { return 0; }
    Space space() override;

private:
    std::shared_ptr<CephPool> pool() const;
    /// The name of the image that `uri` is of. Throws not_found where it is none of this store.
    std::string name_of(const std::string& uri) const;
    static void remove_snapshot(CephPool& pool, const std::string& name);
    static void put_snapshot_back(CephPool& pool, const std::string& name) noexcept;

    std::shared_ptr<CephCluster> cluster_;
    const std::string pool_name_;
    const std::uint64_t object_bytes_;
    BufferPool& buffers_;
    const std::shared_ptr<ImageUses> uses_ = std::make_shared<ImageUses>();
    mutable std::mutex mutex_;
    mutable std::shared_ptr<CephPool> pool_;  // with mutex_, until it is made
};

}  // namespace reprieve::store
