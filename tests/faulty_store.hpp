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

/// Store in memory that keeps the contract of store::Store, and fails when a test says so. Thread-safe. It must outlive
/// its writers and readers.
class FaultyStore final : public store::Store {
public:
    enum class Operation { create, write, commit, open, read, remove, flush, stat, list, space };

    /// Makes the nth call of `operation` from now on (1: the next one) throw `error`.
    void fail(Operation operation, std::size_t nth, Error error = Error(ErrorKind::unavailable, "the store is down")) {
        const std::lock_guard lock(mutex_);
        faults(operation).once.insert_or_assign(count(operation) + nth, std::move(error));
    }

    /// Makes every call of `operation` throw `error`, until heal().
    void fail_always(Operation operation, Error error = Error(ErrorKind::unavailable, "the store is down")) {
        const std::lock_guard lock(mutex_);
        faults(operation).always = std::move(error);
    }

    /// Ends the effect of fail(), fail_always() and block(). Held calls stay held.
    void heal() {
        const std::lock_guard lock(mutex_);
        for (auto& faults : faults_) {
            faults.once.clear();
            faults.always.reset();
        }
        blockers_.clear();
    }

    /// Makes removals of `uri` throw InUse, with `who` as message and as the only user, until unblock() or heal().
    void block(const std::string& uri, std::string who) {
        const std::lock_guard lock(mutex_);
        blockers_[uri] = std::move(who);
    }
    /// Makes the next removal of `uri` throw HalfRemoved.
    void cut_off(const std::string& uri) {
        const std::lock_guard lock(mutex_);
        cut_off_.insert(uri);
    }
    void unblock(const std::string& uri) {
        const std::lock_guard lock(mutex_);
        blockers_.erase(uri);
    }

    using Store::hold;
    /// Blocks calls of `operation` at their beginning until release(). Simulates a slow store without a sleep.
    void hold(Operation operation) {
        const std::lock_guard lock(mutex_);
        faults(operation).is_held = true;
    }
    void release(Operation operation) {
        const std::lock_guard lock(mutex_);
        faults(operation).is_held = false;
        changed_.notify_all();
    }
    /// Blocks until `count` calls of `operation` are held. Throws std::runtime_error after hang_limit.
    void wait_until_held(Operation operation, std::size_t count = 1) {
        std::unique_lock lock(mutex_);
        if (!changed_.wait_for(lock, hang_limit, [&] { return faults(operation).waiting >= count; }))
            throw std::runtime_error("no call is held");
    }

    /// Returns the number of calls of `operation` so far, failed ones included.
    std::size_t calls(Operation operation) const {
        const std::lock_guard lock(mutex_);
        return counts_[static_cast<std::size_t>(operation)];
    }

    /// Returns the bytes that are stored at `uri`, without any fault; nullopt if there are none.
    std::optional<std::string> contents(const std::string& uri) const {
        const std::lock_guard lock(mutex_);
        const auto found = images_.find(uri);
        if (found == images_.end()) return std::nullopt;
        return text(*found->second);
    }
    /// Stores an image without any fault. Returns its URI.
    std::string put(const std::string& image_id, const std::string& text) {
        const std::lock_guard lock(mutex_);
        const std::string uri = uri_for(image_id);
        images_[uri] = std::make_shared<Bytes>(bytes(text));
        return uri;
    }
    /// Deletes an image without any fault, as a damaged disk would.
    void lose(const std::string& uri) {
        const std::lock_guard lock(mutex_);
        images_.erase(uri);
    }
    std::size_t image_count() const {
        const std::lock_guard lock(mutex_);
        return images_.size();
    }
    /// Returns the number of uploads that have begun and not ended, with those of leave_temporary().
    std::size_t temporary_count() const {
        const std::lock_guard lock(mutex_);
        return temporary_.size() + left_over_;
    }
    /// Simulates `count` unfinished uploads of an earlier process.
    void leave_temporary(std::size_t count) {
        const std::lock_guard lock(mutex_);
        left_over_ = count;
    }
    /// Returns the number of removals that flush_removals() has not made durable yet.
    std::size_t unflushed_count() const {
        const std::lock_guard lock(mutex_);
        return unflushed_;
    }
    /// Sets the capacity of the store. Default: 1 TiB.
    void set_capacity(std::uint64_t bytes) {
        const std::lock_guard lock(mutex_);
        capacity_ = bytes;
    }

    /// Returns whether `uri` begins with "faulty:"; always false after take_no_locations().
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
        std::map<std::size_t, Error> once;  // by the number of the call, from 1
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

    // Only enter() locks the mutex. The other functions below require that the caller holds it.

    Faults& faults(Operation operation) { return faults_[static_cast<std::size_t>(operation)]; }
    std::size_t& count(Operation operation) { return counts_[static_cast<std::size_t>(operation)]; }

    /// Counts the call, blocks while calls are held, then throws if a fault is set. Returns the lock of the mutex.
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
    std::map<std::string, std::string> blockers_;           // the user, by URI
    std::set<std::string> cut_off_;                         // URIs
    std::size_t left_over_ = 0;
    std::size_t unflushed_ = 0;
    std::uint64_t capacity_ = 1ULL << 40;
};

}  // namespace reprieve::tests
