#pragma once

#include <cstring>
#include <optional>
#include <string>
#include <utility>

#include "api/browser/live_feed.hpp"
#include "api/routes.hpp"
#include "identity/authenticator.hpp"
#include "service/images/downloads.hpp"
#include "service/images/stores.hpp"
#include "service/operation/checker.hpp"
#include "service/operation/space_history.hpp"
#include "service/uploads/resumable_uploads.hpp"
#include "tests/service/service_fixture.hpp"

namespace reprieve::tests {

/// Body in memory. Its length is unknown if it is chunked.
class TextBody final : public http::Body {
public:
    TextBody(std::string text, bool is_chunked) : text_(std::move(text)), is_chunked_(is_chunked) {}
    std::optional<std::uint64_t> length() const override {
        return is_chunked_ ? std::nullopt : std::optional<std::uint64_t>(text_.size());
    }
    std::size_t read(std::span<std::byte> out) override {
        const std::size_t count = std::min(out.size(), text_.size() - at_);
        std::memcpy(out.data(), text_.data() + at_, count);
        at_ += count;
        return count;
    }
    void start_deadline() override {}
    std::function<void()> interrupter() override {
        return [] {};
    }

private:
    std::string text_;
    bool is_chunked_;
    std::size_t at_ = 0;
};

/// Router on the services of ServiceFixture, without a sign-in. A test adds the routes that it calls.
struct ApiFixture : ServiceFixture {
    static constexpr std::uint64_t image_size_cap = 1 << 20;

    Config config;
    service::Uploads uploads{catalog,
                             stores,
                             buffers,
                             running,
                             quotas,
                             clock,
                             {.image_size_cap = image_size_cap, .hash_algorithm = "sha512"}};
    store::StagingFolder staging{folder.path() + "/uploads", 0};
    service::ResumableUploads resumable{
        catalog, staging, stores,
        uploads, running, buffers,
        quotas,  clock,   {.size_cap = image_size_cap, .expire_after_us = 3600 * us_per_second}};
    service::Downloads downloads{catalog, stores, audit, clock, 2};
    service::Checker checker{catalog, stores, clock, retention_us};
    service::Stores store_facts{catalog, stores};
    identity::Authenticator authenticator{nullptr};
    api::LiveFeed live{clock, {}};
    service::SpaceHistory space{catalog, stores, clock};
    api::Context context{config, clock,    store_facts, images, locations, members, uploads, resumable,    downloads,
                         trash,  scrubber, checker,     audit,  quotas,    live,    space,   authenticator};
    http::Router router;

    ApiFixture() { config.limits.image_size_cap = image_size_cap; }

    /// Calls the handler of the route. An error of the handler is thrown; `response` keeps what was set before.
    void call(const std::string& method, const std::string& path, http::Fields headers, TextBody body,
              http::Response& response) {
        http::Request request;
        request.is_head = method == "HEAD";
        request.method = request.is_head ? "GET" : method;
        request.path = path;
        request.headers = std::move(headers);
        request.headers.emplace_back("host", "box:9292");
        request.body = &body;
        api::set_protocol_headers(request, response);
        const auto match = router.find(request.method, path);
        request.captures = match.captures;
        request.route = match.route->pattern;
        match.route->handler(request, response);
    }
    http::Response call(const std::string& method, const std::string& path, http::Fields headers, TextBody body) {
        http::Response response;
        call(method, path, std::move(headers), std::move(body), response);
        return response;
    }

    static std::string header(const http::Response& response, const std::string& name) {
        for (const auto& [key, value] : response.headers)
            if (key == name) return value;
        return {};
    }
};

}  // namespace reprieve::tests
