#include "base/utf8.hpp"

#include <cstdint>

namespace reprieve {

std::optional<std::size_t> utf8_length(std::string_view text) {
    std::size_t count = 0;
    for (std::size_t i = 0; i < text.size(); ++count) {
        const auto first = static_cast<unsigned char>(text[i++]);
        if (first < 0x80) continue;
        const int more = first >= 0xf0 ? 3 : first >= 0xe0 ? 2 : 1;
        if (first < 0xc2 || first > 0xf4 || text.size() - i < static_cast<std::size_t>(more)) return {};
        std::uint32_t point = first & (0x3fU >> more);
        for (int k = 0; k < more; ++k) {
            const auto next = static_cast<unsigned char>(text[i++]);
            if ((next & 0xc0) != 0x80) return {};
            point = point << 6 | (next & 0x3fU);
        }
        const bool overlong = (more == 2 && point < 0x800) || (more == 3 && point < 0x10000);
        if (overlong || (point >= 0xd800 && point < 0xe000) || point > 0x10ffff) return {};
    }
    return count;
}

}  // namespace reprieve
