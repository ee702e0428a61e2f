#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <vector>

namespace reprieve {

// The structs below hold all settings with their types and defaults. config.toml explains each setting to the user.
// config/settings.cpp maps each key of the file to its member and defines its range. Members whose name ends in _us are
// durations in microseconds.

/// Settings of one store: the section [stores.NAME].
struct StoreConfig {
    std::string type = "file";               ///< the driver: file, rbd or http
    std::string description;                 ///< text that is shown to people who choose a store
    std::string path;                        ///< file: absolute path of the folder; empty: "images" in the data folder
    std::uint64_t reserve_bytes = 64 << 20;  ///< file: disk space that uploads leave free, for the catalog and deletes
    std::string pool = "images";             ///< rbd: the pool in Ceph that holds the images
    std::string user = "admin";              ///< rbd: the user of Ceph, without "client."
    std::string conf;                        ///< rbd: absolute path of a ceph.conf; empty: Ceph's default places
    std::uint64_t chunk_bytes = 8 << 20;     ///< rbd: size of an object in the pool; a power of two
    std::int64_t timeout_us = 15'000'000;    ///< rbd: limit of one operation; http: until a server begins to answer
    std::vector<std::string> allowed_ports{"80", "443"};  ///< http: allowed port numbers of servers
    std::vector<std::string> allowed_addresses;           ///< http: addresses and blocks allowed besides public ones
    std::uint64_t min_rate = 64 << 10;                    ///< http: minimum bytes per second from a server
    std::string ca_file;                                  ///< http: PEM file of trusted CAs; empty: the system's

    bool operator==(const StoreConfig&) const = default;
};

/// The whole configuration. The default values are valid.
struct Config {
    struct Server {
        std::string listen = "127.0.0.1:9292";          ///< ADDRESS:PORT; port 0: any free port
        std::string data;                               ///< absolute path of a folder; empty: see app/data_folder.hpp
        std::string public_url;                         ///< URL that clients use; empty: made from their Host header
        std::vector<std::string> allowed_hosts;         ///< further names that a Host header may contain
        std::string tls_certificate;                    ///< PEM file; empty: plain HTTP. Set together with tls_key
        std::string tls_key;                            ///< PEM file with the private key of the certificate
        std::string web_dir;                            ///< folder of the web page; empty: the page in the binary
        std::vector<std::string> trusted_proxies;       ///< addresses or blocks of proxies (see AddressBlock)
        std::int64_t header_timeout_us = 10'000'000;    ///< time from a request's first byte to the end of its headers
        std::int64_t idle_timeout_us = 75'000'000;      ///< time after which an idle connection is closed
        std::int64_t stall_timeout_us = 60'000'000;     ///< longest pause of a transfer; maximum time of a small body
        std::int64_t shutdown_timeout_us = 30'000'000;  ///< time that running requests get to finish at shutdown
        std::uint64_t max_connections = 4096;
        std::uint64_t connections_per_address = 512;
        std::uint64_t requests_per_address = 200;         ///< requests per second of one address; 0: no limit
        std::uint64_t requests_per_address_burst = 1000;  ///< at once after a pause: the size of the token bucket
        std::uint64_t max_transfers = 64;                 ///< maximum of uploads at a time, and of downloads at a time
        std::uint64_t min_transfer_rate = 1024;           ///< minimum bytes per second, over stall_timeout; 0: none

        bool operator==(const Server&) const = default;
    } server;

    struct Catalog {
        std::string location_key;       ///< key that encrypts locations: 64 hexadecimal digits; empty: no encryption
        std::string location_key_file;  ///< file that holds location_key; at most one of the two is set

        bool operator==(const Catalog&) const = default;
    } catalog;

    struct Auth {
        std::string mode = "auto";                               ///< none, local, keystone or auto: see auth_mode.hpp
        std::int64_t token_lifetime_us = 8 * 3'600'000'000LL;    ///< lifetime of a token that a client requests
        std::int64_t session_lifetime_us = 8 * 3'600'000'000LL;  ///< lifetime of the session cookie of a browser

