#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "net/address_guard.hpp"
#include "net/http_stream.hpp"
#include "net/tls_trust.hpp"

namespace reprieve::net {

/// Gets what URLs name that somebody else chose, wherever redirects lead; every address on the way is checked. Any
/// thread may call.
class HttpFetch {
public:
    using Headers = std::vector<std::pair<std::string, std::string>>;

    static constexpr int max_redirects = 5;

    /// `trust` outlives this.
    HttpFetch(AddressGuard guard, const TlsTrust& trust) : guard_(std::move(guard)), trust_(trust) {}

    /// The answer to GET, whatever its status, save that redirects are followed. Throws forbidden where an address may
    /// not be asked, and for a redirect from https to http; bad_request for what is no URL; unavailable where no answer
    /// comes in time, and for too many redirects. No message holds the URL, which may be a secret.
    std::unique_ptr<HttpStream> get(const std::string& url, const Headers& headers, const Deadline& deadline) const;

private:
    std::unique_ptr<HttpStream> ask(const Url& url, const Headers& headers, const Deadline& deadline) const;

    const AddressGuard guard_;
    const TlsTrust& trust_;
};

/// Where a Location header leads from `base` (RFC 3986, 5.2; dots in a path are left as they are). Throws unavailable
/// for one that cannot be followed.
Url redirected(const Url& base, std::string_view location);

}  // namespace reprieve::net
