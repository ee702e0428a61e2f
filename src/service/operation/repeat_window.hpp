#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <tuple>
#include <vector>

#include "image/event.hpp"

namespace reprieve::service {

/// Keeps the audit trail from filling with what happens again and again: refusals, and downloads in many parts. The
/// first of a kind is an event at once; what is like it (who, what, to which thing, from where, with what result) is
/// counted until the window is closed, and is one more event then. An address has at most max_kinds_of_address kinds,
/// all together max_kinds. Refusals beyond are counted as one kind, of that address or of all; what was done is not
/// counted then, but is an event each time. Used by one thread at a time.
class RepeatWindow {
public:
    static constexpr std::size_t max_kinds_of_address = 32;
    static constexpr std::size_t max_kinds = 512;

    /// The event to record now; nothing where it is only counted. `bytes` is what was sent.
    std::optional<Event> add(Event event, std::uint64_t bytes = 0);

    /// What was counted since the last call, as events that say how often, and how many bytes in all.
    std::vector<Event> close();

private:
    using Kind = std::tuple<std::string, std::string, std::string, std::string, std::string>;
    struct Counted {
        Event event;  ///< the first of its kind, with the count of the others, and the time and the detail of the last
        std::uint64_t bytes = 0;  ///< of the others
    };
    bool has_room(const std::string& address) const;

    std::map<Kind, Counted> counted_;
    std::map<std::string, std::size_t> kinds_of_address_;
};

}  // namespace reprieve::service
