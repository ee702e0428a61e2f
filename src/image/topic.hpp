#pragma once

#include <array>
#include <cstdint>
#include <initializer_list>
#include <string_view>

namespace reprieve {

/// Kind of object that a change in the catalog concerns. Browsers are told the topic of each change. A topic reveals so
/// little that every signed-in user may learn it.
enum class Topic : std::uint8_t {
    images,    ///< images, including those in the bin, and the projects that they are shared with
    uploads,   ///< running uploads
    scrubber,  ///< passes of the scrubber, which removes the bytes of deleted images
    events,    ///< the audit trail
    people,    ///< users, projects, roles and credentials
    space,     ///< fill level of the stores
    sessions,  ///< a signed-in user may have lost access; this topic is never sent to clients
};
/// Names that clients use for the topics, in the order of Topic.
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
