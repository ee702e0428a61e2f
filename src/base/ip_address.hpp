#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace reprieve {

/// A numeric address of IPv4 or IPv6. One of IPv4 is kept as IPv6 has it ("::ffff:192.0.2.1", RFC 4291, 2.5.5.2), so
/// that both ways to write it are the same address.
class IpAddress {
public:
    /// Reads "192.0.2.1", "2001:db8::1" or "[2001:db8::1]"; nothing for anything else, a name or a zone among it.
    static std::optional<IpAddress> parse(std::string_view text);

    bool is_v4() const;
    bool is_loopback() const;

    /// The address with all bits from the `bits`-th on cleared: `bits` are those of IPv6, 0 to 128.
    IpAddress network(int bits) const;

    /// Of IPv4 as such, of IPv6 without brackets.
    std::string text() const;

    bool operator==(const IpAddress&) const = default;
    bool operator<(const IpAddress& other) const { return bytes_ < other.bytes_; }

private:
    std::array<std::uint8_t, 16> bytes_{};
};

/// What counts as one client: an address of IPv4, a /64 of IPv6, from which a client has all to choose (RFC 6177).
IpAddress client_network(const IpAddress& address);

/// The addresses that begin with the same bits: "10.0.0.0/8", or one address alone.
class AddressBlock {
public:
    /// Throws bad_request where the text is neither, or has bits set beyond its prefix.
    explicit AddressBlock(std::string_view text);

    bool contains(const IpAddress& address) const { return address.network(bits_) == base_; }

private:
    IpAddress base_;
    int bits_ = 128;  ///< of IPv6
};

}  // namespace reprieve
