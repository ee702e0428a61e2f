#include "store/store_set.hpp"

#include <sys/stat.h>

#include <cerrno>
#include <filesystem>
#include <utility>

#include "base/error.hpp"
#include "base/file.hpp"
#include "base/joined.hpp"
#include "base/log.hpp"
#include "base/mutex.hpp"
#include "store/deferred_store.hpp"
#include "store/file/file_store.hpp"
#include "store/file/folder_marker.hpp"
#include "store/http/http_store.hpp"
#include "store/rbd/rbd_store.hpp"

namespace reprieve::store {

/// Registry of what stores must share (reservations, connections to Ceph), and of the folders that they must not share.
/// It is kept after the start, because a store may be opened later.
struct Neighbours {
    Mutex mutex;
    std::map<dev_t, std::shared_ptr<Promises>> promises GUARDED_BY(mutex);            // one per file system
    std::map<std::pair<dev_t, ino_t>, std::string> name_by_folder GUARDED_BY(mutex);  // one store per folder
    // One per ceph.conf and user. Needs no mutex, because only the constructor of StoreSet uses this map.
    std::map<std::pair<std::string, std::string>, std::shared_ptr<CephCluster>> clusters;
};

namespace {

std::shared_ptr<Promises> promises_of(dev_t file_system, Neighbours& neighbours) REQUIRES(neighbours.mutex) {
    auto& promises = neighbours.promises[file_system];
    if (!promises) promises = std::make_shared<Promises>();
    return promises;
}

/// Throws bad_request if another store uses the folder. Call it before anything is written to the folder.
void refuse_shared_folder(const std::string& name, const std::string& path, const Neighbours& neighbours)
    REQUIRES(neighbours.mutex) {
    struct stat info {};
    if (::stat(path.c_str(), &info) != 0) return;  // no such folder yet: it will be created
    const auto other = neighbours.name_by_folder.find({info.st_dev, info.st_ino});
    if (other != neighbours.name_by_folder.end() && other->second != name)
        throw Error(ErrorKind::bad_request,
                    "it has the same folder as the store '" + other->second + "': give each a 'path' of its own");
}

std::unique_ptr<Store> open_folder_of(const std::string& name, const StoreConfig& config, const std::string& record,
                                      Neighbours& neighbours) {
    const std::string& path = config.path;
    const MutexLock lock(neighbours.mutex);
    refuse_shared_folder(name, path, neighbours);
    const FileDescriptor folder = open_marked_folder(path, record);
    struct stat info {};
    if (::fstat(folder.get(), &info) != 0) throw_errno("cannot look at the folder " + path, errno);
    neighbours.name_by_folder[{info.st_dev, info.st_ino}] = name;
    return std::make_unique<FileStore>(path, config.reserve_bytes, promises_of(info.st_dev, neighbours));
}

std::unique_ptr<Store> open_file_store(const std::string& name, const StoreConfig& config,
                                       const std::string& data_folder, const std::shared_ptr<Neighbours>& neighbours) {
    const std::filesystem::path data(data_folder);
    const std::string& path = config.path;
    const std::string record = (data / "stores" / name).string();
    const auto open = [=] { return open_folder_of(name, config, record, *neighbours); };
    const bool was_used = std::filesystem::exists(record);
    try {
        return open();
    } catch (const Error& error) {
        // For a store that was never used, this is a mistake in the configuration. For any other, its disk is not
        // mounted.
        if (!was_used || error.kind() == ErrorKind::bad_request) throw;
        log_error("store.unavailable", error.what(), {{"store", name}, {"path", path}, {"record", record}});
        return std::make_unique<DeferredStore>(name, open, error.what());
    }
}

std::unique_ptr<Store> open_rbd_store(const StoreConfig& config, BufferPool& buffers,
                                      const std::shared_ptr<Neighbours>& neighbours) {
    CephLibrary::get();  // fail at the start if the library is missing: the store could never work
    auto& cluster = neighbours->clusters[{config.conf, config.user}];
    if (!cluster) cluster = std::make_shared<CephCluster>(config.conf, config.user, config.timeout_us);
    return std::make_unique<RbdStore>(cluster, config.pool, config.chunk_bytes, buffers);
}

std::unique_ptr<Store> open_store(const std::string& name, const StoreConfig& config, const std::string& data_folder,
                                  BufferPool& buffers, const std::shared_ptr<Neighbours>& neighbours) {
    if (config.type == "file") return open_file_store(name, config, data_folder, neighbours);
    if (config.type == "rbd") return open_rbd_store(config, buffers, neighbours);
    if (config.type == "http") return std::make_unique<HttpStore>(config);
    throw Error(ErrorKind::bad_request, "its type '" + config.type + "' is unknown: use file, rbd or http");
}

}  // namespace

StoreSet::StoreSet(const Config& config, const std::string& data_folder, BufferPool& buffers)
    : neighbours_(std::make_shared<Neighbours>()), default_name_(config.store.default_store) {
    for (const auto& [name, store_config] : config.stores) {
        StoreConfig filled = store_config;
        if (filled.type == "file" && filled.path.empty())
            filled.path = (std::filesystem::path(data_folder) / "images").string();
        try {
            auto store = open_store(name, filled, data_folder, buffers, neighbours_);
            entries_[name] = {std::move(store), std::move(filled)};
        } catch (const Error& error) {
            throw Error(error.kind(), "the store '" + name + "' cannot be used: " + error.what());
        }
    }
    if (!contains(default_name_))
        throw Error(ErrorKind::bad_request,
                    "store.default is '" + default_name_ + "', which is none of the stores: " + joined(names(), ", "));
}

StoreSet::StoreSet(std::map<std::string, std::unique_ptr<Store>> stores, std::string default_name)
    : neighbours_(std::make_shared<Neighbours>()), default_name_(std::move(default_name)) {
    for (auto& entry : stores) entries_[entry.first] = {std::move(entry.second), StoreConfig{}};
}

const StoreSet::Entry& StoreSet::entry(const std::string& name) const {
    const auto found = entries_.find(name);
    if (found == entries_.end())
        throw Error(ErrorKind::not_found, "there is no store '" + name + "'; the stores are: " + joined(names(), ", "));
    return found->second;
}

Store& StoreSet::at(const std::string& name) const { return *entry(name).store; }

const StoreConfig& StoreSet::config(const std::string& name) const { return entry(name).config; }

std::shared_ptr<Promises> StoreSet::promises_at(const std::string& path) const {
    struct stat info {};
    if (::stat(path.c_str(), &info) != 0) throw_errno("cannot look at the folder " + path, errno);
    const MutexLock lock(neighbours_->mutex);
    return promises_of(info.st_dev, *neighbours_);
}

std::vector<std::string> StoreSet::names() const {
    std::vector<std::string> names;
    for (const auto& [name, entry] : entries_) names.push_back(name);
    return names;
}

}  // namespace reprieve::store
