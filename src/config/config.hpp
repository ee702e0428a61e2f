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
    std::string path;                        ///< folder, absolute; empty: "images" in the data folder
    std::uint64_t reserve_bytes = 64 << 20;  ///< kept free for the catalog and for deletes

    bool operator==(const StoreConfig&) const = default;
};

struct Config {
    struct Server {
        std::string listen = "127.0.0.1:9292";          ///< see config/listen_address.hpp; port 0: any free one
        std::string data;                               ///< data folder; empty: see app/data_folder.hpp
        std::string public_url;                         ///< the address that clients use; empty: what they sent as Host
        std::vector<std::string> allowed_hosts;         ///< further names that a Host header may hold
        std::int64_t header_timeout_us = 10'000'000;    ///< from a request's first byte to the end of its headers
        std::int64_t idle_timeout_us = 75'000'000;      ///< a kept connection without a request
        std::int64_t stall_timeout_us = 60'000'000;     ///< a body or a reader that does not move at all
        std::int64_t shutdown_timeout_us = 30'000'000;  ///< running requests may end within it
        std::uint64_t max_connections = 4096;
        std::uint64_t max_transfers = 64;        ///< uploads and downloads that run at a time, each
        std::uint64_t min_transfer_rate = 1024;  ///< bytes a second, over stall_timeout; 0: no least rate

        bool operator==(const Server&) const = default;
    } server;

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
        std::uint64_t image_property_quota = 128;   ///< a count, of one image, as the next two
        std::uint64_t image_tag_quota = 128;
        std::uint64_t page_default = 25;  ///< entries of a list that asks for no limit; at most page_max
        std::uint64_t page_max = 1000;
        std::uint64_t request_body = 1 << 20;     ///< bytes of a body that is no image data
        std::uint64_t upload_buffers = 64 << 20;  ///< memory that all uploads together use; 1 MiB or more for each

        bool operator==(const Limits&) const = default;
    } limits;

    struct Images {
        std::string hash_algorithm = "sha512";  ///< of os_hash_value
        bool raw_accepts_any_format = false;    ///< an image declared raw may be anything

        bool operator==(const Images&) const = default;
    } images;

    struct Log {
        std::string level = "info";
        std::string format = "text";

        bool operator==(const Log&) const = default;
    } log;

    bool operator==(const Config&) const = default;
};

}  // namespace reprieve
