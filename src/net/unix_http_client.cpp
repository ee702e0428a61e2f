#include "net/unix_http_client.hpp"

#include <httplib.h>
#include <sys/socket.h>

#include "base/error.hpp"
#include "base/file.hpp"
#include "base/unix_address.hpp"

namespace reprieve::net {

UnixHttpClient::UnixHttpClient(std::string socket_path, int patience_seconds)
    : socket_path_(std::move(socket_path)), patience_seconds_(patience_seconds) {}

UnixHttpClient::Answer UnixHttpClient::request(const std::string& method, const std::string& path,
                                               const std::string& body) {
    httplib::Client client(socket_path_);
    client.set_address_family(AF_UNIX);
    client.set_read_timeout(patience_seconds_);
    httplib::Request request;
    request.method = method;
    request.path = path;
    request.body = body;
    request.set_header("Host", "localhost");
    if (!body.empty()) request.set_header("Content-Type", "application/json");
    const auto result = client.send(request);
    if (!result)
        throw Error(ErrorKind::unavailable,
                    "nobody answers on " + socket_path_ + ": " + httplib::to_string(result.error()));
    return {result->status, result->body};
}

bool UnixHttpClient::is_answered() const {
    const auto address = unix_address(socket_path_);
    if (!address) return false;
    const FileDescriptor probe(::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0));
    return ::connect(probe.get(), reinterpret_cast<const sockaddr*>(&*address), sizeof *address) == 0;
}

}  // namespace reprieve::net
