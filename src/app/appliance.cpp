#include "app/appliance.hpp"

#include <algorithm>

#include "api/browser/live_feed.hpp"
#include "api/browser/origin_gate.hpp"
#include "api/routes.hpp"
#include "app/location_keys.hpp"
#include "app/own_url.hpp"
#include "app/site_certificate.hpp"
#include "base/buffer_pool.hpp"
#include "base/error.hpp"
#include "base/log.hpp"
#include "catalog/catalog.hpp"
#include "config/auth_mode.hpp"
#include "config/config.hpp"
#include "config/listen_address.hpp"
#include "config/secret_file.hpp"
#include "http/router.hpp"
#include "http/server.hpp"
#include "identity/authenticator.hpp"
#include "identity/keystone/keystone_client.hpp"
#include "identity/keystone/keystone_sign_in.hpp"
#include "identity/keystone/keystone_tokens.hpp"
#include "identity/local_tokens.hpp"
#include "identity/sign_in/sign_in.hpp"
#include "identity/users/directory.hpp"
#include "identity/users/first_sign_in.hpp"
#include "identity/users/passwords.hpp"
#include "service/bin/scrubber.hpp"
#include "service/bin/trash.hpp"
#include "service/clock_guard.hpp"
#include "service/images/downloads.hpp"
#include "service/images/images.hpp"
#include "service/images/locations.hpp"
#include "service/images/members.hpp"
#include "service/images/stores.hpp"
#include "service/operation/audit_trail.hpp"
#include "service/operation/checker.hpp"
#include "service/operation/space_history.hpp"
#include "service/quotas.hpp"
#include "service/uploads/recovery.hpp"
#include "service/uploads/resumable_uploads.hpp"
#include "service/uploads/running_uploads.hpp"
#include "service/uploads/upload_mender.hpp"
#include "service/uploads/upload_sweeper.hpp"
#include "service/uploads/uploads.hpp"
#include "store/file/staging_folder.hpp"
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
    // Uploads may hold max_transfers workers, and downloads as many again. These additional workers serve all other
    // requests.
    constexpr std::size_t workers_beside = 64;
    options.max_workers = 2 * config.server.max_transfers + workers_beside;
    options.max_request_body = config.limits.request_body;
    std::vector<AddressBlock> proxies(config.server.trusted_proxies.begin(), config.server.trusted_proxies.end());
    options.clients.proxies = http::TrustedProxies(std::move(proxies));
    options.clients.requests = {.rate = config.server.requests_per_address,
                                .burst = config.server.requests_per_address_burst};
    options.clients.connections = config.server.connections_per_address;
    return options;
}

identity::KeystoneAccess keystone_access(const Config::Auth& auth) {
    return {.url = auth.keystone_url,
            .ca_file = auth.keystone_ca_file,
            .user = auth.keystone_user,
            .password = auth.keystone_password_file.empty()
                            ? auth.keystone_password
                            : read_secret_file(auth.keystone_password_file, "auth.keystone_password_file"),
            .user_domain = auth.keystone_user_domain,
            .project = auth.keystone_project,
            .project_domain = auth.keystone_project_domain,
            .timeout_us = auth.keystone_timeout_us};
}

/// Parts of the appliance that only the authentication mode "keystone" needs.
struct KeystoneParts {
    KeystoneParts(const Config& config, const Clock& clock)
        : client(keystone_access(config.auth), clock),
          tokens(client, clock,
                 {.cache_time_us = config.auth.token_cache_time_us,
                  // At most half of the workers wait for Keystone. The other half serves requests whose token is in the
                  // cache.
                  .max_waiting = server_options(config).max_workers / 2}),
          sign_in(client, tokens, clock) {}

    /// Signs in to Keystone once, so that a wrong configuration stops the start. If Keystone does not answer, only logs
    /// a warning, because Keystone may come back.
    void check() {
        try {
            client.sign_in();
        } catch (const Error& error) {
            if (error.kind() != ErrorKind::unavailable) throw;
            log_warning("keystone.unavailable", error.what(), {{"url", client.url()}});
        }
    }

    identity::KeystoneClient client;
    identity::KeystoneTokens tokens;
    identity::KeystoneSignIn sign_in;
};

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

api::LiveFeed::Options live_options(const Config& config) {
    // Listeners of the live feed hold connections. Limits the listeners, so that most connections serve ordinary
    // requests.
    const auto part = [](std::size_t all, std::size_t of) { return std::max<std::size_t>(all / of, 1); };
    return {.max_listeners = std::min<std::size_t>(part(config.server.max_connections, 2), 1024),
            .max_of_address = part(config.server.connections_per_address, 4)};
}

