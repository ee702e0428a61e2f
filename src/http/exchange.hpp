#pragma once

#include <functional>
#include <memory>

#include "http/access_log.hpp"
#include "http/connections/connection.hpp"
#include "http/dispatch.hpp"

namespace reprieve::http {

/// The parts of the server that every worker uses. All references must outlive the workers.
struct ExchangeContext {
    DispatchContext dispatch;
    const AccessLog& log;
    std::function<bool()> is_stopping;  ///< returns true once the server stops; then each answer closes its connection
};

/// Runner of requests, one at a time: it runs the gate, the route and the handler, sends the answer and calls the log.
/// Every worker thread has its own Exchange, because cpp-httplib does not tell its handlers for which connection they
/// run.
class Exchange {
public:
    explicit Exchange(ExchangeContext context);
    ~Exchange();

    /// Runs the connection's request, or answers with Connection::failure if that is set. Returns what must happen to
    /// the connection next. Never throws.
    After run(Connection& connection);

private:
    class Writer;
    std::unique_ptr<Writer> writer_;
};

}  // namespace reprieve::http
