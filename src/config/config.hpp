#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <vector>

namespace reprieve {

// All settings, typed and in range, with their defaults. config.toml says for the reader what each means,
// config/settings.cpp which key fills it and what it may be. Durations end in _us: microseconds.

/// One store: the section [stores.NAME].
struct StoreConfig {
    std::string type = "file";               ///< the driver
    std::string description;                 ///< shown to people, for what they choose between
    std::string path;                        ///< file: folder, absolute; empty: "images" in the data folder
    std::uint64_t reserve_bytes = 64 << 20;  ///< file: kept free for the catalog and for deletes
    std::string pool = "images";             ///< rbd, as all below
    std::string user = "admin";              ///< without "client."
    std::string conf;                        ///< a ceph.conf, absolute; empty: Ceph's own default places
    std::uint64_t chunk_bytes = 8 << 20;     ///< of an object in the pool; a power of two
    std::int64_t timeout_us = 15'000'000;    ///< for one operation of the cluster; http: see store/http/http_reader.hpp
    std::vector<std::string> allowed_ports{"80", "443"};  ///< http, as all below; numbers
    std::vector<std::string> allowed_addresses;           ///< addresses and blocks, beside the public ones
    std::uint64_t min_rate = 64 << 10;                    ///< bytes a second that a server sends at least
    std::string ca_file;                                  ///< certificates as PEM; empty: those of the system

    bool operator==(const StoreConfig&) const = default;
};

struct Config {
    struct Server {
        std::string listen = "127.0.0.1:9292";          ///< see config/listen_address.hpp; port 0: any free one
        std::string data;                               ///< data folder; empty: see app/data_folder.hpp
        std::string public_url;                         ///< the address that clients use; empty: what they sent as Host
        std::vector<std::string> allowed_hosts;         ///< further names that a Host header may hold
        std::string tls_certificate;                    ///< a file of PEM; empty: plain HTTP. Both or none
        std::string tls_key;                            ///< a file of PEM
        std::string web_dir;                            ///< folder of the page; empty: the page in the binary
        std::vector<std::string> trusted_proxies;       ///< addresses and blocks, as AddressBlock takes them
        std::int64_t header_timeout_us = 10'000'000;    ///< from a request's first byte to the end of its headers
        std::int64_t idle_timeout_us = 75'000'000;      ///< a kept connection without a request
        std::int64_t stall_timeout_us = 60'000'000;     ///< a transfer that does not move; all of a small body
        std::int64_t shutdown_timeout_us = 30'000'000;  ///< running requests may end within it
        std::uint64_t max_connections = 4096;
        std::uint64_t connections_per_address = 512;
        std::uint64_t requests_per_address = 200;         ///< a second; 0: no limit
        std::uint64_t requests_per_address_burst = 1000;  ///< at once, after a pause
        std::uint64_t max_transfers = 64;                 ///< uploads and downloads that run at a time, each
        std::uint64_t min_transfer_rate = 1024;           ///< bytes a second, over stall_timeout; 0: no least rate

        bool operator==(const Server&) const = default;
    } server;

    struct Catalog {
        std::string location_key;       ///< as base/text_seal.hpp takes it; empty: URIs are stored as they are
        std::string location_key_file;  ///< instead of it

        bool operator==(const Catalog&) const = default;
    } catalog;

    struct Auth {
        std::string mode = "auto";                               ///< see config/auth_mode.hpp
        std::int64_t token_lifetime_us = 8 * 3'600'000'000LL;    ///< of a token that a client asks for
        std::int64_t session_lifetime_us = 8 * 3'600'000'000LL;  ///< of a browser's cookie

        // Mode keystone: see identity/keystone/keystone_client.hpp. Users, projects and domains are names.
        std::string keystone_url;
        std::string keystone_ca_file;  ///< empty: the certificates of the system
        std::string keystone_user = "reprieve";
        std::string keystone_password;
        std::string keystone_password_file;  ///< instead of keystone_password
        std::string keystone_user_domain = "Default";
        std::string keystone_project = "service";
        std::string keystone_project_domain = "Default";
        std::int64_t keystone_timeout_us = 5'000'000;    ///< of one question, with all that it takes
        std::int64_t token_cache_time_us = 300'000'000;  ///< 0: never

        bool operator==(const Auth&) const = default;
    } auth;

    struct Trash {
        bool delayed_delete = true;                         ///< a delete goes to the bin first
        std::int64_t scrub_time_us = 7 * 86'400'000'000LL;  ///< from a delete to its scrub; fixed at the delete
        std::int64_t wakeup_time_us = 300'000'000;          ///< the scrubber sleeps no longer than this
        std::uint64_t scrub_pool_size = 4;                  ///< threads that scrub
        std::int64_t purge_deleted_after_us = 30 * 86'400'000'000LL;  ///< rows of deleted images are kept so long
        std::int64_t startup_grace_us = 3'600'000'000LL;  ///< no scrub so long after a start with a doubtful clock

        bool operator==(const Trash&) const = default;
    } trash;

    struct Store {
        std::string default_store = "local";  ///< a name in `stores`

        bool operator==(const Store&) const = default;
    } store;

    /// By name. Never empty: a file that names no store has the one, "local".
    std::map<std::string, StoreConfig> stores{{"local", StoreConfig{}}};

    struct Limits {
        std::uint64_t image_size_cap = 1ULL << 40;  ///< bytes of one image
        std::uint64_t image_property_quota = 128;   ///< a count, of one image, as the next three
        std::uint64_t image_tag_quota = 128;
        std::uint64_t image_member_quota = 128;
        std::uint64_t image_location_quota = 10;
        std::uint64_t project_image_count = 0;  ///< images of one project, those in the bin too; 0: no limit, as below
        std::uint64_t project_bytes = 0;        ///< bytes of them, what uploads have reserved too
        std::uint64_t user_image_count = 0;     ///< the same of what one user created
        std::uint64_t user_bytes = 0;
        std::uint64_t page_default = 25;  ///< entries of a list that asks for no limit; at most page_max
        std::uint64_t page_max = 1000;
        std::uint64_t request_body = 1 << 20;     ///< bytes of a body that is no image data
        std::uint64_t upload_buffers = 64 << 20;  ///< memory that all uploads together use; 1 MiB or more for each

        bool operator==(const Limits&) const = default;
    } limits;

    struct Uploads {
        std::int64_t expire_after_us = 86'400'000'000LL;  ///< of a resumable one, since the last byte that came

        bool operator==(const Uploads&) const = default;
    } uploads;

    struct Images {
        std::string hash_algorithm = "sha512";  ///< of os_hash_value
        bool raw_accepts_any_format = false;    ///< an image declared raw may be anything
        bool show_image_direct_url = false;     ///< to admins and services, as the next one
        bool show_multiple_locations = false;   ///< and lets them change these

        bool operator==(const Images&) const = default;
    } images;

    struct Events {
        std::int64_t keep_us = 90 * 86'400'000'000LL;  ///< older ones go
        std::uint64_t max_count = 1'000'000;           ///< of what was done; the oldest beyond go
        std::uint64_t max_refused = 10'000;            ///< of what was refused

        bool operator==(const Events&) const = default;
    } events;

    struct Log {
        std::string level = "info";
        std::string format = "text";

        bool operator==(const Log&) const = default;
    } log;

    bool operator==(const Config&) const = default;
};

}  // namespace reprieve
