#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>

#include "base/mutex.hpp"
#include "store/store.hpp"

namespace reprieve::store {

/// Store that is opened at its first use, so that the appliance can start although the store cannot be opened yet.
/// Until it is open, each call tries to open it, and throws unavailable, with the reason, if that fails.
class DeferredStore final : public Store {
public:
    using Open = std::function<std::unique_ptr<Store>()>;

    /// Opens nothing yet. `name` is for messages. `reason`: why an earlier attempt to open the store failed. If `open`
    /// throws bad_request, the call that opens the store throws it unchanged; any other error becomes unavailable.
    DeferredStore(std::string name, Open open, std::string reason)
        : name_(std::move(name)), open_(std::move(open)), reason_(std::move(reason)) {}

    /// Returns `uri` unchanged until the store is open.
    std::string public_url(const std::string& uri) const override;

    std::string uri_for(const std::string& image_id) const override { return opened().uri_for(image_id); }
    std::unique_ptr<Writer> create(const std::string& uri, std::optional<std::uint64_t> size) override {
        return opened().create(uri, size);
    }
    std::unique_ptr<Hold> hold(std::uint64_t size) override { return opened().hold(size); }
    std::unique_ptr<Reader> open(const std::string& uri) override { return opened().open(uri); }
    std::optional<std::uint64_t> remove(const std::string& uri) override { return opened().remove(uri); }
    std::optional<std::uint64_t> remove_unflushed(const std::string& uri) override {
        return opened().remove_unflushed(uri);
    }
    void flush_removals() override { opened().flush_removals(); }
    StoredObject stat(const std::string& uri) override { return opened().stat(uri); }
    void list(const std::function<void(const StoredObject&)>& visit) override { opened().list(visit); }

    /// A failed call need not be repeated: the temporary files are also removed when the store is opened.
    std::size_t remove_temporary() override { return opened().remove_temporary(); }
    Space space() override { return opened().space(); }

private:
    Store& opened() const;

    const std::string name_;
    const Open open_;
    mutable Mutex mutex_;
    mutable std::unique_ptr<Store> store_ GUARDED_BY(mutex_);  // null until the store is open; then never changes
    mutable std::string reason_ GUARDED_BY(mutex_);            // reason of the last failure to open the store
};

}  // namespace reprieve::store
