#include "service/operation/repeat_window.hpp"

#include <utility>

namespace reprieve::service {
namespace {

/// Returns the event that counts the refusals beyond the limits.
Event various(const Event& event, const std::string& address) {
    Event other;
    other.at = event.at;
    other.action = "various";
    other.address = address;
    other.result = "various";
    other.detail = "more refusals, of too many kinds to record each one";
    return other;
}

}  // namespace

bool RepeatWindow::has_room(const std::string& address) const {
    if (counted_.size() >= max_kinds) return false;
    const auto found = kinds_of_address_.find(address);
    return found == kinds_of_address_.end() || found->second < max_kinds_of_address;
}

std::optional<Event> RepeatWindow::add(Event event, std::uint64_t bytes) {
    const auto kind_of = [](const Event& e) { return Kind(e.action, e.user, e.target, e.address, e.result); };
    auto found = counted_.find(kind_of(event));
    if (found == counted_.end() && !has_room(event.address)) {
        if (!event.is_refusal()) return event;
        // Only an address that already has a kind gets a kind for its further refusals, so max_kinds bounds the number
        // of these kinds, too.
        const bool is_known = kinds_of_address_.contains(event.address);
        event = various(event, is_known ? event.address : "");
        found = counted_.find(kind_of(event));
    }
    if (found != counted_.end()) {
        Counted& counted = found->second;
        ++counted.event.count;
        counted.event.at = event.at;
        counted.event.detail = std::move(event.detail);
        counted.bytes += bytes;
        return std::nullopt;
    }
    Counted& counted = counted_[kind_of(event)];
    counted.event = event;
    counted.event.count = 0;
    ++kinds_of_address_[event.address];
    return event;
}

std::vector<Event> RepeatWindow::close() {
    std::vector<Event> repeated;
    for (auto& [kind, counted] : counted_) {
        if (counted.event.count == 0) continue;
        if (counted.event.count > 1 && counted.bytes > 0)
            counted.event.detail = std::to_string(counted.bytes) + " bytes in all";
        repeated.push_back(std::move(counted.event));
    }
    counted_.clear();
    kinds_of_address_.clear();
    return repeated;
}

}  // namespace reprieve::service
