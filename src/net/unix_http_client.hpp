#pragma once

#include <string>

namespace reprieve::net {

/// Speaks HTTP to a server on a Unix socket of this machine. Used by one thread at a time.
class UnixHttpClient {
public:
    /// Answers are waited for at most `patience_seconds`.
    UnixHttpClient(std::string socket_path, int patience_seconds);

    struct Answer {
        int status = 0;
        std::string body;
    };

    /// `body` is JSON, or empty. Throws unavailable where no answer comes.
    Answer request(const std::string& method, const std::string& path, const std::string& body);

    /// True where a server accepts connections on the socket.
    bool is_answered() const;

private:
    std::string socket_path_;
    int patience_seconds_;
};

}  // namespace reprieve::net
