#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>

#include "catalog/catalog.hpp"
#include "image/image.hpp"
#include "store/store_set.hpp"

namespace reprieve::service {

/// Removes the bytes of uploads that nobody goes on with. A store that does not answer is asked once by each of these,
/// so that nobody waits for it again and again. Used by one thread.
class LeftoverRemover {
public:
    explicit LeftoverRemover(store::StoreSet& stores) : stores_(stores) {}

    /// Why the bytes of the image cannot be removed now; nothing where they are.
    std::optional<std::string> remove(const Image& image);

private:
    store::StoreSet& stores_;
    std::map<std::string, std::string> silent_;  ///< and why
};

/// Forgets the locations that an ended upload was writing to; the image is queued again, for `reason`, where it is
/// still saving. Inside a write.
void give_back_leftover(catalog::Connection& db, const Image& image, std::string_view reason);

}  // namespace reprieve::service