        // The settings below have an effect only if `mode` is "keystone" (identity/keystone/keystone_client.hpp).
        // Users, projects and domains are given by name.
        std::string keystone_url;
        std::string keystone_ca_file;  ///< PEM file of trusted certificates; empty: the system's
        std::string keystone_user = "reprieve";
        std::string keystone_password;
        std::string keystone_password_file;  ///< file that holds keystone_password; exactly one of the two is set
        std::string keystone_user_domain = "Default";
        std::string keystone_project = "service";
        std::string keystone_project_domain = "Default";
        std::int64_t keystone_timeout_us = 5'000'000;    ///< limit of one request, from name look-up to the last byte
        std::int64_t token_cache_time_us = 300'000'000;  ///< time that an answer of Keystone is cached; 0: no cache

        bool operator==(const Auth&) const = default;
    } auth;

    struct Trash {
        bool delayed_delete = true;                         ///< a deleted image goes to the bin first
        std::int64_t scrub_time_us = 7 * 86'400'000'000LL;  ///< time from delete to scrub; fixed at the delete
        std::int64_t wakeup_time_us = 300'000'000;          ///< longest sleep of the scrubber
        std::uint64_t scrub_pool_size = 4;                  ///< number of threads that remove bytes
        std::int64_t purge_deleted_after_us = 30 * 86'400'000'000LL;  ///< time that the row of a deleted image is kept
        std::int64_t startup_grace_us = 3'600'000'000LL;  ///< time without scrubs after a start with a doubtful clock

        bool operator==(const Trash&) const = default;
    } trash;

    struct Store {
        std::string default_store = "local";  ///< store of new images: a name in `stores`

        bool operator==(const Store&) const = default;
    } store;

    /// The stores by their name. Never empty: if the file names no store, there is one, "local".
    std::map<std::string, StoreConfig> stores{{"local", StoreConfig{}}};

    struct Limits {
        std::uint64_t image_size_cap = 1ULL << 40;  ///< maximum bytes of one image
        std::uint64_t image_property_quota = 128;   ///< maximum number of properties of one image
        std::uint64_t image_tag_quota = 128;        ///< maximum number of tags of one image
        std::uint64_t image_member_quota = 128;     ///< maximum number of projects that one image is shared with
        std::uint64_t image_location_quota = 10;    ///< maximum number of locations of one image
        std::uint64_t project_image_count = 0;      ///< maximum images of a project, with its bin; 0: no limit
        std::uint64_t project_bytes = 0;            ///< maximum bytes of a project's images and uploads; 0: no limit
        std::uint64_t user_image_count = 0;         ///< maximum images that a user created, with the bin; 0: no limit
        std::uint64_t user_bytes = 0;               ///< maximum bytes of a user's images and uploads; 0: no limit
        std::uint64_t page_default = 25;          ///< entries of a list if the client gives no limit; at most page_max
        std::uint64_t page_max = 1000;            ///< maximum entries of a list
        std::uint64_t request_body = 1 << 20;     ///< maximum bytes of a request's body without image data
        std::uint64_t upload_buffers = 64 << 20;  ///< memory for all uploads in bytes; at least 1 MiB per max_transfers

        bool operator==(const Limits&) const = default;
    } limits;

    struct Uploads {
        std::int64_t expire_after_us = 86'400'000'000LL;  ///< lifetime of a resumable upload after its last new byte

        bool operator==(const Uploads&) const = default;
    } uploads;

    struct Images {
        std::string hash_algorithm = "sha512";  ///< algorithm of the image attribute os_hash_value
        bool raw_accepts_any_format = false;    ///< an image with disk_format raw may have any content
        bool show_image_direct_url = false;     ///< show "direct_url" to admins and services
        bool show_multiple_locations = false;   ///< show "locations" to admins and services, who may then change them

        bool operator==(const Images&) const = default;
    } images;

    struct Events {
        std::int64_t keep_us = 90 * 86'400'000'000LL;  ///< time after which an event is deleted
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
