#pragma once

#include <atomic>
#include <cstdint>
#include <memory>
#include <mutex>
#include <optional>
#include <string>

#include "store/file/file_writer.hpp"
#include "store/space_ledger.hpp"
#include "store/store.hpp"

namespace reprieve::store {

/// Images as plain files of one folder: `<folder>/<image id>`, and `<folder>/.partial/<random>` while they
/// are written. The URI is "file:<image id>", without the folder, so that a folder that has moved still
/// works. Nothing outside the folder is ever opened and no link is followed. Outlives its writers.
class FileStore final : public Store {
public:
    /// Creates the folder where it is missing. `reserve_bytes` of the file system stay free of images.
    /// `promises`: shared by the stores of one file system. Throws internal, with the path and the reason.
    FileStore(const std::string& folder, std::uint64_t reserve_bytes,
              std::shared_ptr<Promises> promises = std::make_shared<Promises>());

    /// "file:///<folder>/<image id>".
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
    std::atomic<std::uint64_t> removals_ = 1;  // those of a process before may be unsynced
    std::mutex flush_mutex_;
    std::uint64_t flushed_removals_ = 1;  // those of a process before may be unsynced  // with flush_mutex_
};

}  // namespace reprieve::store
