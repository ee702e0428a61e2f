#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <vector>

namespace reprieve {

// All settings with their types and defaults. config.toml explains each to the user. config/settings.cpp maps each key
// to its field and defines its range. Durations end in _us: microseconds.

/// Settings of one store: the section [stores.NAME].
struct StoreConfig {
    std::string type = "file";               ///< the driver: file, rbd or http
    std::string description;                 ///< shown to people who choose a store
    std::string path;                        ///< file: absolute path of the folder; empty: "images" in the data folder
    std::uint64_t reserve_bytes = 64 << 20;  ///< file: disk space that uploads leave free for the catalog and deletes
    std::string pool = "images";             ///< rbd: the pool; the next three are for rbd too
    std::string user = "admin";              ///< Ceph's user, without "client."
    std::string conf;                        ///< absolute path of a ceph.conf; empty: Ceph's default places
    std::uint64_t chunk_bytes = 8 << 20;     ///< size of an object in the pool; a power of two
    std::int64_t timeout_us = 15'000'000;    ///< rbd: of one operation; http: until a server begins to answer
    std::vector<std::string> allowed_ports{"80", "443"};  ///< http, like all below: port numbers of the servers
    std::vector<std::string> allowed_addresses;           ///< servers besides the public ones: addresses and blocks
    std::uint64_t min_rate = 64 << 10;                    ///< lowest bytes per second that a server may send
    std::string ca_file;                                  ///< PEM file of trusted certificates; empty: the system's

    bool operator==(const StoreConfig&) const = default;
};

/// The whole configuration. The default values are valid.
struct Config {
    struct Server {
        std::string listen = "127.0.0.1:9292";          ///< ADDRESS:PORT; port 0: any free port
        std::string data;                               ///< absolute path; empty: see app/data_folder.hpp
        std::string public_url;                         ///< URL that clients use; empty: from their Host header
        std::vector<std::string> allowed_hosts;         ///< further names that a Host header may contain
        std::string tls_certificate;                    ///< PEM file; empty: plain HTTP. Set together with tls_key
        std::string tls_key;                            ///< PEM file
        std::string web_dir;                            ///< folder of the web page; empty: the page in the binary
        std::vector<std::string> trusted_proxies;       ///< addresses and blocks, in the form of AddressBlock
        std::int64_t header_timeout_us = 10'000'000;    ///< from a request's first byte to the end of its headers
        std::int64_t idle_timeout_us = 75'000'000;      ///< of a connection without a request
        std::int64_t stall_timeout_us = 60'000'000;     ///< of a transfer without progress; for all of a small body
        std::int64_t shutdown_timeout_us = 30'000'000;  ///< time that running requests get to finish at shutdown
        std::uint64_t max_connections = 4096;
        std::uint64_t connections_per_address = 512;
        std::uint64_t requests_per_address = 200;         ///< per second; 0: no limit
        std::uint64_t requests_per_address_burst = 1000;  ///< at once, after a pause (token bucket)
        std::uint64_t max_transfers = 64;                 ///< limit of concurrent uploads, and the same of downloads
        std::uint64_t min_transfer_rate = 1024;           ///< bytes per second over stall_timeout; 0: no minimum

        bool operator==(const Server&) const = default;
    } server;

    struct Catalog {
        std::string location_key;       ///< key as in base/text_seal.hpp; empty: URIs are not encrypted
        std::string location_key_file;  ///< file that holds location_key; at most one of the two is set

        bool operator==(const Catalog&) const = default;
    } catalog;

    struct Auth {
        std::string mode = "auto";                               ///< see config/auth_mode.hpp
        std::int64_t token_lifetime_us = 8 * 3'600'000'000LL;    ///< of a token that a client requests
        std::int64_t session_lifetime_us = 8 * 3'600'000'000LL;  ///< of a browser's cookie

