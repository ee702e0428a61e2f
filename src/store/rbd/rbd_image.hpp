#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "store/rbd/ceph_cluster.hpp"

namespace reprieve::store {

/// Name of the snapshot that Nova and Cinder clone from.
inline constexpr const char* clone_snapshot = "snap";

/// Metadata key that marks the RBD images of this driver; the value is the image id.
inline constexpr const char* owner_key = "reprieve.image";

/// Open RBD image. Several threads may read and write at once; all other functions are for one thread at a time. All
/// functions throw as check_ceph() does.
class RbdImage {
public:
    enum class Access { read, write };

    /// Opens the image. Throws not_found if there is none.
    RbdImage(std::shared_ptr<CephPool> pool, std::string name, Access access);
    ~RbdImage();
    RbdImage(const RbdImage&) = delete;
    RbdImage& operator=(const RbdImage&) = delete;

    rbd_image_t handle() const;
    /// Registers an asynchronous read or write that is about to start. The completion of this operation must release
    /// the result. The image is closed only after all registered operations have ended, because librbd crashes if an
    /// image is closed during a read.
    std::shared_ptr<void> begin_operation();
    const CephLibrary& library() const { return pool_->library(); }
    const std::string& name() const { return name_; }

    /// Returns `result` if it is not negative; else throws "<what> the RBD image <name>: …".
    int check(const char* what, int result);

    /// Changes the size of the image, in bytes.
    void resize(std::uint64_t size);
    /// Stores a pair in the metadata of the image.
    void set_metadata(const std::string& key, const std::string& value);
    /// Makes all writes durable.
    void flush();

    std::uint64_t size();
    bool has_snapshot();

    /// Creates and protects the snapshot clone_snapshot; skips the steps that are done already.
    void make_snapshot();
    /// Removes the snapshot clone_snapshot, if there is one, and what interrupted removals of snapshots have left.
    void remove_snapshot();
    /// Switches to the snapshot clone_snapshot: from now on reads return the bytes of the snapshot.
    void read_snapshot();

    /// Returns a description of everything else that needs the image, such as "the clone volumes/disk-1": its clones of
    /// both clone formats, also those in RBD's own trash; clients that have the image open; and snapshots other than
    /// clone_snapshot.
    std::vector<std::string> holders();

    /// Part of the image that may hold data: a range of whole RADOS objects, in bytes. The bytes between two extents
    /// are a hole.
    struct Extent {
        std::uint64_t offset = 0, length = 0;
    };
    /// Returns all extents, sorted by offset and without overlaps.
    std::vector<Extent> extents();

private:
    struct Snapshot {
        std::uint64_t id = 0;
        std::string name;
        /// True if only the last step of the snapshot's removal is missing. A removal first moves the snapshot to RBD's
        /// trash under another name. The snapshot stays there while it has clones of format 2.
        bool is_in_trash = false;
    };
    std::vector<Snapshot> snapshots();
    /// Makes a call that notifies the image's watchers (clients that have the image open), with the time limit of
    /// CephCluster::calls(). Throws if the call fails. `call` must own all that it uses besides the image.
    void call(const char* what, std::function<int(rbd_image_t)> call);
    /// Makes a call as call() does, but returns its result unchecked.
    int limited(std::function<int(rbd_image_t)> call);

    class Operations;
    struct Open;
    std::shared_ptr<CephPool> pool_;
    std::string name_;
    Access access_;
    std::shared_ptr<Open> open_;   // shared with calls that timed out and still run
    bool was_unanswered_ = false;  // a call timed out, so closing may take long
};

/// Removes an image that nobody has open. Returns 0 or librbd's negative errno; -ETIMEDOUT if the removal made no
/// progress within the time limit of CephCluster::calls(). It may then still go on. `held` is released when the removal
/// has ended.
int remove_image(const std::shared_ptr<CephPool>& pool, const std::string& name, std::shared_ptr<void> held);

}  // namespace reprieve::store
