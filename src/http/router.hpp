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

/// What a route does with a body.
enum class BodyRule {
    none,     ///< refused with 400 where one is sent that is not empty
    ignore,   ///< read and dropped, up to the limit of a request body
    handler,  ///< the handler reads it
};

/// One line of the table of routes.
struct Route {
    std::string_view method;  ///< "GET" serves HEAD too
    std::string_view
        pattern;  ///< "/v2/images/{id}/file": literal segments, and {…} for any one segment that is not empty
    BodyRule body = BodyRule::none;
    Handler handler;
};

/// Finds the route of a path by walking its segments; the cost does not grow with the number of routes.
/// A literal segment wins over a {…}. Filled before the server starts, then read by any thread.
class Router {
public:
    Router();
    ~Router();

    /// Throws std::logic_error for two routes with the same method and pattern.
    void add(Route route);

    /// A path whose first segment is `name` is found as if that were `target`.
    void alias(std::string name, std::string target);

    /// What serves a path that no route has, instead of not_found. It is asked for with any method.
    void set_fallback(Handler handler);

    /// Calls `look` with every route, in the order of their paths.
    void visit(const std::function<void(const Route&)>& look) const;

    /// The route for a method and an encoded path, and the decoded captures; the fallback, or not_found, for an unknown
    /// path, bad_request for a broken percent-encoding or a decoded NUL. A known path with another
    /// method gives no route and, in `allow`, the value for the Allow header.
    struct Match {
        const Route* route = nullptr;
        std::vector<std::string> captures;
        std::string allow;
    };
    Match find(std::string_view method, std::string_view path) const;

private:
    struct Node;
    std::unique_ptr<Node> root_;
    std::map<std::string, std::string, std::less<>> aliases_;
    std::optional<Route> fallback_;
};

}  // namespace reprieve::http