service::Images::Options image_options(const Config& config) {
    return {.quotas = {.properties = config.limits.image_property_quota,
                       .tags = config.limits.image_tag_quota,
                       .locations = config.limits.image_location_quota},
            .delayed_delete = config.trash.delayed_delete,
            .scrub_time_us = config.trash.scrub_time_us};
}

service::Scrubber::Options scrubber_options(const Config& config, Mode mode) {
    return {.wakeup_time_us = config.trash.wakeup_time_us,
            .pool_size = config.trash.scrub_pool_size,
            .purge_deleted_after_us = config.trash.purge_deleted_after_us,
            .automatic = mode == Mode::serve};
}

/// Number of bytes that uploads leave free on the disk of the data folder. A file store has the same default for its
/// setting `reserve`.
constexpr std::uint64_t staging_reserve_bytes = 64 << 20;

}  // namespace

/// Parts of the appliance, in the order of construction. They are destroyed in the reverse order.
struct Appliance::Parts {
    Parts(Config c, const DataFolder& folder, const Clock& clock, Mode m)
        : config(std::move(c)),
          mode(m),
          listen(parse_listen_address(config.server.listen)),
          certificate(mode == Mode::serve ? config.server : Config::Server{}, clock),
          live(clock, live_options(config)),
          catalog(folder.catalog_folder(), {.current = location_key(config), .previous = {}}),
          buffers(config.limits.upload_buffers),
          stores(config, folder.path(), buffers),
          staging(folder.uploads_folder(), staging_reserve_bytes, stores.promises_at(folder.path())),
          guard(clock, config.trash.startup_grace_us),
          audit(catalog, clock,
                {.keep_us = config.events.keep_us, .bounds = {config.events.max_count, config.events.max_refused}}),
          quotas(catalog, {.project_image_count = config.limits.project_image_count,
                           .user_image_count = config.limits.user_image_count,
                           .project_bytes = config.limits.project_bytes,
                           .user_bytes = config.limits.user_bytes}),
          running_uploads(config.server.max_transfers),
          mender(catalog, stores, running_uploads, clock),
          scrubber(catalog, stores, clock, guard, scrubber_options(config, mode)),
          locations(catalog, stores, clock,
                    {.may_change = config.images.show_multiple_locations,
                     .image_size_cap = config.limits.image_size_cap,
                     .quota = config.limits.image_location_quota}),
          images(catalog, clock, guard, running_uploads, scrubber, quotas, locations, image_options(config)),
          members(catalog, clock, config.limits.image_member_quota,
                  auth_mode(config) == AuthMode::local ? service::Members::Projects::of_catalog
                                                       : service::Members::Projects::unknown),
          uploads(catalog, stores, buffers, running_uploads, quotas, clock,
                  {.image_size_cap = config.limits.image_size_cap,
                   .hash_algorithm = config.images.hash_algorithm,
                   .raw_accepts_any_format = config.images.raw_accepts_any_format,
                   .left_behind = [this] { mender.wake(); }}),
          resumable(catalog, staging, stores, uploads, running_uploads, buffers, quotas, clock,
                    {.size_cap = config.limits.image_size_cap,
                     .expire_after_us = config.uploads.expire_after_us,
                     .left_behind = [this] { mender.wake(); }}),
          sweeper(resumable, clock),
          downloads(catalog, stores, audit, clock, config.server.max_transfers),
          trash(catalog, scrubber, clock),
          checker(catalog, stores, clock, config.trash.scrub_time_us),
          store_facts(catalog, stores),
          space(catalog, stores, clock),
          first_sign_in(catalog, clock, folder.first_sign_in()),
          directory(catalog, passwords, clock, &first_sign_in),
          tokens(catalog, clock, config.auth.token_lifetime_us),
          sign_in(catalog, directory, tokens, passwords, clock, &first_sign_in),
          keystone(auth_mode(config) == AuthMode::keystone ? std::make_unique<KeystoneParts>(config, clock) : nullptr),
          authenticator(keystone ? static_cast<identity::TokenValidator*>(&keystone->tokens)
                        : auth_mode(config) == AuthMode::local ? &tokens
                                                               : nullptr),
          local_identity{directory, tokens, sign_in},
          context{config, clock,    store_facts, images, locations, members, uploads, resumable,    downloads,
                  trash,  scrubber, checker,     audit,  quotas,    live,    space,   authenticator},
          gate(config.server, listen.address),
          admin_socket(folder.admin_socket()) {
        catalog.when_changed([this](Topics changed) {
            live.tell(changed);
            if (changed.contains(Topic::uploads)) sweeper.wake();
        });
        if (keystone)
            context.keystone = &keystone->sign_in;
        else
            context.identity = &local_identity;
        context.workers = {&scrubber.worker(), &mender.worker(),  &sweeper.worker(), &audit.worker(),
                           &space.worker(),    &checker.worker(), &live.worker()};
        context.own_url = [this] { return own_url(config.server, port); };
        api::add_routes(router, context);
        server = std::make_unique<http::Server>(
            server_options(config), router,
            [this](const http::Request& request, http::Response& response) {
                api::set_protocol_headers(request, response);
                gate.check(request);
            },
            log_access);
    }

