#pragma once

#include <array>
#include <cstdint>
#include <initializer_list>
#include <string_view>

namespace reprieve {

/// What a change is about: as much of it as everybody may be told who has signed in.
enum class Topic : std::uint8_t {
    images,    ///< those in the bin too, and who they are shared with
    uploads,   ///< that run
    scrubber,  ///< its passes
    events,    ///< the audit trail
    people,    ///< users, projects, roles and credentials
    space,     ///< how full the stores are
    sessions,  ///< somebody who was let in may be let in no longer; this is told to nobody
};
inline constexpr std::array<std::string_view, 7> topic_names{"images", "uploads", "scrubber", "events",
                                                             "people", "space",   "sessions"};

/// A set of topics.
class Topics {
public:
    Topics() = default;
    Topics(std::initializer_list<Topic> topics) {
        for (const Topic topic : topics) bits_ |= bit(topic);
    }

    bool contains(Topic topic) const { return (bits_ & bit(topic)) != 0; }
    bool empty() const { return bits_ == 0; }
    void add(Topics others) { bits_ |= others.bits_; }
    void remove(Topics others) { bits_ &= ~others.bits_; }
    bool operator==(const Topics&) const = default;

private:
    static std::uint32_t bit(Topic topic) { return 1U << static_cast<unsigned>(topic); }

    std::uint32_t bits_ = 0;
};

}  // namespace reprieve
