#pragma once

#include <cstdint>
#include <memory>

#include "app/data_folder.hpp"
#include "base/clock.hpp"
#include "config/config.hpp"

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
    /// what is not safe: to listen beyond loopback, where there is no authentication. `folder` and `clock` outlive it.
    Appliance(const Config& config, const DataFolder& folder, const Clock& clock, Mode mode);
    ~Appliance();

    /// Starts to serve; returns at once.
    void start();

    /// Stops in order: no new requests, running ones within shutdown_timeout, the scrubber, the catalog. Idempotent.
    void stop();

private:
    struct Parts;
    std::unique_ptr<Parts> parts_;
};

}  // namespace reprieve::app
