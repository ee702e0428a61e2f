#pragma once

#include <memory>

#include "base/clock.hpp"
#include "config/config.hpp"
#include "http/connections/tls_context.hpp"

namespace reprieve::app {

/// The certificate that the configuration names, as the log tells of it. Used by one thread at a time.
class SiteCertificate {
public:
    /// Reads certificate and key, where the configuration names them. Throws bad_request where they are of no use.
    SiteCertificate(const Config::Server& config, const Clock& clock);

    /// For a server; null where it is to speak plain HTTP.
    std::shared_ptr<const http::TlsContext> context() const { return context_; }

    /// Reads both files anew. Where they are of no use the old ones stay, and the log says why.
    void reload();

private:
    void note() const;

    const Clock& clock_;
    std::shared_ptr<http::TlsContext> context_;
};

/// Warns in the log where passwords and tokens would cross a network in clear: beyond loopback, with neither a
/// certificate nor a sign that a proxy speaks https for us.
void warn_of_clear_text(const Config::Server& config, bool is_loopback);

}  // namespace reprieve::app
