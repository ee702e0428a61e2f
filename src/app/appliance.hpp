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

/// How the parts are started.
enum class Mode {
    serve,   ///< the whole appliance
    attend,  ///< for a command on a stopped appliance: the admin socket alone, and nothing is scrubbed by itself
};

/// The whole appliance: makes the parts, repairs what a crash left, and serves until it is stopped.
class Appliance {
public:
    /// Opens the catalog and the stores and repairs. Throws where one of them cannot be opened, or `config` asks for
    /// what is not safe: to let everybody in beyond loopback. `folder` and `clock` outlive it.
    Appliance(const Config& config, const DataFolder& folder, const Clock& clock, Mode mode);
    ~Appliance();

    /// Starts to serve; returns at once.
    void start();

    /// Reads the certificate anew, for the connections that come from now on.
    void reload();

    /// How the admin signs in for the first time, as long as he has to: for a terminal alone, as it holds a secret.
    /// Nothing before start().
    const std::optional<std::string>& first_sign_in() const;

    /// What is served, for the tests that ask every route the same.
    const http::Router& routes() const;

    /// Stops in order: no new requests, running ones within shutdown_timeout, the scrubber, the catalog. Idempotent.
    void stop();

private:
    struct Parts;
    std::unique_ptr<Parts> parts_;
};

}  // namespace reprieve::app
