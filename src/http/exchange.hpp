#pragma once

#include <functional>
#include <memory>

#include "http/access_log.hpp"
#include "http/connections/connection.hpp"
#include "http/dispatch.hpp"

namespace reprieve::http {

/// What every worker needs to know.
struct ExchangeContext {
    DispatchContext dispatch;
    const AccessLog& log;
    std::function<bool()> is_stopping;
};

/// Runs requests, one at a time: gate, route, handler, answer, log. Every worker has its own, because the
/// handlers of cpp-httplib are told nothing of the connection that they run for.
class Exchange {
public:
    explicit Exchange(ExchangeContext context);
    ~Exchange();

    /// Runs the request, or answers the failure, that the connection holds. Never throws.
    After run(Connection& connection);

private:
    class Writer;
    std::unique_ptr<Writer> writer_;
};

}  // namespace reprieve::http
