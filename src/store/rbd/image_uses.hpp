#pragma once

#include <map>
#include <memory>
#include <mutex>
#include <string>

namespace reprieve::store {

/// Which images of a store this process reads or removes: an RBD image that is removed under a reader would go on as
/// zeros, without an error. Any thread may call. Owned by shared_ptr, which every use shares.
class ImageUses : public std::enable_shared_from_this<ImageUses> {
public:
    /// Until the result is gone the image is not removed. Throws not_found where it is being removed.
    std::shared_ptr<void> read(const std::string& name);

    /// Until the result is gone nobody begins to read it. Throws InUse while it is read or removed.
    std::shared_ptr<void> remove(const std::string& name);

private:
    struct Uses {
        int readers = 0;
        bool is_removed = false;
    };

    std::mutex mutex_;
    std::map<std::string, Uses> uses_;
};

}  // namespace reprieve::store
