#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <span>
#include <string>

#include "base/clock.hpp"
#include "catalog/catalog.hpp"
#include "image/caller.hpp"
#include "image/image.hpp"
#include "service/buffer_pool.hpp"
#include "service/ingest.hpp"
#include "service/running_uploads.hpp"
#include "store/store_set.hpp"

namespace reprieve::service {

/// The way of bytes into an image. Any thread may call; an upload runs on its caller's thread.
class Uploads {
public:
    struct Options {
        std::uint64_t image_size_cap = 0;
        std::string hash_algorithm;
        bool raw_accepts_any_format = false;
    };

    Uploads(catalog::Catalog& catalog, store::StoreSet& stores, BufferPool& buffers, RunningUploads& running,
            const Clock& clock, Options options);

    struct Request {
        std::string image_id;
        std::optional<std::uint64_t> size;  ///< declared length in bytes
        std::string store;                  ///< empty: the default store
        ByteSource source;                  ///< where the bytes come from
    };

    /// Reads the source to its end and makes the image active; durable when it returns. Throws conflict where the image
    /// has data or another upload of it runs, gone where it was deleted meanwhile, storage_full, too_large,
    /// bad_request, and what the source throws. After a failure the image is queued again, with the reason stored,
    /// and nothing of the data is left; where the store does not even remove it, the image stays saving, with the
    /// reason, until recover().
    Image upload(const Caller& caller, Request request);

private:
    Image claim(const Request& request, Location& location);
    Image finish(const Request& request, Location& location, const IngestResult& result);
    void give_back(const std::string& image_id, const Location& location, const std::string& reason) noexcept;
    void tell_stuck(const std::string& image_id, const std::string& reason) noexcept;

    catalog::Catalog& catalog_;
    store::StoreSet& stores_;
    BufferPool& buffers_;
    RunningUploads& running_;
    const Clock& clock_;
    const Options options_;
};

}  // namespace reprieve::service
