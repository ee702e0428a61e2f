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

/// How the value of a setting is written and what its range counts.
enum class SettingKind {
    flag,      ///< true or false
    count,     ///< a whole number
    size,      ///< bytes: a whole number, or text as parse_size() takes it
    duration,  ///< a whole number of seconds, or text as parse_duration_us() takes it; the range is in microseconds
    text,
    secret,  ///< a text that is not shown
    choice,  ///< one text of a list
    list,    ///< texts
};

/// One key of the configuration: all that loading, checking, printing and the test of config.toml know
/// of it. To add a setting, add its member to Config, its row to settings.cpp and its paragraph to config.toml.
template <class Owner>
struct Setting {
    /// Finds the member in its owner. A count or size is a std::uint64_t, a duration a std::int64_t.
    using Member = std::variant<bool& (*)(Owner&), std::uint64_t& (*)(Owner&), std::int64_t& (*)(Owner&),
                                std::string& (*)(Owner&), std::vector<std::string>& (*)(Owner&)>;
    /// What is wrong with a text, or nothing.
    using Check = std::optional<std::string> (*)(const std::string&);

    std::string_view section;  ///< without brackets; for a store's own keys empty
    std::string_view key;
    SettingKind kind = SettingKind::flag;
    Member member;
    std::uint64_t min = 0;  ///< of a text or secret its bytes, of a list its entries; unused for a flag and a choice
    std::uint64_t max = 0;
    std::string_view help;  ///< a few words
    std::span<const std::string_view> choices = {};
    Check check = nullptr;  ///< of a text, or of each entry of a list
};

/// All keys with a fixed place, grouped by section, in the order of config.toml.
std::span<const Setting<Config>> settings();

/// The keys of each section [stores.NAME].
std::span<const Setting<StoreConfig>> store_settings();

/// What a value may be, as errors and config.toml say it: "1s to 10m", "one of text, json".
template <class Owner>
std::string range_text(const Setting<Owner>& setting);

/// Letters, digits, - and _; at most 64 of them.
bool is_store_name(std::string_view name);

/// A rule between settings that `config` breaks.
struct BrokenRule {
    std::string setting;  ///< as in "limits.page_default": the one to name
    std::string other;    ///< the setting that it disagrees with, or empty
    std::string problem;
};
std::vector<BrokenRule> broken_rules(const Config& config);

}  // namespace reprieve
