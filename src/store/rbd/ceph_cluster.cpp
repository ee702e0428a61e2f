#include "store/rbd/ceph_cluster.hpp"

#include <algorithm>
#include <cerrno>
#include <chrono>
#include <cstring>

#include "base/clock.hpp"
#include "base/error.hpp"
#include "base/log.hpp"

namespace reprieve::store {
namespace {

constexpr std::int64_t pause_after_failure_us = 5 * us_per_second;
constexpr std::int64_t operations_of_a_call = 3;  // limit of one call in calls_, as a multiple of timeout_us

std::int64_t steady_us() {
    return std::chrono::duration_cast<std::chrono::microseconds>(std::chrono::steady_clock::now().time_since_epoch())
        .count();
}

std::string error_text(int error_number) {
    char buffer[256];
    return ::strerror_r(error_number, buffer, sizeof buffer);
}

ErrorKind kind_of(int error_number) {
    switch (error_number) {
        case ENOENT:
            return ErrorKind::not_found;
        case EBUSY:
            return ErrorKind::in_use;
        case ENOSPC:
        case EDQUOT:
            return ErrorKind::storage_full;
        default:
            return ErrorKind::unavailable;
    }
}

std::string hint(int error_number) {
    switch (error_number) {
        case ETIMEDOUT:
            return ": the cluster did not answer in time";
        case EPERM:
        case EACCES:
            return ": the user of the store needs the capabilities mon 'profile rbd' and osd 'profile rbd pool=POOL'";
        default:
            return "";
    }
}

}  // namespace

void throw_ceph_error(const std::string& what, int result) {
    const int number = -result;
    throw Error(kind_of(number), what + ": " + error_text(number) + hint(number));
}

int check_ceph(const std::string& what, int result) {
    if (result < 0) throw_ceph_error(what, result);
    return result;
}

CephCluster::CephCluster(std::string conf, std::string user, std::int64_t timeout_us)
    : conf_(std::move(conf)),
      user_(std::move(user)),
      timeout_us_(timeout_us),
      calls_(std::chrono::microseconds(operations_of_a_call * timeout_us)) {}

CephCluster::~CephCluster() {
    if (cluster_ == nullptr) return;
    // A cluster that does not answer must not block the end of the process, which closes everything anyway.
    constexpr int limits = 2;
    if (calls_.finish(std::chrono::microseconds(limits * timeout_us_)))
        library().rados_shutdown(cluster_);
    else
        log_warning("ceph.not_closed", "the Ceph cluster does not answer: the images on it are left open", {});
}

rados_t CephCluster::connect() {
    const MutexLock lock(mutex_);
    if (steady_us() < next_try_at_us_) throw Error(ErrorKind::unavailable, failure_);
    if (cluster_ != nullptr) return cluster_;
    rados_t cluster = nullptr;
    try {
        const CephLibrary& ceph = library();
        check_ceph("cannot use Ceph as the user '" + user_ + "'", ceph.rados_create(&cluster, user_.c_str()));
        check_ceph("cannot read " + (conf_.empty() ? "Ceph's own configuration" : conf_),
                   ceph.rados_conf_read_file(cluster, conf_.empty() ? nullptr : conf_.c_str()));
        const std::string seconds = std::to_string(std::max<std::int64_t>(1, timeout_us_ / us_per_second));
        const std::pair<const char*, std::string> settings[] = {
            {"client_mount_timeout", seconds},
            {"rados_mon_op_timeout", seconds},
            {"rados_osd_op_timeout", seconds},
            {"rbd_cache", "false"},  // RbdWriter gathers writes itself; the cache would take 32 MiB per image
        };
        for (const auto& [name, value] : settings)
            check_ceph(std::string("cannot set ") + name, ceph.rados_conf_set(cluster, name, value.c_str()));
        check_ceph("cannot reach the Ceph cluster", ceph.rados_connect(cluster));
        char fsid[64] = {};
        check_ceph("cannot ask for the cluster's id", ceph.rados_cluster_fsid(cluster, fsid, sizeof fsid));
        fsid_ = fsid;
        cluster_ = cluster;
        if (!failure_.empty()) log_info("ceph.connected", {{"fsid", fsid_}});
        return cluster_;
    } catch (const Error& error) {
        if (cluster != nullptr) library().rados_shutdown(cluster);
        failure_ = error.what();
        next_try_at_us_ = steady_us() + pause_after_failure_us;
        throw Error(ErrorKind::unavailable, failure_);
    }
}

void CephCluster::note_silence() {
    const MutexLock lock(mutex_);
    failure_ = "the Ceph cluster does not answer: it is asked again in a few seconds";
    if (next_try_at_us_ < steady_us()) log_warning("ceph.silent", failure_, {{"fsid", fsid_}});
    next_try_at_us_ = steady_us() + pause_after_failure_us;
}

const std::string& CephCluster::fsid() {
    connect();
    const MutexLock lock(mutex_);
    return fsid_;
}

Space CephCluster::space() {
    rados_cluster_stat_t stat{};
    const int result = library().rados_cluster_stat(connect(), &stat);
    if (result == -ETIMEDOUT) note_silence();
    check_ceph("cannot ask the cluster for its space", result);
    return {stat.kb * 1024, stat.kb_avail * 1024};
}

CephPool::CephPool(CephCluster& cluster, const std::string& name) : cluster_(cluster), library_(cluster.library()) {
    check_ceph("cannot use the pool '" + name + "'",
               library_.rados_ioctx_create(cluster.connect(), name.c_str(), &io_));
}

int CephPool::check(const std::string& what, int result) {
    if (result == -ETIMEDOUT) cluster_.note_silence();
    return check_ceph(what, result);
}

CephPool::~CephPool() { library_.rados_ioctx_destroy(io_); }

}  // namespace reprieve::store
