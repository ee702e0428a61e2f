#include "config/settings.hpp"

#include <algorithm>
#include <array>
#include <bit>
#include <charconv>
#include <map>

#include "base/clock.hpp"
#include "base/error.hpp"
#include "base/ip_address.hpp"
#include "base/joined.hpp"
#include "base/quantity.hpp"
#include "base/text_seal.hpp"
#include "config/listen_address.hpp"

namespace reprieve {
namespace {

constexpr std::uint64_t second = us_per_second;
constexpr std::uint64_t minute = 60 * second;
constexpr std::uint64_t hour = 60 * minute;
constexpr std::uint64_t day = 24 * hour;
constexpr std::uint64_t century = 36'500 * day;
constexpr std::uint64_t KiB = 1 << 10;
constexpr std::uint64_t MiB = 1 << 20;
constexpr std::uint64_t GiB = 1 << 30;
constexpr std::uint64_t PiB = 1ULL << 50;
constexpr std::uint64_t max_quota = 10'000;
constexpr std::uint64_t max_images = 1'000'000'000;
constexpr std::uint64_t max_text = 4096;
constexpr std::uint64_t upload_buffer_bytes = MiB;

constexpr std::array<std::string_view, 4> auth_modes{"auto", "none", "local", "keystone"};
constexpr std::array<std::string_view, 3> hash_algorithms{"sha256", "sha384", "sha512"};
constexpr std::array<std::string_view, 4> log_levels{"debug", "info", "warning", "error"};
constexpr std::array<std::string_view, 2> log_formats{"text", "json"};
constexpr std::array<std::string_view, 3> store_types{"file", "rbd", "http"};

using Problem = std::optional<std::string>;

Problem check_listen(const std::string& text) {
    try {
        parse_listen_address(text);
        return {};
    } catch (const Error& error) {
        return error.what();
    }
}

Problem check_path(const std::string& text) {
    if (text.empty() || text.starts_with('/')) return {};
    return "'" + text + "' is not absolute: write a path that begins with /";
}

Problem check_block(const std::string& text) {
    try {
        [[maybe_unused]] const AddressBlock block(text);
        return {};
    } catch (const Error& error) {
        return error.what();
    }
}

Problem check_key(const std::string& text) {
    if (text.empty() || TextSeal::parse_key(text)) return {};
    return "this is not a key: write 64 hexadecimal digits, as 'openssl rand -hex 32' makes them";
}

Problem check_port(const std::string& text) {
    std::uint16_t port = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), port);
    if (error == std::errc() && end == text.data() + text.size() && port > 0) return {};
    return "'" + text + "' is not a port: write a number from 1 to 65535, in quotes";
}

bool is_host_character(char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' || c == '.' ||
           c == '_' || c == ':' || c == '[' || c == ']';
}

Problem check_host(const std::string& text) {
    if (!text.empty() && text.size() <= 253 && std::all_of(text.begin(), text.end(), is_host_character)) return {};
    return "'" + text + "' is not a host: write a name or an address, such as images.example.org";
}

Problem check_url(const std::string& text) {
    if (text.empty()) return {};
    const std::string_view url = text;
    const std::size_t start = url.starts_with("http://") ? 7 : url.starts_with("https://") ? 8 : 0;
    const std::string_view host = url.substr(start, std::min(url.find('/', start), url.size()) - start);
    const bool plain = std::all_of(url.begin(), url.end(), [](unsigned char c) { return c > ' ' && c < 0x7F; });
    if (start > 0 && plain && !check_host(std::string(host)) && url.find_first_of("?#\"<>\\") == std::string_view::npos)
        return {};
    return "'" + text +
           "' is not the address of a service: write http:// or https://, a host and, if needed, a port and a path";
}

/// Returns the setting `Member` of the section `Section` of the configuration.
template <auto Section, auto Member>
auto& at(Config& config) {
    return config.*Section.*Member;
}

template <auto Member>
auto& of_store(StoreConfig& store) {
    return store.*Member;
}

