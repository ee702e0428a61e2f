#include "config/settings.hpp"

#include <algorithm>
#include <array>
#include <map>

#include "base/clock.hpp"
#include "base/error.hpp"
#include "base/joined.hpp"
#include "base/quantity.hpp"
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
constexpr std::uint64_t max_text = 4096;
constexpr std::uint64_t upload_buffer_bytes = MiB;

constexpr std::array<std::string_view, 3> hash_algorithms{"sha256", "sha384", "sha512"};
constexpr std::array<std::string_view, 4> log_levels{"debug", "info", "warning", "error"};
constexpr std::array<std::string_view, 2> log_formats{"text", "json"};
constexpr std::array<std::string_view, 1> store_types{"file"};

using Problem = std::optional<std::string>;

Problem check_listen(const std::string& text) {
    try {
        parse_listen_address(text);
        return {};
    } catch (const Error& error) {
        return error.what();
    }
}

Problem check_folder(const std::string& text) {
    if (text.empty() || text.starts_with('/')) return {};
    return "'" + text + "' is not absolute: write a path that begins with /";
}

bool is_host_character(char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' || c == '.' ||
           c == '_' || c == ':' || c == '[' || c == ']';
}

Problem check_host(const std::string& text) {
    if (!text.empty() && text.size() <= 253 && std::all_of(text.begin(), text.end(), is_host_character)) return {};
    return "'" + text + "' is no host: write a name or an address, such as images.example.org";
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
           "' is no address of a service: write http or https, a host and, where needed, a port and a path";
}

/// The function that finds a member of a section.
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
using Trash = Config::Trash;
using Limits = Config::Limits;

template <auto Member>
constexpr auto server = &at<&Config::server, Member>;
template <auto Member>
constexpr auto trash = &at<&Config::trash, Member>;
template <auto Member>
constexpr auto limits = &at<&Config::limits, Member>;

// clang-format off
constexpr auto config_table = std::to_array<Setting<Config>>({
    {"server", "listen", text, server<&Server::listen>, 1, 64, "where it listens", {}, check_listen},
    {"server", "data", text, server<&Server::data>, 0, max_text, "the data folder", {}, check_folder},
    {"server", "public_url", text, server<&Server::public_url>, 0, max_text,
     "the address that clients use", {}, check_url},
    {"server", "allowed_hosts", list, server<&Server::allowed_hosts>, 0, 64,
     "further names in a Host header", {}, check_host},
    {"server", "header_timeout", duration, server<&Server::header_timeout_us>, second, 10 * minute,
     "for the headers of a request"},
    {"server", "idle_timeout", duration, server<&Server::idle_timeout_us>, second, hour,
     "for a connection without a request"},
    {"server", "stall_timeout", duration, server<&Server::stall_timeout_us>, second, hour,
     "for a transfer that does not move"},
    {"server", "shutdown_timeout", duration, server<&Server::shutdown_timeout_us>, 0, hour,
     "for running requests at the end"},
    {"server", "max_connections", count, server<&Server::max_connections>, 16, 100'000, "open at a time"},
    {"server", "max_transfers", count, server<&Server::max_transfers>, 1, 4096,
     "uploads and downloads at a time, each"},
    {"server", "min_transfer_rate", size, server<&Server::min_transfer_rate>, 0, GiB, "bytes a second"},

    {"trash", "delayed_delete", flag, &at<&Config::trash, &Trash::delayed_delete>, 0, 1, "a delete goes to the bin"},
    {"trash", "scrub_time", duration, trash<&Trash::scrub_time_us>, 0, century, "from a delete to its scrub"},
    {"trash", "wakeup_time", duration, trash<&Trash::wakeup_time_us>, second, day, "longest sleep of the scrubber"},
    {"trash", "scrub_pool_size", count, trash<&Trash::scrub_pool_size>, 1, 64, "images scrubbed at a time"},
    {"trash", "purge_deleted_after", duration, trash<&Trash::purge_deleted_after_us>, 0, century,
     "records of scrubbed images"},
    {"trash", "startup_grace", duration, trash<&Trash::startup_grace_us>, 0, 30 * day,
     "no scrub while the clock is doubtful"},

    {"store", "default", text, &at<&Config::store, &Config::Store::default_store>, 1, 64, "the store of new images"},

    {"limits", "image_size_cap", size, limits<&Limits::image_size_cap>, 1, 8 * PiB, "bytes of one image"},
    {"limits", "image_property_quota", count, limits<&Limits::image_property_quota>, 0, max_quota,
     "properties of one image"},
    {"limits", "image_tag_quota", count, limits<&Limits::image_tag_quota>, 0, max_quota, "tags of one image"},
    {"limits", "page_default", count, limits<&Limits::page_default>, 1, 1000,
     "entries of a list, where none are asked for"},
    {"limits", "page_max", count, limits<&Limits::page_max>, 1, 1000, "entries of a list at most"},
    {"limits", "request_body", size, limits<&Limits::request_body>, 4 * KiB, 16 * MiB,
     "a request that is no image data"},
    {"limits", "upload_buffers", size, limits<&Limits::upload_buffers>, upload_buffer_bytes, 64 * GiB,
     "memory of all uploads"},

    {"images", "hash_algorithm", choice, &at<&Config::images, &Config::Images::hash_algorithm>, 0, 0,
     "of os_hash_value", hash_algorithms},
    {"images", "raw_accepts_any_format", flag, &at<&Config::images, &Config::Images::raw_accepts_any_format>, 0, 1,
     "disk_format raw says nothing"},

    {"log", "level", choice, &at<&Config::log, &Config::Log::level>, 0, 0, "what is less is not written", log_levels},
    {"log", "format", choice, &at<&Config::log, &Config::Log::format>, 0, 0, "for people or for machines", log_formats},
});

constexpr auto store_table = std::to_array<Setting<StoreConfig>>({
    {"", "type", choice, &of_store<&StoreConfig::type>, 0, 0, "the driver", store_types},
    {"", "description", text, &of_store<&StoreConfig::description>, 0, 255, "shown to people"},
    {"", "path", text, &of_store<&StoreConfig::path>, 0, max_text, "the folder of the bytes", {}, check_folder},
    {"", "reserve", size, &of_store<&StoreConfig::reserve_bytes>, 0, PiB, "space that uploads leave free"},
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
    std::vector<std::string> names;
    for (const auto& entry : config.stores) names.push_back(entry.first);
    if (!config.stores.contains(config.store.default_store))
        broken.push_back(
            {"store.default", "",
             "there is no store '" + config.store.default_store + "'; the file has these: " + joined(names, ", ")});
    std::map<std::string, std::string> paths;
    for (const auto& [name, store] : config.stores) {
        const auto [other, is_new] = paths.emplace(store.path, name);
        if (!is_new)
            broken.push_back({"stores." + name + ".path", "",
                              "the store '" + other->second + "' has the same folder; give each its own"});
    }
    return broken;
}

}  // namespace reprieve
