#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "config/config.hpp"

namespace reprieve {

/// Kind of a setting: how its value is written, and the unit of its range.
enum class SettingKind {
    flag,      ///< true or false
    count,     ///< a whole number
    size,      ///< bytes: a whole number, or text as parse_size() takes it
    duration,  ///< a whole number of seconds, or text as parse_duration_us() takes it; the range is in microseconds
    text,
    secret,  ///< a text that print_config() does not show
    choice,  ///< one text out of `choices`
    list,    ///< a list of texts
};

/// Description of one key of the configuration, used to load, check and print it, and to test config.toml. To add a
/// setting, add its member to Config, its row to settings.cpp and its paragraph to config.toml. `Owner` is Config or
/// StoreConfig.
template <class Owner>
struct Setting {
    /// Function that returns the member of its owner. A count or size is a std::uint64_t, a duration a std::int64_t.
    using Member = std::variant<bool& (*)(Owner&), std::uint64_t& (*)(Owner&), std::int64_t& (*)(Owner&),
                                std::string& (*)(Owner&), std::vector<std::string>& (*)(Owner&)>;
    /// Function that returns the problem of a text, or nullopt if the text is valid.
    using Check = std::optional<std::string> (*)(const std::string&);

    std::string_view section;  ///< without brackets; empty for the keys of a store
    std::string_view key;
    SettingKind kind = SettingKind::flag;
    Member member;
    std::uint64_t min = 0;  ///< text, secret: bytes; list: entries; unused for a flag and a choice
    std::uint64_t max = 0;  ///< inclusive, like min
    std::string_view help;  ///< a few words for print_config()
    std::span<const std::string_view> choices = {};
    Check check = nullptr;  ///< further check of a text, or of each entry of a list; may be null
};

/// Returns all keys outside [stores.NAME], grouped by section, in the order of config.toml.
std::span<const Setting<Config>> settings();

/// Returns the keys of a section [stores.NAME].
std::span<const Setting<StoreConfig>> store_settings();

/// Returns the range of a setting as errors and config.toml write it: "1s to 10m", "one of text, json".
template <class Owner>
std::string range_text(const Setting<Owner>& setting);

/// Returns true if the name consists of 1 to 64 letters, digits, - and _.
bool is_store_name(std::string_view name);

/// A rule between settings that a configuration breaks.
struct BrokenRule {
    std::string setting;  ///< name of the setting to blame, such as "limits.page_default"
    std::string other;    ///< name of the setting that it conflicts with, or empty
    std::string problem;  ///< sentence for the user, without the name of the setting
};

/// Returns the rules between settings that `config` breaks; empty if it breaks none.
std::vector<BrokenRule> broken_rules(const Config& config);

}  // namespace reprieve
