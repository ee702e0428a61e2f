#pragma once

#include <cstddef>
#include <cstdint>
#include <list>
#include <optional>
#include <string>
#include <unordered_map>
#include <utility>

namespace reprieve::identity {

/// Cache in which every entry has its own expiry time. If the cache is full, the least recently used entry is evicted.
/// Use an object on one thread at a time. The caller passes all times: they must come from one clock, in one unit.
template <typename Value>
class ExpiringCache {
public:
    /// Requires: `capacity` > 0 (entries).
    explicit ExpiringCache(std::size_t capacity) : capacity_(capacity) {}

    /// Returns the value of `key` and marks it as used. Returns nullopt if the cache has no such entry, or if the entry
    /// has expired at `now`.
    std::optional<Value> find(const std::string& key, std::int64_t now) {
        const auto found = places_.find(key);
        if (found == places_.end()) return {};
        if (found->second->until <= now) {
            erase(key);
            return {};
        }
        entries_.splice(entries_.begin(), entries_, found->second);
        return found->second->value;
    }

    /// Stores a value until the time `until`. Replaces an earlier value of the same key.
    void put(const std::string& key, Value value, std::int64_t until) {
        erase(key);
        if (entries_.size() == capacity_) erase(std::string(entries_.back().key));
        entries_.push_front({key, std::move(value), until});
        places_[key] = entries_.begin();
    }

    void erase(const std::string& key) {
        const auto found = places_.find(key);
        if (found == places_.end()) return;
        entries_.erase(found->second);
        places_.erase(found);
    }

private:
    struct Entry {
        std::string key;
        Value value;
        std::int64_t until;
    };

    const std::size_t capacity_;
    std::list<Entry> entries_;  ///< most recently used first
    std::unordered_map<std::string, typename std::list<Entry>::iterator> places_;
};

}  // namespace reprieve::identity
