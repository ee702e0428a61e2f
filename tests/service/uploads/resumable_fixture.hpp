#pragma once

#include <condition_variable>
#include <cstring>
#include <memory>
#include <mutex>
#include <optional>
#include <string>

#include "catalog/operation/usage_table.hpp"
#include "service/uploads/resumable_uploads.hpp"
#include "tests/hang_limit.hpp"
#include "tests/sample_bytes.hpp"
#include "tests/service/service_fixture.hpp"

namespace reprieve::tests {

using service::ResumableUploads;
using Chunk = ResumableUploads::Chunk;
using Upload = ResumableUploads::Upload;

/// Client that stops in the middle of an upload: it sends `text`, then blocks until it is interrupted.
class StalledClient {
public:
    explicit StalledClient(std::string text) : text_(std::move(text)) {}

    Chunk chunk(std::uint64_t offset = 0) {
        return {.offset = offset,
                .source = [this](std::span<std::byte> out) { return read(out); },
                .interrupt = [this] { interrupt(); }};
    }
    void wait_until_stalled() {
        std::unique_lock lock(mutex_);
        if (!changed_.wait_for(lock, hang_limit, [this] { return is_stalled_; }))
            throw std::runtime_error("it has not stalled");
    }

private:
    std::size_t read(std::span<std::byte> out) {
        std::unique_lock lock(mutex_);
        const std::size_t count = std::min(out.size(), text_.size());
        std::memcpy(out.data(), text_.data(), count);
        text_.erase(0, count);
        if (count == out.size()) return count;
        is_stalled_ = true;
        changed_.notify_all();
        changed_.wait_for(lock, hang_limit, [this] { return is_interrupted_; });
        throw Error(ErrorKind::disconnected, "the client is gone");
    }
    void interrupt() {
        const std::lock_guard lock(mutex_);
        is_interrupted_ = true;
        changed_.notify_all();
    }

    std::mutex mutex_;
    std::condition_variable changed_;
    std::string text_;
    bool is_stalled_ = false;
    bool is_interrupted_ = false;
};

/// Resumable uploads to the stores of ServiceFixture.
struct Resumable : ServiceFixture {
    std::string uploads_folder = folder.path() + "/uploads";
    store::StagingFolder staging{uploads_folder, 0};
    service::Uploads uploads{
        catalog, stores, buffers, running, quotas, clock, {.image_size_cap = 8 * mebibyte, .hash_algorithm = "sha512"}};
    std::unique_ptr<ResumableUploads> resumable = make();

    /// Returns a new object without state in memory, as after a restart of the appliance.
    std::unique_ptr<ResumableUploads> make() { return make(quotas); }
    std::unique_ptr<ResumableUploads> make(const service::Quotas& limits) {
        return std::make_unique<ResumableUploads>(
            catalog, staging, stores, uploads, running, buffers, limits, clock,
            ResumableUploads::Options{.size_cap = 8 * mebibyte, .expire_after_us = day_us});
    }
    Upload create(const Image& image, std::optional<std::uint64_t> length) {
        return resumable->create(alice, {.image_id = image.id, .store = {}, .metadata = "m", .length = length});
    }
    Upload append(const Upload& upload, std::uint64_t offset, const std::string& text,
                  std::optional<std::uint64_t> length = {}) {
        return resumable->append(alice, upload.id, {.offset = offset, .length = length, .source = source_of(text)});
    }
    std::string staged(const Upload& upload) {
        auto file = staging.open(upload.id);
        std::string text(file.size(), '\0');
        file.read(0, std::as_writable_bytes(std::span(text)));
        return text;
    }
    std::uint64_t usage() {
        return catalog.read([&](catalog::Connection& db) { return catalog::usage_of_project(db, "default").bytes; });
    }
    void check_queued(const Image& image, const std::string& reason) {
        const Image after = find(image.id).value();
        BOOST_TEST(after.status == Status::queued);
        BOOST_TEST(after.status_reason.find(reason) != std::string::npos, after.status_reason);
        BOOST_TEST(after.locations.empty());
        BOOST_TEST(local->image_count() == 0U);
        BOOST_TEST(staging.ids().empty());
        BOOST_TEST(usage() == 0U);
    }
    bool is_unknown(const Upload& upload) {
        return throws(ErrorKind::not_found, [&] { resumable->get(alice, upload.id); });
    }
};

}  // namespace reprieve::tests
