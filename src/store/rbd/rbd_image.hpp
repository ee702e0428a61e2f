#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "store/rbd/ceph_cluster.hpp"

namespace reprieve::store {

/// The snapshot that Nova and Cinder clone from.
inline constexpr const char* clone_snapshot = "snap";

/// The metadata of an RBD image that says whose it is.
inline constexpr const char* owner_key = "reprieve.image";

/// An open RBD image. Any thread may read and write at once; the rest is for one thread at a time. Every function
/// throws as check_ceph says.
class RbdImage {
public:
    enum class Access { read, write };

    /// Throws not_found where there is none.
    RbdImage(std::shared_ptr<CephPool> pool, std::string name, Access access);
    ~RbdImage();
    RbdImage(const RbdImage&) = delete;
    RbdImage& operator=(const RbdImage&) = delete;

    rbd_image_t handle() const;
    /// Registers an asynchronous read or write that is about to start; its completion lets go of the result. librbd
    /// crashes if an image is closed under a read, so it is closed only after all of them have ended.
    std::shared_ptr<void> begin_operation();
    const CephLibrary& library() const { return pool_->library(); }
    const std::string& name() const { return name_; }

    /// `what` of the image, for the message of an error.
    int check(const char* what, int result);

    /// Makes the image as large as that.
    void resize(std::uint64_t size);
    /// Writes it beside the image.
    void set_metadata(const std::string& key, const std::string& value);
    /// What was written is on the disks.
    void flush();

    std::uint64_t size();
    bool has_snapshot();

    /// Makes the snapshot and protects it, so far as that is not done.
    void make_snapshot();
    /// Takes it away, so far as it is there, and what removals of snapshots that were cut off have left of them.
    void remove_snapshot();
    /// From now on the image is read as it was at the snapshot.
    void read_snapshot();

    /// What else needs the image, in words, such as "the clone volumes/disk-1"; clones of both formats, also in RBD's
    /// own trash, whoever has it open, and snapshots that are not ours.
    std::vector<std::string> holders();

    /// A part of the image that may hold data; whole objects of the pool. Between them are holes.
    struct Extent {
        std::uint64_t offset = 0, length = 0;
    };
    /// In order, without overlaps.
    std::vector<Extent> extents();

private:
    struct Snapshot {
        std::uint64_t id = 0;
        std::string name;
        /// Removed, but for the last step: a removal puts it there first, under another name, and so does one of a
        /// snapshot that has clones of format 2.
        bool is_in_trash = false;
    };
    std::vector<Snapshot> snapshots();
    /// Makes a call that notifies the image's watchers, with a limit (CephCluster::calls), and checks its result.
    /// `call` owns what it uses beside the image.
    void call(const char* what, std::function<int(rbd_image_t)> call);
    /// As call(), for whoever knows what the result means.
    int limited(std::function<int(rbd_image_t)> call);

    class Operations;
    struct Open;
    std::shared_ptr<CephPool> pool_;
    std::string name_;
    Access access_;
    std::shared_ptr<Open> open_;   // shared with calls that nobody waits for any more
    bool was_unanswered_ = false;  // closing it may take long
};

/// Removes an image that nobody has open; 0, or what librbd says, which is -ETIMEDOUT where nothing has come for the
/// limit of CephCluster::calls: it may go on then, and `held` is let go of when it has ended.
int remove_image(const std::shared_ptr<CephPool>& pool, const std::string& name, std::shared_ptr<void> held);

}  // namespace reprieve::store
