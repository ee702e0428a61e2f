#include "base/ip_address.hpp"

#include <arpa/inet.h>

#include <algorithm>
#include <charconv>

#include "base/error.hpp"

namespace reprieve {
namespace {

constexpr std::array<std::uint8_t, 12> v4_prefix{0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xFF, 0xFF};
constexpr int v4_bits = 96;  // number of bits before the IPv4 address in its IPv6 form
constexpr int all_bits = 128;
constexpr int v6_client_bits = 64;

[[noreturn]] void refuse_address(std::string_view text, const std::string& advice) {
    throw Error(ErrorKind::bad_request, "'" + std::string(text) + "' is not an address or address block: " + advice);
}

}  // namespace

std::optional<IpAddress> IpAddress::parse(std::string_view text) {
    IpAddress address;
    std::array<char, INET6_ADDRSTRLEN> copy{};
    const bool has_brackets = text.starts_with('[') && text.ends_with(']');
    if (has_brackets) text = text.substr(1, text.size() - 2);
    if (text.size() >= copy.size() || text.find('\0') != std::string_view::npos) return std::nullopt;
    text.copy(copy.data(), text.size());
    if (::inet_pton(AF_INET6, copy.data(), address.bytes_.data()) == 1) return address;
    std::ranges::copy(v4_prefix, address.bytes_.begin());
    if (has_brackets || ::inet_pton(AF_INET, copy.data(), address.bytes_.data() + v4_prefix.size()) != 1)
        return std::nullopt;
    return address;
}

bool IpAddress::is_v4() const { return std::equal(v4_prefix.begin(), v4_prefix.end(), bytes_.begin()); }

bool IpAddress::is_loopback() const {
    if (is_v4()) return bytes_[v4_prefix.size()] == 127;
    IpAddress one;
    one.bytes_.back() = 1;
    return *this == one;
}

IpAddress IpAddress::network(int bits) const {
    IpAddress result = *this;
    for (int at = 0; at < static_cast<int>(bytes_.size()); ++at) {
        const int kept = std::clamp(bits - 8 * at, 0, 8);
        auto& byte = result.bytes_[static_cast<std::size_t>(at)];
        byte = static_cast<std::uint8_t>(byte & (0xFF00U >> kept));
    }
    return result;
}

std::string IpAddress::text() const {
    std::array<char, INET6_ADDRSTRLEN> out{};
    if (is_v4())
        ::inet_ntop(AF_INET, bytes_.data() + v4_prefix.size(), out.data(), out.size());
    else
        ::inet_ntop(AF_INET6, bytes_.data(), out.data(), out.size());
    return out.data();
}

IpAddress client_network(const IpAddress& address) {
    return address.is_v4() ? address : address.network(v6_client_bits);
}

AddressBlock::AddressBlock(std::string_view text) {
    const auto slash = text.find('/');
    const auto address = IpAddress::parse(text.substr(0, slash));
    if (!address) refuse_address(text, "write one such as 192.0.2.1, 10.0.0.0/8 or 2001:db8::/32");
    base_ = *address;
    if (slash == std::string_view::npos) return;
    const std::string_view digits = text.substr(slash + 1);
    const int before = address->is_v4() ? v4_bits : 0;
    const char* const end = digits.data() + digits.size();
    const auto [stop, problem] = std::from_chars(digits.data(), end, bits_);
    if (problem != std::errc() || stop != end || bits_ < 0 || bits_ > all_bits - before)
        refuse_address(text, "write a number from 0 to " + std::to_string(all_bits - before) + " after the /");
    bits_ += before;
    if (base_.network(bits_) != base_)
        refuse_address(text, "it has bits set after its prefix; write " + base_.network(bits_).text() + "/" +
                                 std::string(digits) + ", the block that contains it");
}

}  // namespace reprieve
