#include "http/server.hpp"

#include <unistd.h>

#include <algorithm>

#include "base/mutex.hpp"
#include "http/connections/listening_socket.hpp"
#include "http/connections/poller.hpp"
#include "http/connections/worker_pool.hpp"
#include "http/exchange.hpp"

namespace reprieve::http {

class Server::Impl {
public:
    Impl(ServerOptions options, const Router& router, Gate gate, AccessLog log)
        : options_(std::move(options)),
          router_(router),
          gate_(std::move(gate)),
          log_(std::move(log)),
          pool_(options_.max_workers, options_.admin_workers, [this] { return make_work(); }),
          poller_(
              options_, [this](Connection& connection) { return pool_.submit(connection); },
              [this] { return pool_.grow(); }) {}

    ~Impl() { stop(); }

    std::uint16_t listen_tcp(const std::string& address, std::uint16_t port, std::shared_ptr<const TlsContext> tls) {
        FileDescriptor socket = listen_on_tcp(address, port);
        const std::uint16_t given = local_port(socket);
        poller_.add_listener(std::move(socket), false, std::move(tls));
        return given;
    }

    void listen_unix(const std::string& path) {
        poller_.add_listener(listen_on_unix(path), true, nullptr);
        const MutexLock lock(stop_mutex_);
        unix_paths_.push_back(path);
    }

    void start() { poller_.start(); }

    void stop() {
        const MutexLock lock(stop_mutex_);
        poller_.stop();
        pool_.stop();
        for (const std::string& path : unix_paths_) ::unlink(path.c_str());
        unix_paths_.clear();
    }

private:
    Work make_work() {
        auto exchange = std::make_shared<Exchange>(ExchangeContext{
            {router_, gate_, options_.max_request_body}, log_, [this] { return poller_.is_stopping(); }});
        return [this, exchange](Connection& connection) {
            const After after = exchange->run(connection);
            poller_.give_back(connection, after);
        };
    }

    const ServerOptions options_;
    const Router& router_;
    const Gate gate_;
    const AccessLog log_;
    Mutex stop_mutex_;  ///< also makes a second stop() wait for the end of the first
    std::vector<std::string> unix_paths_ GUARDED_BY(stop_mutex_);
    WorkerPool pool_;
    Poller poller_;
};

Server::Server(ServerOptions options, const Router& router, Gate gate, AccessLog log)
    : impl_(std::make_unique<Impl>(std::move(options), router, std::move(gate), std::move(log))) {}
Server::~Server() = default;

std::uint16_t Server::listen_tcp(const std::string& address, std::uint16_t port,
                                 std::shared_ptr<const TlsContext> tls) {
    return impl_->listen_tcp(address, port, std::move(tls));
}
void Server::listen_unix(const std::string& path) { impl_->listen_unix(path); }
void Server::start() { impl_->start(); }
void Server::stop() { impl_->stop(); }

}  // namespace reprieve::http
