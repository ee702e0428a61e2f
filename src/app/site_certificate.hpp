#pragma once

#include <memory>

#include "base/clock.hpp"
#include "config/config.hpp"
#include "http/connections/tls_context.hpp"

namespace reprieve::app {

/// The TLS certificate and the key that the configuration names. The class logs facts about the certificate, such as
/// its expiry, and warns of problems. Use an object on one thread at a time.
class SiteCertificate {
public:
    /// Reads the certificate and the key if the configuration names them. Throws bad_request if they are unusable.
    /// `clock` must outlive this object.
    SiteCertificate(const Config::Server& config, const Clock& clock);

    /// Returns the TLS context for the server; null if the server speaks plain HTTP.
    std::shared_ptr<const http::TlsContext> context() const { return context_; }

    /// Reads the files of the certificate and of the key again. If they are unusable, keeps the old pair and logs the
    /// reason.
    void reload();

private:
    void note() const;

    const Clock& clock_;
    std::shared_ptr<http::TlsContext> context_;
};

/// Logs a warning if passwords and tokens would cross a network unencrypted: if the server listens on more than
/// loopback, has no certificate, and no setting names a proxy that speaks https for the server.
void warn_of_clear_text(const Config::Server& config, bool is_loopback);

}  // namespace reprieve::app
