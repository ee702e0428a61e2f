#pragma once

#include <cstdint>
#include <memory>
#include <mutex>
#include <string>

#include "store/rbd/ceph_library.hpp"
#include "store/rbd/limited_calls.hpp"
#include "store/store.hpp"

namespace reprieve::store {

/// Throws Error for a negative result of a call of librados or librbd: ENOENT not_found, EBUSY in_use, ENOSPC and
/// EDQUOT storage_full, a time limit that has passed and all else that may mend itself unavailable.
[[noreturn]] void throw_ceph_error(const std::string& what, int result);

/// The same where `result` is negative; else returns it.
int check_ceph(const std::string& what, int result);

class CephPool;

/// One connection to a Ceph cluster, made at the first use and shared by all stores on it. Any thread may call.
///
/// Every call on it has a limit of time. Without limits the calls of librados wait for ever where the cluster is down;
/// they are set on this handle alone, never in a ceph.conf that others read.
class CephCluster {
public:
    /// `conf`: a ceph.conf, or empty for Ceph's own default places; `user`: without "client."; `timeout_us`: for one
    /// operation of the mon or the osd. Nothing is opened yet.
    CephCluster(std::string conf, std::string user, std::int64_t timeout_us);
    ~CephCluster();
    CephCluster(const CephCluster&) = delete;
    CephCluster& operator=(const CephCluster&) = delete;

    /// The functions of the library. Throws unavailable where it is not installed.
    const CephLibrary& library() const { return CephLibrary::get(); }

    /// Every operation on a store begins with it. Throws unavailable where no connection is to be had. After a failure
    /// the next try waits a few seconds, and whoever asks meanwhile is refused at once: a cluster that is down must not
    /// hold every thread for its limit.
    rados_t connect();

    /// An operation was not answered within its limit: what begins in the next few seconds is refused at once.
    void note_silence();

    /// The cluster's id, as locations name it. Throws as connect().
    const std::string& fsid();

    /// Of a pool; empty where the mon does not know. Throws as connect().
    Space space();

    /// For calls of librbd that notify an image's watchers, or wait until they have been notified, as closing does.
    /// What the osd has taken and not yet passed on they wait for without any limit (librbd 16); so they have one here,
    /// of a few operations. At the end of the process it waits for what is under way for a few operations, and no
    /// longer.
    LimitedCalls& calls() { return calls_; }

private:
    const std::string conf_;
    const std::string user_;
    const std::int64_t timeout_us_;
    std::mutex mutex_;
    rados_t cluster_ = nullptr;  // with mutex_, until it is set for good
    std::string fsid_;
    std::string failure_;              // of the last try
    std::int64_t next_try_at_us_ = 0;  // steady clock
    LimitedCalls calls_;
};

/// A pool of a cluster, owned by shared_ptr. Any thread may call.
class CephPool : public std::enable_shared_from_this<CephPool> {
public:
    CephPool(CephCluster& cluster, const std::string& name);
    ~CephPool();
    CephPool(const CephPool&) = delete;
    CephPool& operator=(const CephPool&) = delete;

    rados_ioctx_t io() const { return io_; }
    const CephLibrary& library() const { return library_; }
    CephCluster& cluster() const { return cluster_; }

    /// As check_ceph(); the cluster hears of a limit that has passed.
    int check(const std::string& what, int result);

private:
    CephCluster& cluster_;
    const CephLibrary& library_;
    rados_ioctx_t io_ = nullptr;
};

}  // namespace reprieve::store
