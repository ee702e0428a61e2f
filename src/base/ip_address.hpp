#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace reprieve {

/// An IPv4 or IPv6 address. An IPv4 address is stored in its IPv6 form ("::ffff:192.0.2.1", RFC 4291, 2.5.5.2), so that
/// "192.0.2.1" and this form compare equal.
class IpAddress {
public:
    /// Reads "192.0.2.1", "2001:db8::1" or "[2001:db8::1]". Returns nullopt for any other text, such as a host name or
    /// an address with a zone ("fe80::1%lo").
    static std::optional<IpAddress> parse(std::string_view text);

    bool is_v4() const;
    bool is_loopback() const;

    /// Returns the address with all bits after the first `bits` cleared. `bits` is 0 to 128 and counts in the IPv6
    /// form: for an IPv4 prefix, add 96 to its length.
    IpAddress network(int bits) const;

    /// Returns the address as text: IPv4 as "192.0.2.1", IPv6 without brackets.
    std::string text() const;

    bool operator==(const IpAddress&) const = default;
    bool operator<(const IpAddress& other) const { return bytes_ < other.bytes_; }

private:
    std::array<std::uint8_t, 16> bytes_{};
};

/// Returns the network that counts as one client. For IPv4 it is the address itself. For IPv6 it is the /64 network of
/// the address, because one client may use all addresses of a /64 (RFC 6177).
IpAddress client_network(const IpAddress& address);

/// Set of all IP addresses that begin with the same bits (a prefix), such as "10.0.0.0/8", or a single address.
class AddressBlock {
public:
    /// Parses a block such as "10.0.0.0/8", or an address. Throws bad_request for any other text, and if bits after the
    /// prefix are set ("10.0.0.1/8").
    explicit AddressBlock(std::string_view text);

    bool contains(const IpAddress& address) const { return address.network(bits_) == base_; }

private:
    IpAddress base_;
    int bits_ = 128;  ///< length of the prefix in bits, counted in the IPv6 form
};

}  // namespace reprieve
