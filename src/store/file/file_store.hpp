#pragma once

#include <atomic>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>

#include "base/mutex.hpp"
#include "store/file/file_writer.hpp"
#include "store/space_ledger.hpp"
#include "store/store.hpp"

namespace reprieve::store {

/// Store that keeps images as plain files in one folder: `<folder>/<image id>`, and `<folder>/.partial/<random>` during
/// an upload. The URI is "file:<image id>", without the folder, so that the folder can be moved. Opens no file outside
/// the folder and follows no symbolic link. It must outlive its writers.
class FileStore final : public Store {
public:
    /// Creates the folder if it is missing. `reserve_bytes`: free bytes of the file system that images never use.
    /// `promises`: the bytes of the file system that are reserved for uploads; all stores on this file system share the
    /// object. Throws internal, with the path and the reason.
    FileStore(const std::string& folder, std::uint64_t reserve_bytes,
              std::shared_ptr<Promises> promises = std::make_shared<Promises>());

    /// Returns "file://<folder>/<image id>".
    std::string public_url(const std::string& uri) const override;
    std::string uri_for(const std::string& image_id) const override;
    std::unique_ptr<Writer> create(const std::string& uri, std::optional<std::uint64_t> size) override;
    std::unique_ptr<Hold> hold(std::uint64_t size) override;
    std::unique_ptr<Reader> open(const std::string& uri) override;
    std::optional<std::uint64_t> remove(const std::string& uri) override;
    std::optional<std::uint64_t> remove_unflushed(const std::string& uri) override;
    void flush_removals() override;
    StoredObject stat(const std::string& uri) override;
    void list(const std::function<void(const StoredObject&)>& visit) override;
    std::size_t remove_temporary() override;
    Space space() override;

private:
    const std::string path_;
    StoreFolders folders_;
    SpaceLedger ledger_;
    std::atomic<std::uint64_t> removals_ = 1;  // unlinks, plus 1 for those of an earlier process, which may be unsynced
    Mutex flush_mutex_;
    std::uint64_t flushed_removals_ GUARDED_BY(flush_mutex_) = 1;  // value of removals_ at the last flush
};

}  // namespace reprieve::store