using enum SettingKind;
using Server = Config::Server;
using Auth = Config::Auth;
using Trash = Config::Trash;
using Limits = Config::Limits;

template <auto Member>
constexpr auto server = &at<&Config::server, Member>;
template <auto Member>
constexpr auto auth = &at<&Config::auth, Member>;
template <auto Member>
constexpr auto trash = &at<&Config::trash, Member>;
template <auto Member>
constexpr auto limits = &at<&Config::limits, Member>;

// clang-format off
constexpr auto config_table = std::to_array<Setting<Config>>({
    {"server", "listen", text, server<&Server::listen>, 1, 64, "address and port", {}, check_listen},
    {"server", "data", text, server<&Server::data>, 0, max_text, "the data folder", {}, check_path},
    {"server", "public_url", text, server<&Server::public_url>, 0, max_text,
     "the address that clients use", {}, check_url},
    {"server", "allowed_hosts", list, server<&Server::allowed_hosts>, 0, 64,
     "further names allowed in a Host header", {}, check_host},
    {"server", "tls_certificate", text, server<&Server::tls_certificate>, 0, max_text,
     "PEM file of the certificate", {}, check_path},
    {"server", "tls_key", text, server<&Server::tls_key>, 0, max_text, "PEM file of the key", {}, check_path},
    {"server", "web_dir", text, server<&Server::web_dir>, 0, max_text, "folder of the web page", {}, check_path},
    {"server", "trusted_proxies", list, server<&Server::trusted_proxies>, 0, 64,
     "proxies whose X-Forwarded headers are used", {}, check_block},
    {"server", "header_timeout", duration, server<&Server::header_timeout_us>, second, 10 * minute,
     "for the headers of a request"},
    {"server", "idle_timeout", duration, server<&Server::idle_timeout_us>, second, hour,
     "for a connection without a request"},
    {"server", "stall_timeout", duration, server<&Server::stall_timeout_us>, second, hour,
     "for a transfer without progress"},
    {"server", "shutdown_timeout", duration, server<&Server::shutdown_timeout_us>, 0, hour,
     "for running requests at shutdown"},
    {"server", "max_connections", count, server<&Server::max_connections>, 16, 100'000, "open at a time"},
    {"server", "connections_per_address", count, server<&Server::connections_per_address>, 1, 100'000,
     "open at a time, for each address"},
    {"server", "requests_per_address", count, server<&Server::requests_per_address>, 0, 1'000'000,
     "per second; 0: no limit"},
    {"server", "requests_per_address_burst", count, server<&Server::requests_per_address_burst>, 1, 1'000'000,
     "at once, after a pause"},
    {"server", "max_transfers", count, server<&Server::max_transfers>, 1, 4096,
     "concurrent uploads; the same for downloads"},
    {"server", "min_transfer_rate", size, server<&Server::min_transfer_rate>, 0, GiB, "per second; 0: no minimum"},

    {"catalog", "location_key_file", text, &at<&Config::catalog, &Config::Catalog::location_key_file>, 0, max_text,
     "file that holds location_key", {}, check_path},
    {"catalog", "location_key", secret, &at<&Config::catalog, &Config::Catalog::location_key>, 0, 64,
     "encrypts the locations of images", {}, check_key},

    {"auth", "mode", choice, auth<&Auth::mode>, 0, 0, "how callers are authenticated", auth_modes},
    {"auth", "token_lifetime", duration, auth<&Auth::token_lifetime_us>, minute, 30 * day, "of an API token"},
    {"auth", "session_lifetime", duration, auth<&Auth::session_lifetime_us>, minute, 30 * day,
     "of a browser's sign-in"},
    {"auth", "keystone_url", text, auth<&Auth::keystone_url>, 0, max_text, "for the mode keystone", {}, check_url},
    {"auth", "keystone_ca_file", text, auth<&Auth::keystone_ca_file>, 0, max_text, "trusted certificates",
     {}, check_path},
    {"auth", "keystone_user", text, auth<&Auth::keystone_user>, 1, 255, "validates the tokens"},
    {"auth", "keystone_password", secret, auth<&Auth::keystone_password>, 0, max_text, "of keystone_user"},
    {"auth", "keystone_password_file", text, auth<&Auth::keystone_password_file>, 0, max_text, "file of the password",
     {}, check_path},
    {"auth", "keystone_user_domain", text, auth<&Auth::keystone_user_domain>, 1, 255, "name of the user's domain"},
    {"auth", "keystone_project", text, auth<&Auth::keystone_project>, 1, 255, "where the user has its role"},
    {"auth", "keystone_project_domain", text, auth<&Auth::keystone_project_domain>, 1, 255, "name of its domain"},
    {"auth", "keystone_timeout", duration, auth<&Auth::keystone_timeout_us>, second, minute, "of one request"},
    {"auth", "token_cache_time", duration, auth<&Auth::token_cache_time_us>, 0, hour, "for answers of Keystone"},

    {"trash", "delayed_delete", flag, &at<&Config::trash, &Trash::delayed_delete>, 0, 1, "deletes go to the bin"},
    {"trash", "scrub_time", duration, trash<&Trash::scrub_time_us>, 0, century, "from delete to scrub"},
    {"trash", "wakeup_time", duration, trash<&Trash::wakeup_time_us>, second, day, "longest sleep of the scrubber"},
    {"trash", "scrub_pool_size", count, trash<&Trash::scrub_pool_size>, 1, 64, "images scrubbed at a time"},
    {"trash", "purge_deleted_after", duration, trash<&Trash::purge_deleted_after_us>, 0, century,
     "for records of scrubbed images"},
    {"trash", "startup_grace", duration, trash<&Trash::startup_grace_us>, 0, 30 * day,
     "pause of scrubs if the clock is doubtful"},

    {"store", "default", text, &at<&Config::store, &Config::Store::default_store>, 1, 64, "the store of new images"},

    {"limits", "image_size_cap", size, limits<&Limits::image_size_cap>, 1, 8 * PiB, "bytes of one image"},
    {"limits", "image_property_quota", count, limits<&Limits::image_property_quota>, 0, max_quota,
     "properties of one image"},
    {"limits", "image_tag_quota", count, limits<&Limits::image_tag_quota>, 0, max_quota, "tags of one image"},
    {"limits", "image_member_quota", count, limits<&Limits::image_member_quota>, 0, max_quota,
     "projects that one image is shared with"},
    {"limits", "image_location_quota", count, limits<&Limits::image_location_quota>, 1, max_quota,
     "locations of one image"},
    {"limits", "project_image_count", count, limits<&Limits::project_image_count>, 0, max_images,
     "images of one project; 0: no limit"},
    {"limits", "project_bytes", size, limits<&Limits::project_bytes>, 0, 8 * PiB, "bytes of one project; 0: no limit"},
    {"limits", "user_image_count", count, limits<&Limits::user_image_count>, 0, max_images,
     "images of one user; 0: no limit"},
    {"limits", "user_bytes", size, limits<&Limits::user_bytes>, 0, 8 * PiB, "bytes of one user; 0: no limit"},
    {"limits", "page_default", count, limits<&Limits::page_default>, 1, 1000,
     "entries of a list if the client gives no limit"},
    {"limits", "page_max", count, limits<&Limits::page_max>, 1, 1000, "maximum entries of a list"},
    {"limits", "request_body", size, limits<&Limits::request_body>, 4 * KiB, 16 * MiB,
     "bytes of a request without image data"},
    {"limits", "upload_buffers", size, limits<&Limits::upload_buffers>, upload_buffer_bytes, 64 * GiB,
     "memory of all uploads"},

    {"uploads", "expire_after", duration, &at<&Config::uploads, &Config::Uploads::expire_after_us>, second, 30 * day,
     "after the last received byte"},

    {"images", "hash_algorithm", choice, &at<&Config::images, &Config::Images::hash_algorithm>, 0, 0,
     "algorithm of os_hash_value", hash_algorithms},
    {"images", "raw_accepts_any_format", flag, &at<&Config::images, &Config::Images::raw_accepts_any_format>, 0, 1,
     "disk_format raw allows any content"},
    {"images", "show_image_direct_url", flag, &at<&Config::images, &Config::Images::show_image_direct_url>, 0, 1,
     "to admins and services"},
    {"images", "show_multiple_locations", flag, &at<&Config::images, &Config::Images::show_multiple_locations>, 0, 1,
     "to admins and services, who may change them"},

    {"events", "keep", duration, &at<&Config::events, &Config::Events::keep_us>, 0, century, "how long events stay"},
    {"events", "max_count", count, &at<&Config::events, &Config::Events::max_count>, 1000, 100'000'000,
     "events of completed actions"},
    {"events", "max_refused", count, &at<&Config::events, &Config::Events::max_refused>, 100, 1'000'000,
     "events of refused actions"},

    {"log", "level", choice, &at<&Config::log, &Config::Log::level>, 0, 0, "lowest level that is written", log_levels},
    {"log", "format", choice, &at<&Config::log, &Config::Log::format>, 0, 0, "text or json lines", log_formats},
});

constexpr auto store_table = std::to_array<Setting<StoreConfig>>({
    {"", "type", choice, &of_store<&StoreConfig::type>, 0, 0, "the driver", store_types},
    {"", "description", text, &of_store<&StoreConfig::description>, 0, 255, "shown to people"},
    {"", "path", text, &of_store<&StoreConfig::path>, 0, max_text, "the folder of the images", {}, check_path},
    {"", "reserve", size, &of_store<&StoreConfig::reserve_bytes>, 0, PiB, "space that uploads leave free"},
    {"", "pool", text, &of_store<&StoreConfig::pool>, 1, 128, "the pool of the RBD images"},
    {"", "user", text, &of_store<&StoreConfig::user>, 1, 128, "Ceph's user, without client."},
    {"", "conf", text, &of_store<&StoreConfig::conf>, 0, max_text, "a ceph.conf", {}, check_path},
    {"", "chunk_size", size, &of_store<&StoreConfig::chunk_bytes>, 4 * KiB, 32 * MiB, "size of an object in the pool"},
    {"", "timeout", duration, &of_store<&StoreConfig::timeout_us>, second, 10 * minute,
     "for one operation of the cluster or of the server"},
    {"", "allowed_ports", list, &of_store<&StoreConfig::allowed_ports>, 1, 64, "ports of the servers", {}, check_port},
    {"", "allowed_addresses", list, &of_store<&StoreConfig::allowed_addresses>, 0, 64,
     "of servers, besides the public ones", {}, check_block},
    {"", "min_rate", size, &of_store<&StoreConfig::min_rate>, 1, GiB, "bytes per second, at least"},
    {"", "ca_file", text, &of_store<&StoreConfig::ca_file>, 0, max_text, "trusted certificates", {},
     check_path},
});
// clang-format on

}  // namespace

