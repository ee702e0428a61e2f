#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <mutex>
#include <string>

#include "http/clients/address_limiter.hpp"
#include "http/clients/trusted_proxies.hpp"
#include "http/wire/request_head.hpp"

namespace reprieve::http {

/// Who is at the other end, and how much each address may ask of the server. Loopback and the trusted proxies may ask
/// all; whom a proxy speaks for may not. It is told the time, of a clock that never jumps. Any thread may call.
class ClientPolicy {
public:
    struct Options {
        TrustedProxies proxies;
        AddressLimiter::Options requests;
        std::size_t connections = 512;  ///< of one address at a time
        std::size_t refusals = 8;       ///< further ones that may be open to read why they are refused
    };
    explicit ClientPolicy(Options options);

    enum class Welcome {
        served,
        refused,  ///< it is to be told so
        dropped,  ///< without a word: it has been told often enough
    };

    /// A connection has come; `is_costly` where its handshake is work. Unless it is dropped, it is closed some day.
    Welcome open(const IpAddress& peer, bool is_costly, std::int64_t now_us);
    void closed(const IpAddress& peer);

    /// Who sends a request, as the client and not the proxy before us.
    struct Origin {
        std::string client;     ///< the address that a proxy gave; empty: the peer's
        bool is_https = false;  ///< as the client speaks
    };

    /// Takes the token of a request whose head cannot be read. Throws too_many_requests.
    void charge(const IpAddress& peer, std::int64_t now_us);

    /// Takes the request's token and reads what a trusted proxy says of it: its host becomes that of the head. Throws
    /// too_many_requests, or bad_request where a proxy speaks nonsense.
    Origin admit(const IpAddress& peer, bool is_https, RequestHead& head, std::int64_t now_us);

private:
    bool is_exempt(const IpAddress& address) const;

    const Options options_;
    std::mutex mutex_;
    AddressLimiter limiter_;
    std::map<IpAddress, std::size_t> open_;  ///< connections of each client that is not exempt
};

}  // namespace reprieve::http
