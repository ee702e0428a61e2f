#pragma once

#include <cstdint>
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

    rbd_image_t handle() const { return handle_; }
    const CephLibrary& library() const { return pool_->library(); }
    const std::string& name() const { return name_; }

    /// `what` of the image, for the message of an error.
    int check(const char* what, int result);

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

    std::shared_ptr<CephPool> pool_;
    std::string name_;
    Access access_;
    rbd_image_t handle_ = nullptr;
    bool was_unanswered_ = false;  // closing it may take long
};

}  // namespace reprieve::store
