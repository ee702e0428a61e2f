#pragma once

#include <cstddef>
#include <cstdint>
#include <list>
#include <optional>
#include <string>
#include <unordered_map>
#include <utility>

namespace reprieve::identity {

/// Values by key, each until its own time; where it is full, what was not asked for the longest goes first. Used by one
/// thread at a time. Times are those of whoever calls.
template <typename Value>
class ExpiringCache {
public:
    explicit ExpiringCache(std::size_t capacity) : capacity_(capacity) {}

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
    std::list<Entry> entries_;  ///< the first was asked for last
    std::unordered_map<std::string, typename std::list<Entry>::iterator> places_;
};

}  // namespace reprieve::identity
