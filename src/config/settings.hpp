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
    size,      ///< a number of bytes: a whole number, or a text for parse_size(), such as "64MiB"
    duration,  ///< a whole number of seconds, or a text for parse_duration_us(), such as "15m"; range in us
    text,
    secret,  ///< a text that print_config() does not show
    choice,  ///< one of the texts in Setting::choices
    list,    ///< a list of texts
};

/// Description of one key of the configuration. It serves to load, check and print the value of the key, and to test
/// config.toml. To add a setting, add its member to Config, its row to settings.cpp and its paragraph to config.toml.
/// `Owner` is the struct that has the member: Config or StoreConfig.
template <class Owner>
struct Setting {
    /// Pointer to a function that returns a reference to the setting's member in an `Owner`. A count or a size is a
    /// std::uint64_t, and a duration is a std::int64_t.
    using Member = std::variant<bool& (*)(Owner&), std::uint64_t& (*)(Owner&), std::int64_t& (*)(Owner&),
                                std::string& (*)(Owner&), std::vector<std::string>& (*)(Owner&)>;
    /// Pointer to a function that checks a text. It returns the problem with the text, or nullopt if the text is valid.
    using Check = std::optional<std::string> (*)(const std::string&);

    std::string_view section;  ///< without brackets; empty for the keys of a store
    std::string_view key;
    SettingKind kind = SettingKind::flag;
    Member member;
    std::uint64_t min = 0;  ///< minimum of the value, of a text's bytes or a list's entries; unused for flag and choice
    std::uint64_t max = 0;  ///< maximum of the same, inclusive
    std::string_view help;  ///< a few words, which print_config() adds as a comment
    std::span<const std::string_view> choices = {};
    Check check = nullptr;  ///< additional check of a text, or of each entry of a list; may be null
};

/// Returns the descriptions of all keys outside the sections [stores.NAME], grouped by section, in the order of
/// config.toml.
std::span<const Setting<Config>> settings();

/// Returns the descriptions of the keys that each section [stores.NAME] can have.
std::span<const Setting<StoreConfig>> store_settings();

/// Returns the range of a setting in the form that errors and config.toml use: "1s to 10m", "one of text, json".
template <class Owner>
std::string range_text(const Setting<Owner>& setting);

/// Returns true if the name consists of 1 to 64 letters, digits, - and _.
bool is_store_name(std::string_view name);

/// Violation of a rule that is more than the range of one setting, such as a rule about two settings.
struct BrokenRule {
    std::string setting;  ///< name of the setting to blame, such as "limits.page_default"
    std::string other;    ///< name of the setting that it conflicts with, or empty
    std::string problem;  ///< sentence for the user, without the name of the setting
};

/// Checks the rules that concern more than the range of one setting. Returns those that `config` breaks; empty if it
/// breaks none.
std::vector<BrokenRule> broken_rules(const Config& config);

}  // namespace reprieve
