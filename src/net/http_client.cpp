#include "net/http_client.hpp"

#include <algorithm>

#include "base/error.hpp"

namespace reprieve::net {

HttpClient::HttpClient(Endpoint endpoint, const TlsTrust* trust, Options options)
    : endpoint_(std::move(endpoint)), trust_(trust), options_(options) {}

HttpAnswer HttpClient::send(const HttpRequest& request, std::int64_t timeout_us) {
    try {
        return exchange(request, Deadline(timeout_us));
    } catch (const Error& error) {
        if (error.kind() != ErrorKind::unavailable) throw;
        throw Error(ErrorKind::unavailable, host_header(endpoint_) + " does not answer: " + error.what());
    }
}

HttpAnswer HttpClient::exchange(const HttpRequest& request, const Deadline& deadline) {
    const std::string text = wire_form(request, endpoint_);
    auto connection = may_repeat(request) ? take_idle() : nullptr;
    while (true) {
        const bool is_kept = connection != nullptr;
        if (!is_kept) connection = std::make_unique<Connection>(endpoint_, trust_, deadline);
        HttpAnswerReader reader(*connection, deadline);
        try {
            connection->write(text, deadline);
            HttpAnswer answer = reader.read(request.method != "HEAD", options_.max_answer_bytes);
            if (reader.is_reusable()) keep(std::move(connection));
            return answer;
        } catch (const Error&) {
            if (!is_kept || reader.has_begun() || deadline.is_over()) throw;
            connection.reset();
        }
    }
}

std::unique_ptr<Connection> HttpClient::take_idle() {
    const auto oldest = std::chrono::steady_clock::now() - std::chrono::microseconds(options_.max_idle_us);
    const MutexLock lock(mutex_);
    std::erase_if(idle_, [&](const Idle& idle) { return idle.since < oldest; });
    while (!idle_.empty()) {
        auto connection = std::move(idle_.back().connection);
        idle_.pop_back();
        if (connection->is_quiet()) return connection;
    }
    return nullptr;
}

void HttpClient::keep(std::unique_ptr<Connection> connection) {
    const MutexLock lock(mutex_);
    if (idle_.size() < options_.max_idle) idle_.push_back({std::move(connection), std::chrono::steady_clock::now()});
}

}  // namespace reprieve::net
