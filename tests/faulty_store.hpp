#pragma once

#include <algorithm>
#include <array>
#include <condition_variable>
#include <cstdint>
#include <cstring>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <set>
#include <span>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

#include "base/error.hpp"
#include "base/uuid.hpp"
#include "store/store.hpp"
#include "tests/hang_limit.hpp"

namespace reprieve::tests {

/// A store in memory that keeps the contract of store::Store and fails when it is told to. Any thread
/// may call. It must outlive its writers.
class FaultyStore final : public store::Store {
public:
    enum class Operation { create, write, commit, open, read, remove, flush, stat, list, space };

    /// The nth call of `operation` from now on (1: the next one) throws `error`, once.
    void fail(Operation operation, std::size_t nth, Error error = Error(ErrorKind::unavailable, "the store is down")) {
        const std::lock_guard lock(mutex_);
        faults(operation).once.insert_or_assign(count(operation) + nth, std::move(error));
    }

    /// Every call of `operation` throws `error`, until heal().
    void fail_always(Operation operation, Error error = Error(ErrorKind::unavailable, "the store is down")) {
        const std::lock_guard lock(mutex_);
        faults(operation).always = std::move(error);
    }

    /// No more faults of any kind, and no blockers; what is held stays held.
    void heal() {
        const std::lock_guard lock(mutex_);
        for (auto& faults : faults_) {
            faults.once.clear();
            faults.always.reset();
        }
        blockers_.clear();
    }

    /// Removing `uri` throws InUse, of and with `who`, until unblock().
    void block(const std::string& uri, std::string who) {
        const std::lock_guard lock(mutex_);
        blockers_[uri] = std::move(who);
    }
    /// Removing `uri` throws HalfRemoved, once.
    void cut_off(const std::string& uri) {
        const std::lock_guard lock(mutex_);
        cut_off_.insert(uri);
    }
    void unblock(const std::string& uri) {
        const std::lock_guard lock(mutex_);
        blockers_.erase(uri);
    }

    using Store::hold;
    /// Calls of `operation` wait, before they do anything, until release(): a slow store without sleeping.
    void hold(Operation operation) {
        const std::lock_guard lock(mutex_);
        faults(operation).is_held = true;
    }
    void release(Operation operation) {
        const std::lock_guard lock(mutex_);
        faults(operation).is_held = false;
        changed_.notify_all();
    }
    /// Waits until `count` calls of `operation` are held.
    void wait_until_held(Operation operation, std::size_t count = 1) {
        std::unique_lock lock(mutex_);
        if (!changed_.wait_for(lock, hang_limit, [&] { return faults(operation).waiting >= count; }))
            throw std::runtime_error("no call is held");
    }

    /// How often `operation` was called, failures included.
    std::size_t calls(Operation operation) const {
        const std::lock_guard lock(mutex_);
        return counts_[static_cast<std::size_t>(operation)];
    }

    /// What is stored, past all faults.
    std::optional<std::string> contents(const std::string& uri) const {
        const std::lock_guard lock(mutex_);
        const auto found = images_.find(uri);
        if (found == images_.end()) return std::nullopt;
        return text(*found->second);
    }
    /// Stores an image, past all faults; returns its URI.
    std::string put(const std::string& image_id, const std::string& text) {
        const std::lock_guard lock(mutex_);
        const std::string uri = uri_for(image_id);
        images_[uri] = std::make_shared<Bytes>(bytes(text));
        return uri;
    }
    /// Loses an image, past all faults.
    void lose(const std::string& uri) {
        const std::lock_guard lock(mutex_);
        images_.erase(uri);
    }
    std::size_t image_count() const {
        const std::lock_guard lock(mutex_);
        return images_.size();
    }
    /// Uploads that have begun and not ended.
    std::size_t temporary_count() const {
        const std::lock_guard lock(mutex_);
        return temporary_.size() + left_over_;
    }
    /// As if a process before this one had left `count` uploads.
    void leave_temporary(std::size_t count) {
        const std::lock_guard lock(mutex_);
        left_over_ = count;
    }
    /// Removals that flush_removals() has not made durable.
    std::size_t unflushed_count() const {
        const std::lock_guard lock(mutex_);
        return unflushed_;
    }
    /// Bytes that can be stored in all; 1 TiB where not said.
    void set_capacity(std::uint64_t bytes) {
        const std::lock_guard lock(mutex_);
        capacity_ = bytes;
    }

