#pragma once

#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <string>

#include "store/store.hpp"

namespace reprieve::store {

/// A store that is opened when it is needed, and again until that succeeds: so an appliance starts without it. As long
/// as it cannot be opened, everything throws unavailable with the reason.
class DeferredStore final : public Store {
public:
    using Open = std::function<std::unique_ptr<Store>()>;

    /// Opens nothing yet. `name` is for the messages; `reason`: why it could not be opened the first time. What `open`
    /// throws, save bad_request, is unavailable.
    DeferredStore(std::string name, Open open, std::string reason)
        : name_(std::move(name)), open_(std::move(open)), reason_(std::move(reason)) {}

    /// As it is stored, until the store is open.
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

    /// What cannot be removed now is when it is opened.
    std::size_t remove_temporary() override { return opened().remove_temporary(); }
    Space space() override { return opened().space(); }

private:
    Store& opened() const;

    const std::string name_;
    const Open open_;
    mutable std::mutex mutex_;
    mutable std::unique_ptr<Store> store_;  // with mutex_, until it is set for good
    mutable std::string reason_;            // why it could not be opened the last time
};

}  // namespace reprieve::store
