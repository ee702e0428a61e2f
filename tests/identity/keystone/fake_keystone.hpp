#pragma once

#include <atomic>
#include <functional>
#include <map>
#include <mutex>
#include <nlohmann/json.hpp>
#include <string>

#include "base/timestamp.hpp"
#include "tests/net/fake_server.hpp"

namespace reprieve::tests {

/// Server that acts as a Keystone: it signs in the service user and validates tokens, as the API reference of Keystone
/// describes. A test can replace its answers.
class FakeKeystone {
public:
    FakeKeystone() : server_([this](const std::string& request) { return answer(request); }) {}

    std::string url() const { return server_.url(); }

    /// Returns the body of a token, which is unscoped if `project` is empty. `expires_at`: in microseconds.
    static nlohmann::json token_of(const std::string& user, const std::string& project, const std::string& role,
                                   std::int64_t expires_at) {
        nlohmann::json token = {{"methods", {"password"}},
                                {"user", {{"id", user + "-id"}, {"name", user}, {"domain", {{"id", "default"}}}}},
                                {"audit_ids", {"audit"}},
                                {"issued_at", "2023-11-14T00:00:00.000000Z"},
                                {"expires_at", format_timestamp(expires_at)}};
        if (!project.empty()) {
            token["project"] = {{"id", project + "-id"}, {"name", project}};
            token["roles"] = {{{"id", role + "-id"}, {"name", role}}};
        }
        return {{"token", token}};
    }

    void add(const std::string& token, const nlohmann::json& body) {
        const std::lock_guard lock(mutex_);
        tokens_[token] = body.dump();
    }
    void remove(const std::string& token) {
        const std::lock_guard lock(mutex_);
        tokens_.erase(token);
    }

    /// Called with each request before its answer, by several threads at a time. A result that is not empty is the
    /// answer.
    std::function<std::string(const std::string& request)> intercept;

    std::string password = "service-password";
    std::atomic<std::int64_t> service_token_expires_at = 0;
    std::atomic<int> sign_ins = 0;
    std::atomic<int> validations = 0;
    std::string last_sign_in;  ///< the latest request to sign in

    /// Invalidates all service tokens that were issued so far.
    void end_service_tokens() { ++generation_; }

private:
    static std::string header(const std::string& request, const std::string& name) {
        const std::size_t at = request.find("\r\n" + name + ": ");
        if (at == std::string::npos) return {};
        const std::size_t begin = at + name.size() + 4;
        return request.substr(begin, request.find("\r\n", begin) - begin);
    }

    std::string service_token() const { return "service-" + std::to_string(generation_); }

    std::string answer(const std::string& request) {
        const bool is_sign_in = request.starts_with("POST /v3/auth/tokens");
        ++(is_sign_in ? sign_ins : validations);
        if (intercept)
            if (std::string given = intercept(request); !given.empty()) return given;
        const std::lock_guard lock(mutex_);
        if (is_sign_in) {
            last_sign_in = request;
            if (request.find("\"" + password + "\"") == std::string::npos) return answer_of("401 Unauthorized", "{}");
            return answer_of("201 Created", token_of("reprieve", "service", "service", service_token_expires_at).dump(),
                             "X-Subject-Token: " + service_token() + "\r\n");
        }
        if (!request.starts_with("GET /v3/auth/tokens")) return answer_of("404 Not Found", "{}");
        if (header(request, "X-Auth-Token") != service_token()) return answer_of("401 Unauthorized", "{}");
        const auto found = tokens_.find(header(request, "X-Subject-Token"));
        return found == tokens_.end() ? answer_of("404 Not Found", "{}") : answer_of("200 OK", found->second);
    }

    std::mutex mutex_;
    std::map<std::string, std::string> tokens_;
    std::atomic<int> generation_ = 0;
    FakeServer server_;
};

}  // namespace reprieve::tests
