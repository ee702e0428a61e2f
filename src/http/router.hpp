#pragma once

#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "http/wire/message.hpp"

namespace reprieve::http {

/// Treatment of a request's body before the handler runs.
enum class BodyRule {
    none,     ///< a body that is not empty is refused with 400
    ignore,   ///< a body is read and dropped; one beyond max_request_body is refused with 413
    handler,  ///< the handler reads it
};

/// Entry of the route table. The texts of `method` and `pattern` must outlive the router.
struct Route {
    std::string_view method;   ///< upper case; "GET" also serves HEAD
    std::string_view pattern;  ///< such as "/v2/images/{id}/file"; {…} matches one segment that is not empty
    BodyRule body = BodyRule::none;
    Handler handler;
};

/// Table that finds the route of a path by walking its segments; the cost does not grow with the number of routes.
/// A literal segment wins over a {…}. Fill it before the server starts; after that any thread may call the const
/// functions.
class Router {
public:
    Router();
    ~Router();

    /// Adds a route. Throws std::logic_error if its method and pattern are already there, or if its pattern does not
    /// start with a slash.
    void add(Route route);

    /// Makes find() treat a path whose first segment is `name` as if that segment were `target`.
    void alias(std::string name, std::string target);

    /// Sets the handler for paths without a route, with any method. Without it find() throws not_found for them.
    void set_fallback(Handler handler);

    /// Calls `look` with every route except the fallback, ordered by path. A {…} comes after literal segments.
    void visit(const std::function<void(const Route&)>& look) const;

    struct Match {
        const Route* route = nullptr;       ///< null if the path exists, but not with this method
        std::vector<std::string> captures;  ///< decoded segments that matched a {…}, in their order
        std::string allow;                  ///< value for the Allow header if `route` is null; otherwise empty
    };

    /// Finds the route for a method and a percent-encoded path without query. Returns the fallback for an unknown path.
    /// Throws not_found for an unknown path if there is no fallback, and for a path of more than 32 segments. Throws
    /// bad_request for a broken percent-encoding or a decoded NUL.
    Match find(std::string_view method, std::string_view path) const;

private:
    struct Node;
    std::unique_ptr<Node> root_;
    std::map<std::string, std::string, std::less<>> aliases_;
    std::optional<Route> fallback_;
};

}  // namespace reprieve::http
