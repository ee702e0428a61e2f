#include "app/appliance.hpp"

#include "api/origin_gate.hpp"
#include "api/routes.hpp"
#include "base/error.hpp"
#include "base/log.hpp"
#include "catalog/catalog.hpp"
#include "config/listen_address.hpp"
#include "http/router.hpp"
#include "http/server.hpp"
#include "service/recovery.hpp"
#include "store/store_set.hpp"

namespace reprieve::app {
namespace {

http::ServerOptions server_options(const Config& config) {
    http::ServerOptions options;
    options.header_timeout_us = config.server.header_timeout_us;
    options.idle_timeout_us = config.server.idle_timeout_us;
    options.stall_timeout_us = config.server.stall_timeout_us;
    options.min_transfer_rate = config.server.min_transfer_rate;
    options.shutdown_timeout_us = config.server.shutdown_timeout_us;
    options.max_connections = config.server.max_connections;
    // Every transfer may hold a worker and there are still some for everything else.
    constexpr std::size_t workers_beside = 64;
    options.max_workers = 2 * config.server.max_transfers + workers_beside;
    options.max_request_body = config.limits.request_body;
    return options;
}

void log_access(const http::AccessRecord& record) {
    const auto& request = record.request;
    if (!record.error.empty())
        log_error("http.failed", record.error,
                  {{"request", request.id}, {"method", request.method}, {"path", request.path}});
    log_debug("http.request", {{"request", request.id},
                               {"peer", request.peer},
                               {"method", request.is_head ? std::string_view("HEAD") : request.method},
                               {"path", request.path},
                               {"status", record.status},
                               {"sent", record.sent},
                               {"micros", record.micros}});
}

service::Images::Options image_options(const Config& config) {
    return {.quotas = {config.limits.image_property_quota, config.limits.image_tag_quota},
            .delayed_delete = config.trash.delayed_delete,
            .scrub_time_us = config.trash.scrub_time_us};
}

service::Scrubber::Options scrubber_options(const Config& config, Mode mode) {
    return {.wakeup_time_us = config.trash.wakeup_time_us,
            .pool_size = config.trash.scrub_pool_size,
            .purge_deleted_after_us = config.trash.purge_deleted_after_us,
            .automatic = mode == Mode::serve};
}

}  // namespace

/// In the order in which they are made; they are ended the other way round.
struct Appliance::Parts {
    Parts(Config c, const DataFolder& folder, const Clock& clock, Mode m)
        : config(std::move(c)),
          mode(m),
          listen(parse_listen_address(config.server.listen)),
          catalog(folder.catalog_folder()),
          stores(config, folder.path()),
          guard(clock, config.trash.startup_grace_us),
          running_uploads(config.server.max_transfers),
          buffers(config.limits.upload_buffers),
          scrubber(catalog, stores, clock, guard, scrubber_options(config, mode)),
          images(catalog, clock, guard, running_uploads, scrubber, image_options(config)),
          uploads(catalog, stores, buffers, running_uploads, clock,
                  {.image_size_cap = config.limits.image_size_cap,
                   .hash_algorithm = config.images.hash_algorithm,
                   .raw_accepts_any_format = config.images.raw_accepts_any_format}),
          downloads(catalog, stores, config.server.max_transfers),
          trash(catalog, scrubber),
          checker(catalog, stores, clock, config.trash.scrub_time_us),
          store_facts(catalog, stores),
          context{config, clock, store_facts, images, uploads, downloads, trash, scrubber, checker},
          gate(config.server, listen.address),
          admin_socket(folder.admin_socket()) {
        api::add_routes(router, context);
        server = std::make_unique<http::Server>(
            server_options(config), router, [this](const http::Request& request) { gate.check(request); }, log_access);
    }

    const Config config;
    const Mode mode;
    const ListenAddress listen;
    catalog::Catalog catalog;
    store::StoreSet stores;
    service::ClockGuard guard;
    service::RunningUploads running_uploads;
    service::BufferPool buffers;
    service::Scrubber scrubber;
    service::Images images;
    service::Uploads uploads;
    service::Downloads downloads;
    service::Trash trash;
    service::Checker checker;
    service::Stores store_facts;
    api::Context context;
    api::OriginGate gate;
    const std::string admin_socket;
    http::Router router;
    std::unique_ptr<http::Server> server;
};

Appliance::Appliance(const Config& config, const DataFolder& folder, const Clock& clock, Mode mode) {
    if (mode == Mode::serve && !parse_listen_address(config.server.listen).is_loopback)
        throw Error(ErrorKind::bad_request, "refusing to listen on " + config.server.listen +
                                                ": there is no authentication yet, so only loopback is safe; listen on "
                                                "127.0.0.1 and put a proxy that authenticates before it");
    parts_ = std::make_unique<Parts>(config, folder, clock, mode);
    parts_->catalog.write([&](catalog::Connection& db) { parts_->guard.begin(db); });
    service::recover(parts_->catalog, parts_->stores);
}

Appliance::~Appliance() { stop(); }

void Appliance::start() {
    Parts& parts = *parts_;
    std::uint16_t port = 0;
    if (parts.mode == Mode::serve) port = parts.server->listen_tcp(parts.listen.address, parts.listen.port);
    parts.server->listen_unix(parts.admin_socket);
    parts.scrubber.start();
    parts.server->start();
    if (parts.mode == Mode::attend) return;
    const bool is_v6 = parts.listen.address.find(':') != std::string::npos;
    const std::string host = is_v6 ? "[" + parts.listen.address + "]" : parts.listen.address;
    log_info("server.listening",
             {{"url", "http://" + host + ":" + std::to_string(port)}, {"port", port}, {"version", REPRIEVE_VERSION}});
}

void Appliance::stop() {
    parts_->server->stop();
    parts_->checker.stop();
    parts_->scrubber.stop();
}

}  // namespace reprieve::app
