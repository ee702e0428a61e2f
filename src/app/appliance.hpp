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

/// Mode in which the appliance runs.
enum class Mode {
    serve,   ///< the whole appliance
    attend,  ///< for a command while no appliance runs: serves only the admin socket, scrubs only on request
};

/// The whole appliance. It makes the parts, cleans up after a crash, and serves until it is stopped.
class Appliance {
public:
    /// Opens the catalog and the stores, and cleans up what a crash left. Throws Error if the catalog or a store cannot
    /// be opened. In the mode `serve`, throws bad_request if `config` would let other machines in without
    /// authentication. `folder` and `clock` must outlive this object.
    Appliance(const Config& config, const DataFolder& folder, const Clock& clock, Mode mode);
    ~Appliance();

    /// Starts the threads that serve requests, and returns. Throws unavailable if the server cannot listen on the
    /// configured address, and bad_request if Keystone refuses the configured service user.
    void start();

    /// Reads the TLS certificate and its key again, and uses them for new connections. If they are unusable, logs the
    /// reason and keeps the old ones.
    void reload();

    /// Returns the text that tells how to sign in as the admin for the first time; nullopt before start(), and if no
    /// first sign-in is needed. Show it on a terminal only, because it holds a secret.
    const std::optional<std::string>& first_sign_in() const;

    /// Returns the routes that are served, for tests that send the same request to every route.
    const http::Router& routes() const;

    /// Accepts no new requests, lets running ones finish within the setting server.shutdown_timeout, and then stops the
    /// background workers. Idempotent.
    void stop();

private:
    struct Parts;
    std::unique_ptr<Parts> parts_;
};

}  // namespace reprieve::app
