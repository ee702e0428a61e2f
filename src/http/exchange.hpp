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
    std::function<bool()> is_stopping;  ///< true once the server stops: answers then close their connection
};

/// Runner of requests, one at a time: gate, route, handler, answer, log. Every worker thread has its own, because
/// cpp-httplib does not tell its handlers for which connection they run.
class Exchange {
public:
    explicit Exchange(ExchangeContext context);
    ~Exchange();

    /// Runs the connection's request, or answers with its `failure` if that is set. Returns the connection's next step.
    /// Never throws.
    After run(Connection& connection);

private:
    class Writer;
    std::unique_ptr<Writer> writer_;
};

}  // namespace reprieve::http
