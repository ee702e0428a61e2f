#pragma once

#include <cstdint>
#include <memory>
#include <string>

#include "base/mutex.hpp"
#include "store/rbd/ceph_library.hpp"
#include "store/rbd/limited_calls.hpp"
#include "store/store.hpp"

namespace reprieve::store {

/// Throws an Error for `result`, a negative errno from librados or librbd. The kind is not_found for ENOENT, in_use for
/// EBUSY, storage_full for ENOSPC and EDQUOT, and unavailable for all others, timeouts included. `what` begins the
/// message.
[[noreturn]] void throw_ceph_error(const std::string& what, int result);

/// Returns `result` if it is not negative; else throws as throw_ceph_error() does.
int check_ceph(const std::string& what, int result);

class CephPool;

/// Connection to a Ceph cluster, made at the first use and shared by all stores on the cluster. Any thread may call.
///
/// Every operation on it has a timeout, because librados would wait without limit if the cluster is down. The timeouts
/// are set only on this handle, never in a ceph.conf that others read.
class CephCluster {
public:
    /// Opens nothing yet. `conf`: path of a ceph.conf; empty for Ceph's default paths. `user`: name of the Ceph user,
    /// without "client.". `timeout_us`: time limit in microseconds for one operation of a monitor (mon) or storage
    /// daemon (osd) of Ceph.
    CephCluster(std::string conf, std::string user, std::int64_t timeout_us);
    ~CephCluster();
    CephCluster(const CephCluster&) = delete;
    CephCluster& operator=(const CephCluster&) = delete;

    /// Returns the functions of librados and librbd. Throws unavailable if they are not installed.
    const CephLibrary& library() const { return CephLibrary::get(); }

    /// Connects if necessary, and returns the connection. Every operation on a store calls it first. Throws unavailable
    /// if it cannot connect. For 5 s after a failure or a note_silence() it throws at once, so that a cluster that is
    /// down does not block every thread for a timeout.
    rados_t connect();

    /// Records that an operation timed out: for the next 5 s connect() throws at once.
    void note_silence();

    /// Returns the cluster's id, which is part of each image's URI. Throws as connect() does.
    const std::string& fsid();

    /// Returns the total and the free raw space of the whole cluster. Throws as connect() does, and unavailable if the
    /// cluster does not answer.
    Space space();

    /// Returns the runner for calls of librbd that notify the watchers of an image (the clients that have it open), or
    /// that wait for such a notification to end, as closing an image does. librbd 16 waits for notifications without
    /// limit, so the runner limits each call to three times the `timeout_us` of the constructor. The destructor of the
    /// cluster waits at most twice `timeout_us` for calls in flight.
    LimitedCalls& calls() { return calls_; }

private:
    const std::string conf_;
    const std::string user_;
    const std::int64_t timeout_us_;
    Mutex mutex_;
    rados_t cluster_ GUARDED_BY(mutex_) = nullptr;        // never changes once it is set
    std::string fsid_ GUARDED_BY(mutex_);                 // never changes once cluster_ is set
    std::string failure_ GUARDED_BY(mutex_);              // message of the last failure
    std::int64_t next_try_at_us_ GUARDED_BY(mutex_) = 0;  // by the steady clock; connect() throws until then
    LimitedCalls calls_;
};

/// Open pool of a Ceph cluster. It must be owned by a shared_ptr. Any thread may call.
class CephPool : public std::enable_shared_from_this<CephPool> {
public:
    /// `cluster` must outlive this. Throws as CephCluster::connect() does, and not_found if there is no such pool.
    CephPool(CephCluster& cluster, const std::string& name);
    ~CephPool();
    CephPool(const CephPool&) = delete;
    CephPool& operator=(const CephPool&) = delete;

    rados_ioctx_t io() const { return io_; }
    const CephLibrary& library() const { return library_; }
    CephCluster& cluster() const { return cluster_; }

    /// Does the same as check_ceph(), and calls CephCluster::note_silence() after a timeout.
    int check(const std::string& what, int result);

private:
    CephCluster& cluster_;
    const CephLibrary& library_;
    rados_ioctx_t io_ = nullptr;
};

}  // namespace reprieve::store