std::span<const Setting<Config>> settings() { return config_table; }
std::span<const Setting<StoreConfig>> store_settings() { return store_table; }

template <class Owner>
std::string range_text(const Setting<Owner>& setting) {
    switch (setting.kind) {
        case flag:
            return "true or false";
        case count:
            return std::to_string(setting.min) + " to " + std::to_string(setting.max);
        case size:
            return size_to_text(setting.min) + " to " + size_to_text(setting.max);
        case duration:
            return duration_to_text(static_cast<std::int64_t>(setting.min)) + " to " +
                   duration_to_text(static_cast<std::int64_t>(setting.max));
        case choice: {
            const std::string text = joined(setting.choices, ", ");
            return setting.choices.size() == 1 ? text : "one of " + text;
        }
        case list:
            return "at most " + std::to_string(setting.max);
        case text:
        case secret:
            return "at most " + std::to_string(setting.max) + " characters";
    }
    return "";
}
template std::string range_text(const Setting<Config>&);
template std::string range_text(const Setting<StoreConfig>&);

bool is_store_name(std::string_view name) {
    const auto fits = [](char c) {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' || c == '_';
    };
    return !name.empty() && name.size() <= 64 && std::all_of(name.begin(), name.end(), fits);
}

namespace {

void add_broken_rules_of_keystone(const Config::Auth& auth, std::vector<BrokenRule>& broken) {
    if (auth.mode != "keystone") return;
    if (auth.keystone_url.empty())
        broken.push_back({"auth.keystone_url", "auth.mode",
                          "it is empty: the mode keystone needs the address of the Keystone, such as "
                          "\"https://keystone.example.org:5000\""});
    if (auth.keystone_password.empty() == auth.keystone_password_file.empty())
        broken.push_back({"auth.keystone_password", "auth.keystone_password_file",
                          "the mode keystone needs one of the two, the password or its file, and not both"});
}

void add_broken_rules_of_stores(const Config& config, std::vector<BrokenRule>& broken) {
    const auto default_store = config.stores.find(config.store.default_store);
    if (default_store == config.stores.end()) {
        const auto names = joined(config.stores, ", ", [](const auto& entry) { return entry.first; });
        broken.push_back({"store.default", "",
                          "there is no store '" + config.store.default_store + "'; the file has these: " + names});
    } else if (default_store->second.type == "http") {
        broken.push_back({"store.default", "",
                          "the store '" + config.store.default_store +
                              "' is of type http, which takes no uploads: name another store"});
    }
    std::map<std::string, std::string> places;
    for (const auto& [name, store] : config.stores) {
        if (store.type == "http") continue;
        const bool is_file = store.type == "file";
        const std::string place = is_file ? store.path : "rbd " + store.conf + " " + store.pool;
        const auto [other, is_new] = places.emplace(place, name);
        if (!is_new)
            broken.push_back({"stores." + name + (is_file ? ".path" : ".pool"), "",
                              "the store '" + other->second + "' has the same " + (is_file ? "folder" : "pool") +
                                  "; give each its own"});
        if (!std::has_single_bit(store.chunk_bytes))
            broken.push_back({"stores." + name + ".chunk_size", "",
                              size_to_text(store.chunk_bytes) + " is not a power of two: write \"4MiB\" or \"8MiB\""});
    }
}

}  // namespace