    /// Whatever has the form of a URI is taken as a location, until take_no_locations().
    bool takes_location(const std::string& uri) const override { return takes_ && uri.starts_with("faulty:"); }
    void take_no_locations() { takes_ = false; }

    std::string uri_for(const std::string& image_id) const override {
        if (!is_canonical_uuid(image_id)) throw Error(ErrorKind::bad_request, "an image's id is a canonical UUID");
        return "faulty:" + image_id;
    }

    std::unique_ptr<store::Writer> create(const std::string& uri, std::optional<std::uint64_t> size) override {
        const auto lock = enter(Operation::create);
        check_uri(uri);
        if (size.value_or(0) > available()) throw Error(ErrorKind::storage_full, "the store is full");
        return std::make_unique<MemoryWriter>(*this, uri, size.value_or(0));
    }

    std::unique_ptr<store::Reader> open(const std::string& uri) override {
        const auto lock = enter(Operation::open);
        return std::make_unique<MemoryReader>(*this, find(uri));
    }

    std::optional<std::uint64_t> remove(const std::string& uri) override {
        const auto freed = remove_unflushed(uri);
        flush_removals();
        return freed;
    }

    std::optional<std::uint64_t> remove_unflushed(const std::string& uri) override {
        const auto lock = enter(Operation::remove);
        check_uri(uri);
        if (const auto blocker = blockers_.find(uri); blocker != blockers_.end())
            throw store::InUse(blocker->second, {blocker->second});
        if (cut_off_.erase(uri) > 0) throw store::HalfRemoved("the removal was cut off");
        const auto found = images_.find(uri);
        if (found == images_.end()) return std::nullopt;
        const std::uint64_t freed = found->second->size();
        images_.erase(found);
        ++unflushed_;
        return freed;
    }

    void flush_removals() override {
        const auto lock = enter(Operation::flush);
        unflushed_ = 0;
    }

    store::StoredObject stat(const std::string& uri) override {
        const auto lock = enter(Operation::stat);
        const std::uint64_t size = find(uri)->size();
        return {uri, id_of(uri), size, size, false};
    }

    void list(const std::function<void(const store::StoredObject&)>& visit) override {
        std::vector<store::StoredObject> objects;
        {
            const auto lock = enter(Operation::list);
            for (const auto& [uri, image] : images_)
                objects.push_back({uri, id_of(uri), image->size(), image->size(), false});
            for (const auto& [name, size] : temporary_) objects.push_back({name, "", size, size, true});
        }
        for (const auto& object : objects) visit(object);
    }

    std::size_t remove_temporary() override {
        const std::lock_guard lock(mutex_);
        return std::exchange(left_over_, 0);
    }

    store::Space space() override {
        const auto lock = enter(Operation::space);
        return {capacity_, available()};
    }

private:
    using Bytes = std::vector<std::byte>;

    struct Faults {
        std::map<std::size_t, Error> once;  // by number of the call, from 1
        std::optional<Error> always;
        bool is_held = false;
        std::size_t waiting = 0;
    };

    class MemoryWriter final : public store::Writer {
    public:
        MemoryWriter(FaultyStore& store, std::string uri, std::uint64_t promised)
            : store_(store), uri_(std::move(uri)), name_("faulty:temporary/" + new_uuid()) {
            store_.temporary_[name_] = promised;
        }
        MemoryWriter(const MemoryWriter&) = delete;
        MemoryWriter& operator=(const MemoryWriter&) = delete;
        ~MemoryWriter() override {
            const std::lock_guard lock(store_.mutex_);
            store_.temporary_.erase(name_);
        }

