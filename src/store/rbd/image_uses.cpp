#include "store/rbd/image_uses.hpp"

#include "store/store.hpp"

namespace reprieve::store {

std::shared_ptr<void> ImageUses::read(const std::string& name) {
    const MutexLock lock(mutex_);
    Uses& uses = uses_[name];
    if (uses.is_removed) throw Error(ErrorKind::not_found, "the RBD image " + name + " is being removed");
    ++uses.readers;
    return {this, [self = shared_from_this(), name](ImageUses*) {
                const MutexLock held(self->mutex_);
                const auto found = self->uses_.find(name);
                if (--found->second.readers == 0) self->uses_.erase(found);
            }};
}

std::shared_ptr<void> ImageUses::remove(const std::string& name) {
    const MutexLock lock(mutex_);
    Uses& uses = uses_[name];
    if (uses.is_removed) throw InUse("the RBD image " + name + " is being removed already", {});
    if (uses.readers > 0) {
        const std::string who =
            uses.readers == 1 ? "a download of it" : std::to_string(uses.readers) + " downloads of it";
        throw InUse("the RBD image " + name + " is needed by " + who + ": it can be removed after they end", {who});
    }
    uses.is_removed = true;
    return {this, [self = shared_from_this(), name](ImageUses*) {
                const MutexLock held(self->mutex_);
                self->uses_.erase(name);
            }};
}

}  // namespace reprieve::store
