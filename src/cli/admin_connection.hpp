#pragma once

#include <memory>
#include <string>

#include <nlohmann/json.hpp>

#include "cli/options.hpp"

namespace reprieve::cli {

/// Connection to the appliance of a data folder. File permissions alone authorize it. It uses the Unix socket in the
/// folder. If no appliance runs there, this object starts one for its own lifetime; that one listens only on the socket
/// and scrubs only on request.
class AdminConnection {
public:
    /// Throws not_found if the folder holds no appliance, unavailable if it cannot be reached.
    explicit AdminConnection(const Options& options);
    ~AdminConnection();

    struct Reply {
        int status = 0;
        nlohmann::json body;  ///< null if the answer has none
    };

    /// Sends a request with a JSON `body`, or an empty one, and waits for the answer. If its status is 400 or more,
    /// throws Error with the message of the answer. Throws unavailable if no answer comes.
    Reply request(const std::string& method, const std::string& path, const std::string& body = {});

private:
    struct Attended;

    std::string socket_;
    std::unique_ptr<Attended> attended_;
};

}  // namespace reprieve::cli