        void write(std::span<const std::byte> bytes) override {
            const auto lock = store_.enter(Operation::write);
            const std::uint64_t needed = bytes_.size() + bytes.size();
            std::uint64_t& taken = store_.temporary_[name_];
            if (needed > taken && needed - taken > store_.available())
                throw Error(ErrorKind::storage_full, "the store is full");
            taken = std::max(taken, needed);
            bytes_.insert(bytes_.end(), bytes.begin(), bytes.end());
        }

        void commit() override {
            const auto lock = store_.enter(Operation::commit);
            store_.temporary_.erase(name_);
            store_.images_[uri_] = std::make_shared<Bytes>(std::move(bytes_));
        }

    private:
        FaultyStore& store_;
        std::string uri_;
        std::string name_;
        Bytes bytes_;
    };

    class MemoryReader final : public store::Reader {
    public:
        MemoryReader(FaultyStore& store, std::shared_ptr<const Bytes> image)
            : store_(store), image_(std::move(image)) {}

        std::uint64_t size() const override { return image_->size(); }

        std::size_t read(std::uint64_t offset, std::span<std::byte> out) override {
            const auto lock = store_.enter(Operation::read);
            if (offset >= image_->size()) return 0;
            const std::size_t count =
                std::min<std::size_t>(out.size(), image_->size() - static_cast<std::size_t>(offset));
            std::memcpy(out.data(), image_->data() + offset, count);
            return count;
        }

    private:
        FaultyStore& store_;
        std::shared_ptr<const Bytes> image_;
    };

    static Bytes bytes(const std::string& text) {
        Bytes bytes(text.size());
        if (!text.empty()) std::memcpy(bytes.data(), text.data(), text.size());
        return bytes;
    }
    static std::string text(const Bytes& bytes) { return {reinterpret_cast<const char*>(bytes.data()), bytes.size()}; }

    // All below: with the mutex held.

    Faults& faults(Operation operation) { return faults_[static_cast<std::size_t>(operation)]; }
    std::size_t& count(Operation operation) { return counts_[static_cast<std::size_t>(operation)]; }

    /// Counts the call, waits while it is held and throws what it was told to.
    std::unique_lock<std::mutex> enter(Operation operation) {
        std::unique_lock lock(mutex_);
        const std::size_t number = ++count(operation);
        Faults& plan = faults(operation);
        ++plan.waiting;
        changed_.notify_all();
        changed_.wait(lock, [&] { return !plan.is_held; });
        --plan.waiting;
        if (const auto fault = plan.once.find(number); fault != plan.once.end()) {
            const Error error = fault->second;
            plan.once.erase(fault);
            throw error;
        }
        if (plan.always) throw Error(*plan.always);
        return lock;
    }

    static std::string id_of(const std::string& uri) { return uri.substr(std::string_view("faulty:").size()); }

    static void check_uri(const std::string& uri) {
        if (!uri.starts_with("faulty:") || !is_canonical_uuid(std::string_view(uri).substr(7)))
            throw Error(ErrorKind::not_found, "this is no address of an image in this store");
    }

    std::shared_ptr<Bytes> find(const std::string& uri) const {
        check_uri(uri);
        const auto found = images_.find(uri);
        if (found == images_.end()) throw Error(ErrorKind::not_found, "the image's data is not in the store");
        return found->second;
    }

    std::uint64_t available() const {
        std::uint64_t used = 0;
        for (const auto& [uri, image] : images_) used += image->size();
        for (const auto& [name, size] : temporary_) used += size;
        return capacity_ > used ? capacity_ - used : 0;
    }

    bool takes_ = true;
    mutable std::mutex mutex_;
    std::condition_variable changed_;
    std::array<Faults, 10> faults_;
    std::array<std::size_t, 10> counts_{};
    std::map<std::string, std::shared_ptr<Bytes>> images_;  // by URI
    std::map<std::string, std::uint64_t> temporary_;        // bytes taken, by name
    std::map<std::string, std::string> blockers_;           // who, by URI
    std::set<std::string> cut_off_;                         // URIs
    std::size_t left_over_ = 0;
    std::size_t unflushed_ = 0;
    std::uint64_t capacity_ = 1ULL << 40;
};

}  // namespace reprieve::tests
