#pragma once

#include <memory>
#include <string>

#include <nlohmann/json.hpp>

#include "cli/options.hpp"

namespace reprieve::cli {

/// Connection to the appliance that runs on a data folder. It uses the Unix socket in that folder, and only the
/// permissions of the files protect this socket. If no appliance runs on the folder, this object starts one in its own
/// process for its lifetime. Such an appliance listens only on the socket, and scrubs only on request.
class AdminConnection {
public:
    /// Throws not_found if the folder holds no catalog, unavailable if another process has locked the folder but does
    /// not answer, and bad_request if the configuration is invalid.
    explicit AdminConnection(const Options& options);
    ~AdminConnection();

    struct Reply {
        int status = 0;
        nlohmann::json body;  ///< null if the answer has no JSON
    };

    /// Sends a request with the JSON text `body`, which may be empty, and waits for the answer. If the status of the
    /// answer is 400 or more, throws an Error with the message of the answer. Throws unavailable if no answer comes.
    Reply request(const std::string& method, const std::string& path, const std::string& body = {});

private:
    struct Attended;

    std::string socket_;
    std::unique_ptr<Attended> attended_;
};

}  // namespace reprieve::cli
