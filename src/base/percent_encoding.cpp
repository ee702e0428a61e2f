#include "base/percent_encoding.hpp"

#include "base/hex.hpp"

namespace reprieve {

std::string percent_encode(std::string_view text) {
    constexpr std::string_view unreserved = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~";
    std::string encoded;
    for (const char c : text) {
        if (unreserved.find(c) != std::string_view::npos) {
            encoded += c;
        } else {
            encoded += '%';
            append_hex(encoded, static_cast<unsigned char>(c), upper_hex_digits);
        }
    }
    return encoded;
}

}  // namespace reprieve
