#include "base/size_text.hpp"

#include <array>
#include <string_view>

namespace reprieve {

std::string size_text(std::uint64_t bytes) {
    constexpr std::array<std::string_view, 6> units{"KiB", "MiB", "GiB", "TiB", "PiB", "EiB"};
    if (bytes < 1024) return std::to_string(bytes) + " B";
    std::size_t unit = 0;
    std::uint64_t rest = bytes % 1024;
    for (bytes /= 1024; bytes >= 1024; bytes /= 1024) {
        rest = bytes % 1024;
        ++unit;
    }
    return std::to_string(bytes) + "." + std::to_string(rest * 10 / 1024) + " " + std::string(units[unit]);
}

}  // namespace reprieve
