#pragma once

#include <memory>
#include <string>

#include <nlohmann/json.hpp>

#include "cli/options.hpp"

namespace reprieve::cli {

/// Speaks to the appliance of a data folder, by file permission alone: to the running one through the Unix socket in
/// the folder, and where none runs, to one that is started for the time of this object, which listens
/// nowhere else and scrubs nothing by itself.
class AdminConnection {
public:
    /// Throws not_found where the folder holds no appliance, unavailable where it cannot be reached.
    explicit AdminConnection(const Options& options);
    ~AdminConnection();

    struct Reply {
        int status = 0;
        nlohmann::json body;  ///< null where there was none
    };

    /// Throws the error that the appliance answers, with its message.
    Reply request(const std::string& method, const std::string& path, const std::string& body = {});

private:
    struct Attended;

    std::string socket_;
    std::unique_ptr<Attended> attended_;
};

}  // namespace reprieve::cli
