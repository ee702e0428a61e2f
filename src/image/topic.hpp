#pragma once

#include <array>
#include <cstdint>
#include <initializer_list>
#include <string_view>

namespace reprieve {

/// Subject of a change. It is so general that every signed-in user may learn of it.
enum class Topic : std::uint8_t {
    images,    ///< images, also those in the bin, and their members
    uploads,   ///< running uploads
    scrubber,  ///< passes of the scrubber
    events,    ///< the audit trail
    people,    ///< users, projects, roles and credentials
    space,     ///< fill level of the stores
    sessions,  ///< a signed-in user may have lost access; never sent to clients
};
/// Names of the topics for clients, in the order of Topic.
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
