#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>

#include "catalog/catalog.hpp"
#include "image/image.hpp"
#include "store/store_set.hpp"

namespace reprieve::service {

/// Remover of the bytes of abandoned uploads. Asks a store that does not answer only once, so that the caller does not
/// wait for it again and again. Only one thread may use it.
class LeftoverRemover {
public:
    explicit LeftoverRemover(store::StoreSet& stores) : stores_(stores) {}

    /// Removes the bytes that uploads wrote for the image. Returns the reason if they cannot be removed now; nullopt if
    /// they are gone.
    std::optional<std::string> remove(const Image& image);

private:
    store::StoreSet& stores_;
    std::map<std::string, std::string> silent_;  ///< stores that did not answer, with the reason
};

/// Deletes the image's locations in state writing from the catalog. If the image is still `saving`, returns it to
/// `queued` with `reason`. Call inside Catalog::write, after the bytes were removed.
void give_back_leftover(catalog::Connection& db, const Image& image, std::string_view reason);

}  // namespace reprieve::service
