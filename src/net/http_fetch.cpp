#include "net/http_fetch.hpp"

#include "base/error.hpp"

namespace reprieve::net {
namespace {

bool is_redirect(int status) {
    return status == 301 || status == 302 || status == 303 || status == 307 || status == 308;
}

}  // namespace

Url redirected(const Url& base, std::string_view location) {
    location = location.substr(0, location.find('#'));
    const std::string scheme = base.endpoint.is_tls ? "https:" : "http:";
    const std::string origin = scheme + "//" + host_header(base.endpoint);
    const std::string_view path = std::string_view(base.path).substr(0, base.path.find('?'));
    std::string target;
    if (location.find("://") < location.find_first_of("/?"))
        target = location;
    else if (location.starts_with("//"))
        target = scheme + std::string(location);
    else if (location.starts_with('/'))
        target = origin + std::string(location);
    else if (location.starts_with('?'))
        target = origin + std::string(path) + std::string(location);
    else
        target = origin + std::string(path.substr(0, path.rfind('/') + 1)) + std::string(location);
    try {
        if (location.empty()) throw Error(ErrorKind::bad_request, "it leads nowhere");
        return parse_url(target);
    } catch (const Error&) {
        throw Error(ErrorKind::unavailable, "the server redirects to something that is not an http or https URL");
    }
}

std::unique_ptr<HttpStream> HttpFetch::get(const std::string& url, const Headers& headers,
                                           const Deadline& deadline) const {
    Url place = parse_url(url);
    for (int count = 0; count <= max_redirects; ++count) {
        auto stream = ask(place, headers, deadline);
        if (!is_redirect(stream->head().status)) return stream;
        Url next = redirected(place, stream->head().header("location"));
        if (place.endpoint.is_tls && !next.endpoint.is_tls)
            throw Error(ErrorKind::forbidden, "the server redirects from https to http");
        place = std::move(next);
    }
    throw Error(ErrorKind::unavailable, "the server redirects more than " + std::to_string(max_redirects) + " times");
}

std::unique_ptr<HttpStream> HttpFetch::ask(const Url& url, const Headers& headers, const Deadline& deadline) const {
    const auto endpoints = guard_.check(url.endpoint, deadline);
    const HttpRequest request{"GET", url.path, headers, {}};
    for (std::size_t tried = 0;; ++tried) {
        try {
            // An address that does not answer must leave time to try the others.
            const Deadline part = deadline.share(endpoints.size() - tried);
            return std::make_unique<HttpStream>(endpoints[tried], &trust_, request, part);
        } catch (const Error& error) {
            if (error.kind() != ErrorKind::unavailable || tried + 1 == endpoints.size()) throw;
        }
    }
}

}  // namespace reprieve::net
