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

/// Time window in which repeated events are only counted, so that refusals and downloads in many parts do not fill the
/// audit trail. Only one thread at a time may use it.
///
/// Events are of one kind if they have the same user, action, target, address and result. The first event of a kind is
/// recorded at once. The others are counted until the window is closed, and then make one more event. There are at most
/// max_kinds_of_address kinds for one address and max_kinds in all. Refusals beyond these limits are counted as one
/// kind of their address, or of all new addresses together. Other events beyond the limits are recorded each time.
class RepeatWindow {
public:
    static constexpr std::size_t max_kinds_of_address = 32;
    static constexpr std::size_t max_kinds = 512;

    /// Returns the event to record now; nullopt if `event` is only counted. `bytes`: number of bytes that a download
    /// sent.
    std::optional<Event> add(Event event, std::uint64_t bytes = 0);

    /// Closes the window and begins a new one. Returns one event for each kind that was repeated, with the number of
    /// repeats and the sum of their bytes.
    std::vector<Event> close();

private:
    using Kind = std::tuple<std::string, std::string, std::string, std::string, std::string>;
    struct Counted {
        Event event;  ///< first of its kind, with the count of the others, and the time and detail of the last
        std::uint64_t bytes = 0;  ///< sum of the bytes of the others
    };
    bool has_room(const std::string& address) const;

    std::map<Kind, Counted> counted_;
    std::map<std::string, std::size_t> kinds_of_address_;
};

}  // namespace reprieve::service
