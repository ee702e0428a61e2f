#include "net/http_stream.hpp"

namespace reprieve::net {

HttpStream::HttpStream(const Endpoint& endpoint, const TlsTrust* trust, const HttpRequest& request,
                       const Deadline& deadline)
    : connection_(endpoint, trust, deadline), reader_(connection_, deadline) {
    connection_.write(wire_form(request, endpoint), deadline);
    head_ = reader_.begin(request.method != "HEAD");
}

std::size_t HttpStream::read(std::span<char> out, const Deadline& deadline) {
    reader_.set_deadline(deadline);
    return reader_.read_some(out);
}

}  // namespace reprieve::net