        // Used in the mode keystone (identity/keystone/keystone_client.hpp). Users, projects and domains are names.
        std::string keystone_url;
        std::string keystone_ca_file;  ///< PEM file of trusted certificates; empty: the system's
        std::string keystone_user = "reprieve";
        std::string keystone_password;
        std::string keystone_password_file;  ///< file that holds keystone_password; one of the two is set
        std::string keystone_user_domain = "Default";
        std::string keystone_project = "service";
        std::string keystone_project_domain = "Default";
        std::int64_t keystone_timeout_us = 5'000'000;    ///< of one request, from the name lookup to the last byte
        std::int64_t token_cache_time_us = 300'000'000;  ///< time that an answer is cached; 0: no cache

        bool operator==(const Auth&) const = default;
    } auth;

    struct Trash {
        bool delayed_delete = true;                                   ///< a deleted image goes to the bin first
        std::int64_t scrub_time_us = 7 * 86'400'000'000LL;            ///< from delete to scrub; fixed at the delete
        std::int64_t wakeup_time_us = 300'000'000;                    ///< longest sleep of the scrubber
        std::uint64_t scrub_pool_size = 4;                            ///< threads that scrub
        std::int64_t purge_deleted_after_us = 30 * 86'400'000'000LL;  ///< time that the row of a deleted image is kept
        std::int64_t startup_grace_us = 3'600'000'000LL;  ///< pause of scrubs after a start with a doubtful clock

        bool operator==(const Trash&) const = default;
    } trash;

    struct Store {
        std::string default_store = "local";  ///< store of new images: a name in `stores`

        bool operator==(const Store&) const = default;
    } store;

    /// The stores by their name. Never empty: if the file names no store, there is one, "local".
    std::map<std::string, StoreConfig> stores{{"local", StoreConfig{}}};

    struct Limits {
        std::uint64_t image_size_cap = 1ULL << 40;  ///< bytes of one image
        std::uint64_t image_property_quota = 128;   ///< maximum number for one image, like the next three
        std::uint64_t image_tag_quota = 128;
        std::uint64_t image_member_quota = 128;
        std::uint64_t image_location_quota = 10;
        std::uint64_t project_image_count = 0;    ///< images of a project and its bin; 0: no limit (next three too)
        std::uint64_t project_bytes = 0;          ///< bytes of these images, plus those reserved by running uploads
        std::uint64_t user_image_count = 0;       ///< images that one user created, in any project, with the bin
        std::uint64_t user_bytes = 0;             ///< bytes of these images, plus those reserved by running uploads
        std::uint64_t page_default = 25;          ///< entries of a list if the client gives no limit; at most page_max
        std::uint64_t page_max = 1000;            ///< maximum entries of a list
        std::uint64_t request_body = 1 << 20;     ///< bytes of a body without image data
        std::uint64_t upload_buffers = 64 << 20;  ///< bytes of memory for all uploads; at least 1 MiB per max_transfers

        bool operator==(const Limits&) const = default;
    } limits;

    struct Uploads {
        std::int64_t expire_after_us = 86'400'000'000LL;  ///< of a resumable upload, since its last received byte

        bool operator==(const Uploads&) const = default;
    } uploads;

    struct Images {
        std::string hash_algorithm = "sha512";  ///< algorithm of os_hash_value
        bool raw_accepts_any_format = false;    ///< an image with disk_format raw may have any content
        bool show_image_direct_url = false;     ///< to admins and services
        bool show_multiple_locations = false;   ///< to admins and services, who may then change them

        bool operator==(const Images&) const = default;
    } images;

    struct Events {
        std::int64_t keep_us = 90 * 86'400'000'000LL;  ///< older events are deleted
        std::uint64_t max_count = 1'000'000;           ///< maximum events of completed actions; the oldest are deleted
        std::uint64_t max_refused = 10'000;            ///< maximum events of refused actions; the oldest are deleted

        bool operator==(const Events&) const = default;
    } events;

    struct Log {
        std::string level = "info";   ///< debug, info, warning or error
        std::string format = "text";  ///< text or json

        bool operator==(const Log&) const = default;
    } log;

    bool operator==(const Config&) const = default;
};

}  // namespace reprieve
