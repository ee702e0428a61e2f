#pragma once

#include <memory>

#include "base/clock.hpp"
#include "config/config.hpp"
#include "http/connections/tls_context.hpp"

namespace reprieve::app {

/// The certificate and key that the configuration names. It logs their state and warns of problems. Used by one thread
/// at a time.
class SiteCertificate {
public:
    /// Reads certificate and key if the configuration names them. Throws bad_request if they are unusable. `clock` must
    /// outlive this.
    SiteCertificate(const Config::Server& config, const Clock& clock);

    /// Returns the TLS context for the server; null if the server speaks plain HTTP.
    std::shared_ptr<const http::TlsContext> context() const { return context_; }

    /// Reads both files again. If they are unusable, keeps the old ones and logs the reason.
    void reload();

private:
    void note() const;

    const Clock& clock_;
    std::shared_ptr<http::TlsContext> context_;
};

/// Logs a warning if passwords and tokens would cross a network unencrypted: if the server listens beyond loopback, has
/// no certificate, and no setting tells of a proxy that speaks https for it.
void warn_of_clear_text(const Config::Server& config, bool is_loopback);

}  // namespace reprieve::app
