#include "store/store_set.hpp"

#include <sys/stat.h>

#include <cerrno>
#include <filesystem>
#include <utility>

#include "base/error.hpp"
#include "base/file.hpp"
#include "base/joined.hpp"
#include "store/file_store.hpp"

namespace reprieve::store {
namespace {

/// What stores must share, or must not.
struct Neighbours {
    std::map<dev_t, std::shared_ptr<Promises>> promises;            // one a file system
    std::map<std::pair<dev_t, ino_t>, std::string> name_by_folder;  // one store a folder
};

std::unique_ptr<Store> open_file_store(const std::string& name, const StoreConfig& config,
                                       const std::string& data_folder, Neighbours& neighbours) {
    const std::string path =
        config.path.empty() ? (std::filesystem::path(data_folder) / "images").string() : config.path;
    const FileDescriptor folder = open_folder(path);
    struct stat info {};
    if (::fstat(folder.get(), &info) != 0) throw_errno("cannot look at the folder " + path, errno);
    const auto [other, is_first] = neighbours.name_by_folder.try_emplace({info.st_dev, info.st_ino}, name);
    if (!is_first)
        throw Error(ErrorKind::bad_request,
                    "it has the same folder as the store '" + other->second + "': give each a 'path' of its own");
    auto& promises = neighbours.promises[info.st_dev];
    if (!promises) promises = std::make_shared<Promises>();
    return std::make_unique<FileStore>(path, config.reserve_bytes, promises);
}

std::unique_ptr<Store> open_store(const std::string& name, const StoreConfig& config, const std::string& data_folder,
                                  Neighbours& neighbours) {
    if (config.type == "file") return open_file_store(name, config, data_folder, neighbours);
    throw Error(ErrorKind::bad_request, "its type '" + config.type + "' is unknown: use file");
}

}  // namespace

StoreSet::StoreSet(const Config& config, const std::string& data_folder) : default_name_(config.store.default_store) {
    Neighbours neighbours;
    for (const auto& [name, store_config] : config.stores) {
        try {
            entries_[name] = {open_store(name, store_config, data_folder, neighbours), store_config.description};
        } catch (const Error& error) {
            throw Error(error.kind(), "the store '" + name + "' cannot be used: " + error.what());
        }
    }
    if (!contains(default_name_))
        throw Error(ErrorKind::bad_request,
                    "store.default is '" + default_name_ + "', which is none of the stores: " + joined(names(), ", "));
}

StoreSet::StoreSet(std::map<std::string, std::unique_ptr<Store>> stores, std::string default_name)
    : default_name_(std::move(default_name)) {
    for (auto& entry : stores) entries_[entry.first] = {std::move(entry.second), ""};
}

const StoreSet::Entry& StoreSet::entry(const std::string& name) const {
    const auto found = entries_.find(name);
    if (found == entries_.end())
        throw Error(ErrorKind::not_found, "there is no store '" + name + "'; there are: " + joined(names(), ", "));
    return found->second;
}

Store& StoreSet::at(const std::string& name) const { return *entry(name).store; }

const std::string& StoreSet::description(const std::string& name) const { return entry(name).description; }

std::vector<std::string> StoreSet::names() const {
    std::vector<std::string> names;
    for (const auto& [name, entry] : entries_) names.push_back(name);
    return names;
}

}  // namespace reprieve::store
