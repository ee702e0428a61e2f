#include "store/rbd/rbd_image.hpp"

#include <cerrno>
#include <cstddef>
#include <utility>

#include "base/error.hpp"
#include "base/log.hpp"
#include "base/mutex.hpp"

namespace reprieve::store {
namespace {

/// Fetches a list from librbd, which answers ERANGE until the array is large enough. Sets `result` to the return value
/// of the last call.
template <typename Item, typename Fetch>
std::vector<Item> fetch_list(const Fetch& fetch, int& result) {
    constexpr std::size_t at_first = 16;
    std::vector<Item> items(at_first);
    for (;;) {
        std::size_t count = items.size();
        result = fetch(items.data(), &count);
        if (result != -ERANGE) {
            items.resize(result < 0 ? 0 : count);
            return items;
        }
        items.resize(std::max(count, 2 * items.size()));
    }
}

/// Returns the text with "?" instead of commas and control characters. Clients choose names freely, but commas separate
/// the items of our lists, and each entry of the log is one line.
std::string text(const char* chars) {
    std::string text = chars == nullptr ? "" : chars;
    for (char& c : text)
        if (c == ',' || static_cast<unsigned char>(c) < ' ') c = '?';
    return text;
}

}  // namespace

/// Count of the asynchronous reads and writes that have not ended.
class RbdImage::Operations {
public:
    void begin() {
        const MutexLock lock(mutex_);
        ++count_;
    }
    void end() {
        const MutexLock lock(mutex_);
        --count_;
        changed_.notify_all();
    }
    void wait_for_all() {
        MutexLock lock(mutex_);
        changed_.wait(lock, [this]() REQUIRES(mutex_) { return count_ == 0; });
    }

private:
    Mutex mutex_;
    ConditionVariable changed_;
    std::size_t count_ GUARDED_BY(mutex_) = 0;
};

/// Handle of an image that librbd has open. The last owner of this object closes the image. Completions of reads and
/// writes do not own it: they run on librbd's threads, which must not close an image.
struct RbdImage::Open {
    explicit Open(std::shared_ptr<CephPool> of) : pool(std::move(of)) {}
    ~Open() {
        if (image == nullptr) return;
        operations->wait_for_all();
        pool->library().rbd_close(image);
    }
    Open(const Open&) = delete;
    Open& operator=(const Open&) = delete;

