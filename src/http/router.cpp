#include "http/router.hpp"

#include <stdexcept>

#include "base/error.hpp"
#include "http/wire/percent_encoding.hpp"

namespace reprieve::http {

struct Router::Node {
    std::map<std::string, std::unique_ptr<Node>, std::less<>> literals;
    std::unique_ptr<Node> capture;  // the child for {…}; null if there is none
    std::map<std::string, Route, std::less<>> routes;
};

namespace {

/// Removes the first segment from `path` and returns it. Requires: `path` starts with '/'.
std::string_view take_segment(std::string_view& path) {
    path.remove_prefix(1);
    const std::string_view segment = path.substr(0, path.find('/'));
    path.remove_prefix(segment.size());
    return segment;
}

bool is_capture(std::string_view segment) {
    return segment.size() > 2 && segment.front() == '{' && segment.back() == '}';
}

constexpr std::size_t max_segments = 32;

std::vector<std::string> split(std::string_view path) {
    std::vector<std::string> segments;
    while (!path.empty()) {
        if (segments.size() == max_segments) throw Error(ErrorKind::not_found, "There is nothing at this path.");
        segments.push_back(decode_percent(take_segment(path), false, "path"));
    }
    return segments;
}

}  // namespace

Router::Router() : root_(std::make_unique<Node>()) {}
Router::~Router() = default;

void Router::add(Route route) {
    std::string_view rest = route.pattern;
    if (!rest.starts_with('/')) throw std::logic_error("a route's pattern must start with /: " + std::string(rest));
    Node* node = root_.get();
    while (!rest.empty()) {
        const std::string_view segment = take_segment(rest);
        auto& next = is_capture(segment) ? node->capture : node->literals[std::string(segment)];
        if (!next) next = std::make_unique<Node>();
        node = next.get();
    }
    const std::string method(route.method);
    const std::string name = method + " " + std::string(route.pattern);
    if (!node->routes.emplace(method, std::move(route)).second) throw std::logic_error("two routes for " + name);
}

void Router::alias(std::string name, std::string target) { aliases_.emplace(std::move(name), std::move(target)); }

void Router::set_fallback(Handler handler) { fallback_ = Route{"", "", BodyRule::ignore, std::move(handler)}; }

namespace {

template <typename Node>
void visit_below(const Node& node, const std::function<void(const Route&)>& look) {
    for (const auto& [method, route] : node.routes) look(route);
    for (const auto& [segment, next] : node.literals) visit_below(*next, look);
    if (node.capture) visit_below(*node.capture, look);
}

/// Finds the node of a path, depth first. Tries literal segments before a {…}. Backtracking is cheap, because the table
/// of routes is small.
template <typename Node>
const Node* walk(const Node& node, const std::vector<std::string>& segments, std::size_t at,
                 std::vector<std::string>& captures) {
    if (at == segments.size()) return node.routes.empty() ? nullptr : &node;
    if (const auto literal = node.literals.find(segments[at]); literal != node.literals.end())
        if (const Node* found = walk(*literal->second, segments, at + 1, captures)) return found;
    if (!node.capture || segments[at].empty()) return nullptr;
    captures.push_back(segments[at]);
    if (const Node* found = walk(*node.capture, segments, at + 1, captures)) return found;
    captures.pop_back();
    return nullptr;
}

}  // namespace

void Router::visit(const std::function<void(const Route&)>& look) const { visit_below(*root_, look); }

Router::Match Router::find(std::string_view method, std::string_view path) const {
    Match match;
    const Node* node = nullptr;
    if (path.starts_with('/')) {
        auto segments = split(path);
        if (const auto alias = aliases_.find(segments.front()); alias != aliases_.end())
            segments.front() = alias->second;
        node = walk(*root_, segments, 0, match.captures);
    }
    if (node == nullptr && fallback_) {
        match.captures.clear();
        match.route = &*fallback_;
        return match;
    }
    if (node == nullptr) throw Error(ErrorKind::not_found, "There is nothing at this path.");
    if (const auto route = node->routes.find(method); route != node->routes.end()) {
        match.route = &route->second;
        return match;
    }
    for (const auto& [name, route] : node->routes) {
        if (!match.allow.empty()) match.allow += ", ";
        match.allow += name == "GET" ? "GET, HEAD" : name;
    }
    return match;
}

}  // namespace reprieve::http
