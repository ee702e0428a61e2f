#pragma once

#include <map>
#include <memory>
#include <string>

#include "base/mutex.hpp"

namespace reprieve::store {

/// Registry of the images that this process reads or removes. It prevents a removal during a read, because the read
/// would then return zeros without an error. Any thread may call. The registry must be owned by a shared_ptr, because
/// each result of read() and remove() keeps it alive.
class ImageUses : public std::enable_shared_from_this<ImageUses> {
public:
    /// Registers a reader of the image until the result is destroyed. Throws not_found if the image is being removed.
    std::shared_ptr<void> read(const std::string& name);

    /// Registers a removal or a write of the image until the result is destroyed. No reader can start until then.
    /// Throws InUse if the image is being read or removed.
    std::shared_ptr<void> remove(const std::string& name);

private:
    struct Uses {
        int readers = 0;
        bool is_removed = false;
    };

    Mutex mutex_;
    std::map<std::string, Uses> uses_ GUARDED_BY(mutex_);
};

}  // namespace reprieve::store
