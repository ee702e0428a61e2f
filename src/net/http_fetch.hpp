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

/// HTTP client for URLs that somebody else chose. It follows redirects, and checks every address with an AddressGuard
/// before it connects to the address. Any thread may use it.
class HttpFetch {
public:
    using Headers = std::vector<std::pair<std::string, std::string>>;

    static constexpr int max_redirects = 5;

    /// `guard` says which addresses are allowed. `trust` must outlive the HttpFetch.
    HttpFetch(AddressGuard guard, const TlsTrust& trust) : guard_(std::move(guard)), trust_(trust) {}

    /// Sends a GET request, follows up to `max_redirects` redirects, and returns the final answer, whatever its status.
    /// Throws forbidden for an address that is not allowed and for a redirect from https to http; bad_request if `url`
    /// is not a URL; unavailable if no answer arrives in time and for too many redirects. No error message contains the
    /// URL, because the URL may contain a secret.
    std::unique_ptr<HttpStream> get(const std::string& url, const Headers& headers, const Deadline& deadline) const;

private:
    std::unique_ptr<HttpStream> ask(const Url& url, const Headers& headers, const Deadline& deadline) const;

    const AddressGuard guard_;
    const TlsTrust& trust_;
};

/// Returns the URL that a Location header in an answer from `base` points to (RFC 3986, 5.2, but "." and ".." in a path
/// are kept). Throws unavailable if it is not an http or https URL.
Url redirected(const Url& base, std::string_view location);

}  // namespace reprieve::net
