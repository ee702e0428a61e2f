#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>

#include "app/data_folder.hpp"
#include "base/clock.hpp"
#include "config/config.hpp"
#include "http/router.hpp"

namespace reprieve::app {

/// Extent to which the appliance is started.
enum class Mode {
    serve,   ///< the whole appliance
    attend,  ///< for a command on a stopped appliance: serves only the admin socket, scrubs only on request
};

/// The whole appliance. It makes the parts, cleans up after a crash, and serves until it is stopped.
class Appliance {
public:
    /// Opens the catalog and the stores, and cleans up after a crash. Throws if one of them cannot be opened. In the
    /// mode `serve`, throws bad_request if `config` would let everybody in from beyond loopback. `folder` and `clock`
    /// must outlive this.
    Appliance(const Config& config, const DataFolder& folder, const Clock& clock, Mode mode);
    ~Appliance();

    /// Starts to serve in threads of its own, and returns. Throws unavailable if it cannot listen on the address, and
    /// bad_request if Keystone refuses the configured service user.
    void start();

    /// Reads the certificate again, for new connections. Logs a failure and keeps the old certificate.
    void reload();

    /// Returns the text that tells how to sign in as the admin for the first time; nullopt before start(), and if no
    /// first sign-in is needed. Show it on a terminal only, because it holds a secret.
    const std::optional<std::string>& first_sign_in() const;

    /// Returns the routes that are served, for tests that send the same request to every route.
    const http::Router& routes() const;

    /// Stops in this order: accepts no new requests, lets running ones finish within shutdown_timeout, stops the
    /// background workers. Idempotent.
    void stop();

private:
    struct Parts;
    std::unique_ptr<Parts> parts_;
};

}  // namespace reprieve::app