std::vector<BrokenRule> broken_rules(const Config& config) {
    std::vector<BrokenRule> broken;
    if (config.limits.page_default > config.limits.page_max)
        broken.push_back({"limits.page_default", "limits.page_max",
                          std::to_string(config.limits.page_default) + " is more than limits.page_max, which is " +
                              std::to_string(config.limits.page_max)});
    const std::uint64_t needed = config.server.max_transfers * upload_buffer_bytes;
    if (config.limits.upload_buffers < needed)
        broken.push_back({"limits.upload_buffers", "server.max_transfers",
                          size_to_text(config.limits.upload_buffers) + " is too little for server.max_transfers = " +
                              std::to_string(config.server.max_transfers) + ": each takes 1MiB, so write \"" +
                              size_to_text(needed) + "\" or more"});
    if (config.server.tls_certificate.empty() != config.server.tls_key.empty()) {
        const bool has_key = config.server.tls_certificate.empty();
        broken.push_back({has_key ? "server.tls_key" : "server.tls_certificate",
                          has_key ? "server.tls_certificate" : "server.tls_key",
                          std::string("it needs server.") + (has_key ? "tls_certificate" : "tls_key") +
                              " beside it: a certificate and its key go together"});
    }
    if (!config.catalog.location_key.empty() && !config.catalog.location_key_file.empty())
        broken.push_back({"catalog.location_key", "catalog.location_key_file",
                          "location_key_file is set too: keep only one of the two"});
    add_broken_rules_of_keystone(config.auth, broken);
    add_broken_rules_of_stores(config, broken);
    return broken;
}

}  // namespace reprieve
