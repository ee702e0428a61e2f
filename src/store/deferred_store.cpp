#include "store/deferred_store.hpp"

#include "base/error.hpp"
#include "base/log.hpp"

namespace reprieve::store {

std::string DeferredStore::public_url(const std::string& uri) const {
    const MutexLock lock(mutex_);
    return store_ ? store_->public_url(uri) : uri;
}

Store& DeferredStore::opened() const {
    const MutexLock lock(mutex_);
    if (store_) return *store_;
    try {
        auto store = open_();
        store->remove_temporary();  // safe, because no upload can be writing yet
        store_ = std::move(store);
        log_info("store.opened", {{"store", name_}});
        return *store_;
    } catch (const Error& error) {
        if (error.kind() == ErrorKind::bad_request) throw;
        if (reason_ != error.what()) log_error("store.unavailable", error.what(), {{"store", name_}});
        reason_ = error.what();
        // Errors of other kinds may name a path, which only the log may show.
        const std::string detail = error.kind() == ErrorKind::unavailable ? ": " + reason_ : ": the log says why";
        throw Error(ErrorKind::unavailable, "the store '" + name_ + "' is not available" + detail);
    }
}

}  // namespace reprieve::store
