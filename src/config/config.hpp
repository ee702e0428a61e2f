#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <vector>

namespace reprieve {

/// One store of the section [stores.NAME].
struct StoreConfig {
    std::string type = "file";
    std::string description;
    std::string path;                        ///< folder; empty: "images" in the data folder
    std::uint64_t reserve_bytes = 64 << 20;  ///< kept free for the catalog and for deletes
};

/// All settings, typed and in range. config.toml says what each means. Times are microseconds.
struct Config {
    struct Server {
        std::string listen = "127.0.0.1:9292";   ///< ADDRESS:PORT or [ADDRESS]:PORT; port 0: any free one
        std::string data;                        ///< data folder; empty: see app/data_folder.hpp
        std::string public_url;                  ///< the address that clients use; empty: what they sent as Host
        std::vector<std::string> allowed_hosts;  ///< further names that a Host header may hold
        std::int64_t header_timeout_us = 10'000'000;
        std::int64_t idle_timeout_us = 75'000'000;
        std::int64_t stall_timeout_us = 60'000'000;  ///< a body or a reader that does not move at all
        std::int64_t shutdown_timeout_us = 30'000'000;
        std::uint64_t max_connections = 4096;
        std::uint64_t max_transfers = 64;        ///< uploads and downloads that run at a time, each
        std::uint64_t min_transfer_rate = 1024;  ///< bytes a second, over stall_timeout
    } server;

    struct Trash {
        bool delayed_delete = true;
        std::int64_t scrub_time_us = 7 * 86'400'000'000LL;
        std::int64_t wakeup_time_us = 300'000'000;
        std::uint64_t scrub_pool_size = 2;
        std::int64_t purge_deleted_after_us = 30 * 86'400'000'000LL;
        std::int64_t startup_grace_us = 3'600'000'000LL;
    } trash;

    struct Store {
        std::string default_store = "local";
    } store;
    std::map<std::string, StoreConfig> stores{{"local", StoreConfig{}}};

    struct Limits {
        std::uint64_t image_size_cap = 1ULL << 40;
        std::uint64_t image_property_quota = 128;
        std::uint64_t image_tag_quota = 128;
        std::uint64_t image_member_quota = 128;
        std::uint64_t page_default = 25;
        std::uint64_t page_max = 1000;
        std::uint64_t request_body = 1 << 20;
        std::uint64_t upload_buffers = 64 << 20;  ///< memory that all uploads together use for data
    } limits;

    struct Images {
        std::string hash_algorithm = "sha512";  ///< of os_hash_value
    } images;

    struct Log {
        std::string level = "info";
        std::string format = "text";
    } log;
};

}  // namespace reprieve
