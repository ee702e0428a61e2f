#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <string>

#include "base/mutex.hpp"
#include "http/clients/address_limiter.hpp"
#include "http/clients/trusted_proxies.hpp"
#include "http/wire/request_head.hpp"

namespace reprieve::http {

/// Policy that finds the client of a request and limits each address. Loopback and trusted proxies have no limit, but a
/// client behind a proxy has one. The caller passes the time as `now_us`, in microseconds of a clock that never jumps.
/// Any thread may call.
class ClientPolicy {
public:
    struct Options {
        TrustedProxies proxies;
        AddressLimiter::Options requests;
        std::size_t connections = 512;  ///< maximum number of open connections of one address
        std::size_t refusals = 8;       ///< additional connections, kept open only to send the reason of the refusal
    };
    explicit ClientPolicy(Options options);

    /// Decision about a new connection.
    enum class Welcome {
        served,
        refused,  ///< answer with the reason
        dropped,  ///< close without an answer: the address has had enough refusals
    };

    /// Registers a new connection (`is_costly`: TLS). Unless the result is `dropped`, the caller must later call
    /// closed().
    Welcome open(const IpAddress& peer, bool is_costly, std::int64_t now_us);
    /// Unregisters a connection that open() has registered.
    void closed(const IpAddress& peer);

    /// Sender of a request: the client itself, not a proxy in front of this server.
    struct Origin {
        std::string client;     ///< address given by a trusted proxy; empty: use the peer's
        bool is_https = false;  ///< true if the client uses https, to the proxy if there is one
    };

    /// Counts a request whose head is malformed: takes one token from the peer's bucket. Throws too_many_requests if no
    /// token is left.
    void charge(const IpAddress& peer, std::int64_t now_us);

    /// Returns the sender of a request, and takes one token from the sender's bucket. If the peer is a trusted proxy,
    /// its headers tell the sender, and the host in them replaces the Host of `head`. `is_https`: the peer uses TLS.
    /// Throws too_many_requests if no token is left, or bad_request if the proxy's headers are malformed.
    Origin admit(const IpAddress& peer, bool is_https, RequestHead& head, std::int64_t now_us);

private:
    bool is_exempt(const IpAddress& address) const;

    const Options options_;
    Mutex mutex_;
    AddressLimiter limiter_ GUARDED_BY(mutex_);
    std::map<IpAddress, std::size_t> open_ GUARDED_BY(mutex_);  ///< open connections of each client that has a limit
};

}  // namespace reprieve::http
