#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace reprieve {

/// A numeric address of IPv4 or IPv6. An address of IPv4 is stored as its IPv6 form ("::ffff:192.0.2.1", RFC 4291,
/// 2.5.5.2), so that both spellings are equal.
class IpAddress {
public:
    /// Reads "192.0.2.1", "2001:db8::1" or "[2001:db8::1]". Returns nullopt for any other text, such as a host name or
    /// an address with a zone ("fe80::1%lo").
    static std::optional<IpAddress> parse(std::string_view text);

    bool is_v4() const;
    bool is_loopback() const;

    /// Returns the address with only its first `bits` bits kept and the others cleared. `bits` counts in the IPv6 form,
    /// 0 to 128, so add 96 to a prefix of IPv4.
    IpAddress network(int bits) const;

    /// Returns the address as text: IPv4 as "192.0.2.1", IPv6 without brackets.
    std::string text() const;

    bool operator==(const IpAddress&) const = default;
    bool operator<(const IpAddress& other) const { return bytes_ < other.bytes_; }

private:
    std::array<std::uint8_t, 16> bytes_{};
};

/// Returns the network that counts as one client: the address itself for IPv4, its /64 for IPv6, because one client may
/// use all addresses of a /64 (RFC 6177).
IpAddress client_network(const IpAddress& address);

/// A block of addresses that begin with the same bits: "10.0.0.0/8", or a single address.
class AddressBlock {
public:
    /// Reads the text. Throws bad_request if it is neither a block nor an address, or has bits set after its prefix.
    explicit AddressBlock(std::string_view text);

    bool contains(const IpAddress& address) const { return address.network(bits_) == base_; }

private:
    IpAddress base_;
    int bits_ = 128;  ///< length of the prefix, in bits of IPv6
};

}  // namespace reprieve