    const Config config;
    const Mode mode;
    const ListenAddress listen;
    std::uint16_t port = listen.port;  ///< the configured port; after start() the actual one
    SiteCertificate certificate;
    api::LiveFeed live;
    catalog::Catalog catalog;
    BufferPool buffers;
    store::StoreSet stores;
    store::StagingFolder staging;
    service::ClockGuard guard;
    service::AuditTrail audit;
    service::Quotas quotas;
    service::RunningUploads running_uploads;
    service::UploadMender mender;
    service::Scrubber scrubber;
    service::Locations locations;
    service::Images images;
    service::Members members;
    service::Uploads uploads;
    service::ResumableUploads resumable;
    service::UploadSweeper sweeper;
    service::Downloads downloads;
    service::Trash trash;
    service::Checker checker;
    service::Stores store_facts;
    service::SpaceHistory space;
    identity::Passwords passwords;
    identity::FirstSignIn first_sign_in;
    identity::Directory directory;
    identity::LocalTokens tokens;
    identity::SignIn sign_in;
    std::unique_ptr<KeystoneParts> keystone;  ///< null except in the mode "keystone"
    identity::Authenticator authenticator;
    api::LocalIdentity local_identity;
    api::Context context;
    api::OriginGate gate;
    const std::string admin_socket;
    http::Router router;
    std::unique_ptr<http::Server> server;
    std::optional<std::string> first_sign_in_text;
};

Appliance::Appliance(const Config& config, const DataFolder& folder, const Clock& clock, Mode mode) {
    if (mode == Mode::serve) require_safe_listen(config);
    parts_ = std::make_unique<Parts>(config, folder, clock, mode);
    parts_->catalog.write([&](catalog::Connection& db) { parts_->guard.begin(db); });
    service::recover(parts_->catalog, parts_->stores);
    parts_->resumable.recover();
    parts_->tokens.purge_expired();
}

Appliance::~Appliance() { stop(); }

void Appliance::start() {
    Parts& parts = *parts_;
    if (parts.keystone && parts.mode == Mode::serve) parts.keystone->check();
    const auto tls = parts.certificate.context();
    if (parts.mode == Mode::serve) parts.port = parts.server->listen_tcp(parts.listen.address, parts.listen.port, tls);
    parts.server->listen_unix(parts.admin_socket);
    parts.audit.start();
    parts.scrubber.start();
    parts.mender.start();
    parts.live.start();
    if (parts.mode == Mode::serve) parts.sweeper.start();
    if (parts.mode == Mode::serve) parts.space.start();
    parts.server->start();
    if (parts.mode == Mode::attend) return;
    const std::string url = parts.context.own_url();
    if (auth_mode(parts.config) == AuthMode::local) try {
            parts.first_sign_in_text = parts.first_sign_in.prepare(url);
        } catch (const Error& error) {
            // On a full disk the file with the secret cannot be written. The appliance starts anyway, so that images
            // can be deleted.
            log_error("sign_in.no_one_time_secret", error.what(), {});
        }
    if (parts.first_sign_in_text)
        log_warning("sign_in.no_admin_password",
                    "no admin has a password yet: the file first-sign-in in the data folder says how to choose one",
                    {});
    log_info("server.listening", {{"url", url},
                                  {"port", parts.port},
                                  {"auth", to_string(auth_mode(parts.config))},
                                  {"version", REPRIEVE_VERSION}});
    warn_of_clear_text(parts.config.server, parts.listen.is_loopback);
}

void Appliance::reload() { parts_->certificate.reload(); }

const std::optional<std::string>& Appliance::first_sign_in() const { return parts_->first_sign_in_text; }

const http::Router& Appliance::routes() const { return parts_->router; }

void Appliance::stop() {
    parts_->resumable.stop();
    parts_->scrubber.end_waits();
    parts_->server->stop();
    parts_->live.stop();
    parts_->space.stop();
    parts_->checker.stop();
    parts_->sweeper.stop();
    parts_->mender.stop();
    parts_->scrubber.stop();
    parts_->audit.stop();
}

}  // namespace reprieve::app
