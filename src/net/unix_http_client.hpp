#pragma once

#include <string>

namespace reprieve::net {

/// HTTP client for a server on a Unix socket of this machine. Only one thread at a time may use it.
class UnixHttpClient {
public:
    /// `patience_seconds` is the maximum time to wait for the next bytes of an answer.
    UnixHttpClient(std::string socket_path, int patience_seconds);

    struct Answer {
        int status = 0;
        std::string body;
    };

    /// Sends a request and returns the whole answer, whatever its status. `body` is the JSON body of the request, or
    /// empty. Throws unavailable if no complete answer arrives.
    Answer request(const std::string& method, const std::string& path, const std::string& body);

    /// Returns true if a server accepts connections on the socket.
    bool is_answered() const;

private:
    std::string socket_path_;
    int patience_seconds_;
};

}  // namespace reprieve::net