    const std::shared_ptr<CephPool> pool;
    const std::shared_ptr<Operations> operations = std::make_shared<Operations>();
    rbd_image_t image = nullptr;
};

RbdImage::RbdImage(std::shared_ptr<CephPool> pool, std::string name, Access access)
    : pool_(std::move(pool)), name_(std::move(name)), access_(access), open_(std::make_shared<Open>(pool_)) {
    const auto opened = access == Access::read ? library().rbd_open_read_only : library().rbd_open;
    const auto result = pool_->cluster().calls().run([opened, open = open_, name = name_](const auto&) {
        return opened(open->pool->io(), name.c_str(), &open->image, nullptr);
    });
    check("cannot open", result);
}

RbdImage::~RbdImage() {
    LimitedCalls& calls = pool_->cluster().calls();
    try {
        // Wait for the close of a writable image, because the image cannot be removed earlier. Do not wait if a call
        // timed out, because the close may then take long.
        if (was_unanswered_ || access_ == Access::read)
            calls.leave([open = std::move(open_)]() mutable { open.reset(); });
        else
            calls.run([open = std::move(open_)](const auto&) { return 0; });
    } catch (const std::exception& error) {
        log_warning("rbd.closed_at_once", error.what(), {{"image", name_}});  // no thread could be started
    }
}

rbd_image_t RbdImage::handle() const { return open_->image; }

std::shared_ptr<void> RbdImage::begin_operation() {
    open_->operations->begin();
    return {nullptr, [operations = open_->operations](std::nullptr_t) { operations->end(); }};
}

int RbdImage::check(const char* what, int result) {
    if (result >= 0) return result;
    was_unanswered_ = was_unanswered_ || result == -ETIMEDOUT;
    return pool_->check(what + (" the RBD image " + name_), result);
}

int RbdImage::limited(std::function<int(rbd_image_t)> call) {
    return pool_->cluster().calls().run(
        [open = open_, call = std::move(call)](const auto&) { return call(open->image); });
}

void RbdImage::call(const char* what, std::function<int(rbd_image_t)> call) { check(what, limited(std::move(call))); }

void RbdImage::resize(std::uint64_t size) {
    call("cannot change the size of",
         [&ceph = library(), size](rbd_image_t image) { return ceph.rbd_resize(image, size); });
}

void RbdImage::set_metadata(const std::string& key, const std::string& value) {
    call("cannot mark", [&ceph = library(), key, value](rbd_image_t image) {
        return ceph.rbd_metadata_set(image, key.c_str(), value.c_str());
    });
}

void RbdImage::flush() {
    call("cannot flush", [&ceph = library()](rbd_image_t image) { return ceph.rbd_flush(image); });
}

std::uint64_t RbdImage::size() {
    std::uint64_t size = 0;
    check("cannot ask for the size of", library().rbd_get_size(handle(), &size));
    return size;
}

bool RbdImage::has_snapshot() {
    bool exists = false;
    check("cannot look for the snapshot of", library().rbd_snap_exists(handle(), clone_snapshot, &exists));
    return exists;
}

void RbdImage::make_snapshot() {
    const CephLibrary& ceph = library();
    if (!has_snapshot())
        call("cannot make the snapshot of",
             [&ceph](rbd_image_t image) { return ceph.rbd_snap_create(image, clone_snapshot); });
    int is_protected = 0;
    check("cannot look at the snapshot of", ceph.rbd_snap_is_protected(handle(), clone_snapshot, &is_protected));
    if (is_protected == 0)
        call("cannot protect the snapshot of",
             [&ceph](rbd_image_t image) { return ceph.rbd_snap_protect(image, clone_snapshot); });
}

void RbdImage::remove_snapshot() {
    const CephLibrary& ceph = library();
    const int unprotected =
        limited([&ceph](rbd_image_t image) { return ceph.rbd_snap_unprotect(image, clone_snapshot); });
    // EINVAL: the snapshot is not protected. ENOENT: there is no snapshot.
    if (unprotected != -EINVAL && unprotected != -ENOENT) check("cannot unprotect the snapshot of", unprotected);
    const int removed = limited([&ceph](rbd_image_t image) { return ceph.rbd_snap_remove(image, clone_snapshot); });
    if (removed != -ENOENT) check("cannot remove the snapshot of", removed);
    for (const Snapshot& snapshot : snapshots()) {
        if (!snapshot.is_in_trash) continue;
        const int emptied =
            limited([&ceph, id = snapshot.id](rbd_image_t image) { return ceph.rbd_snap_remove_by_id(image, id); });
        if (emptied != -ENOENT) check("cannot remove what is left of a snapshot of", emptied);
    }
}

void RbdImage::read_snapshot() {
    check("cannot read the snapshot of", library().rbd_snap_set(handle(), clone_snapshot));
}

std::vector<RbdImage::Snapshot> RbdImage::snapshots() {
    constexpr int at_first = 64;
    std::vector<rbd_snap_info_t> infos(at_first);
    int result = 0;
    int room = at_first;
    while ((result = library().rbd_snap_list(handle(), infos.data(), &room)) == -ERANGE)
        infos.resize(static_cast<std::size_t>(room));
    check("cannot list the snapshots of", result);
    std::vector<Snapshot> snapshots;
    for (int i = 0; i < result; ++i) {
        const auto& info = infos[static_cast<std::size_t>(i)];
        snapshots.push_back({.id = info.id, .name = text(info.name)});
    }
    if (result > 0) library().rbd_snap_list_end(infos.data());
    for (Snapshot& snapshot : snapshots) {
        rbd_snap_namespace_type_t type = RBD_SNAP_NAMESPACE_TYPE_USER;
        const int asked = library().rbd_snap_get_namespace_type(handle(), snapshot.id, &type);
        if (asked != -ENOENT) check("cannot look at the snapshots of", asked);
        snapshot.is_in_trash = type == RBD_SNAP_NAMESPACE_TYPE_TRASH;
    }
    return snapshots;
}

std::vector<std::string> RbdImage::holders() {
    std::vector<std::string> holders;
    int result = 0;
    auto clones = fetch_list<rbd_linked_image_spec_t>(
        [&](auto* items, std::size_t* count) { return library().rbd_list_children3(handle(), items, count); }, result);
    check("cannot list the clones of", result);
    for (const auto& clone : clones) {
        const std::string space = text(clone.pool_namespace);
        holders.push_back("the clone " + text(clone.pool_name) + "/" + (space.empty() ? "" : space + "/") +
                          text(clone.image_name) + (clone.trash ? " (in RBD's trash)" : ""));
    }
    library().rbd_linked_image_spec_list_cleanup(clones.data(), clones.size());

    auto watchers = fetch_list<rbd_image_watcher_t>(
        [&](auto* items, std::size_t* count) { return library().rbd_watchers_list(handle(), items, count); }, result);
    check("cannot list the clients of", result);
    for (const auto& watcher : watchers) holders.push_back("the client " + text(watcher.addr) + ", which has it open");
    library().rbd_watchers_list_cleanup(watchers.data(), watchers.size());

    for (const Snapshot& snapshot : snapshots())
        if (snapshot.name != clone_snapshot && !snapshot.is_in_trash)
            holders.push_back("the snapshot " + snapshot.name);
    return holders;
}

std::vector<RbdImage::Extent> RbdImage::extents() {
    std::vector<Extent> extents;
    const auto add = [](std::uint64_t offset, std::size_t length, int exists, void* list) {
        auto& found = *static_cast<std::vector<Extent>*>(list);
        if (exists == 0 || length == 0) return 0;
        if (!found.empty() && found.back().offset + found.back().length == offset)
            found.back().length += length;
        else
            found.push_back({offset, length});
        return 0;
    };
    rbd_image_info_t info{};
    check("cannot look at", library().rbd_stat(handle(), &info, sizeof info));
    // For whole objects librbd reads the object map instead of each object. librbd 16 aborts if the range does not end
    // at the end of an object, so an incomplete last object counts as data.
    const std::uint64_t whole = info.size / info.obj_size * info.obj_size;
    if (whole > 0)
        check("cannot find the holes of",
              library().rbd_diff_iterate2(handle(), nullptr, 0, whole, 1, 1, add, &extents));
    if (whole < info.size) add(whole, static_cast<std::size_t>(info.size - whole), 1, &extents);
    return extents;
}

int remove_image(const std::shared_ptr<CephPool>& pool, const std::string& name, std::shared_ptr<void> held) {
    return pool->cluster().calls().run([pool, name, held = std::move(held)](const LimitedCalls::Alive& alive) {
        // The removal of a large image takes long, so each removed part counts as progress.
        const auto progress = [](std::uint64_t, std::uint64_t, void* sign) {
            (*static_cast<const LimitedCalls::Alive*>(sign))();
            return 0;
        };
        return pool->library().rbd_remove_with_progress(pool->io(), name.c_str(), progress,
                                                        const_cast<LimitedCalls::Alive*>(&alive));
    });
}

}  // namespace reprieve::store
