#include "base/quantity.hpp"

#include <algorithm>
#include <array>
#include <limits>
#include <optional>

#include "base/ascii_case.hpp"
#include "base/clock.hpp"
#include "base/error.hpp"

namespace reprieve {
namespace {

struct Unit {
    std::string_view name;
    std::uint64_t factor;
};

constexpr std::uint64_t second = us_per_second;

/// The units of durations, the largest first. A duration is written and read in this order.
constexpr std::array<Unit, 7> duration_units{{{"w", 7 * 86'400 * second},
                                              {"d", 86'400 * second},
                                              {"h", 3600 * second},
                                              {"m", 60 * second},
                                              {"s", second},
                                              {"ms", 1000},
                                              {"us", 1}}};

constexpr std::array<Unit, 13> size_units{{{"EiB", 1ULL << 60},
                                           {"EB", 1'000'000'000'000'000'000},
                                           {"PiB", 1ULL << 50},
                                           {"PB", 1'000'000'000'000'000},
                                           {"TiB", 1ULL << 40},
                                           {"TB", 1'000'000'000'000},
                                           {"GiB", 1ULL << 30},
                                           {"GB", 1'000'000'000},
                                           {"MiB", 1ULL << 20},
                                           {"MB", 1'000'000},
                                           {"KiB", 1ULL << 10},
                                           {"kB", 1000},
                                           {"B", 1}}};

bool is_digit(char c) { return c >= '0' && c <= '9'; }
bool is_letter(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); }

/// Removes the longest prefix of `rest` whose characters all satisfy `fits`, and returns it.
template <class Predicate>
std::string_view take(std::string_view& rest, Predicate fits) {
    const auto end = std::find_if_not(rest.begin(), rest.end(), fits);
    const std::string_view taken = rest.substr(0, static_cast<std::size_t>(end - rest.begin()));
    rest.remove_prefix(taken.size());
    return taken;
}

void skip_spaces(std::string_view& rest) {
    take(rest, [](char c) { return c == ' '; });
}

/// Returns digits × factor, or nullopt if that exceeds `limit`.
std::optional<std::uint64_t> multiply(std::string_view digits, std::uint64_t factor, std::uint64_t limit) {
    std::uint64_t number = 0;
    for (const char c : digits) {
        const auto digit = static_cast<std::uint64_t>(c - '0');
        if (number > (limit - digit) / 10) return {};
        number = number * 10 + digit;
    }
    if (number > limit / factor) return {};
    return number * factor;
}

[[noreturn]] void refuse_quantity(std::string_view text, const char* why) {
    throw Error(ErrorKind::bad_request, "'" + std::string(text) + "' " + why);
}

constexpr const char* no_duration =
    "is not a duration: write whole numbers with a unit (w, d, h, m, s, ms, us), such as 7d or 1h30m; a number "
    "alone means seconds";
constexpr const char* no_size =
    "is not a size: write a whole number with a unit (B, kB, MB, GB, TB, or KiB, MiB, GiB, TiB), such as 64MiB; a "
    "number alone means bytes";

}  // namespace

std::int64_t parse_duration_us(std::string_view text) {
    constexpr std::uint64_t limit = std::numeric_limits<std::int64_t>::max();
    std::string_view rest = text;
    std::uint64_t total = 0;
    const auto* next_unit = duration_units.begin();
    skip_spaces(rest);
    do {
        const std::string_view digits = take(rest, is_digit);
        skip_spaces(rest);
        std::string_view name = take(rest, is_letter);
        skip_spaces(rest);
        if (digits.empty()) refuse_quantity(text, no_duration);
        const bool number_alone = name.empty() && next_unit == duration_units.begin() && rest.empty();
        if (number_alone) name = "s";
        const auto* unit = std::find_if(next_unit, duration_units.end(),
                                        [&](const Unit& candidate) { return candidate.name == name; });
        if (unit == duration_units.end()) refuse_quantity(text, no_duration);
        const auto part = multiply(digits, unit->factor, limit);
        if (!part || *part > limit - total) refuse_quantity(text, "is too long a duration");
        total += *part;
        next_unit = unit + 1;
    } while (!rest.empty());
    return static_cast<std::int64_t>(total);
}

std::int64_t duration_us_from_seconds(std::int64_t seconds) {
    if (seconds < 0) refuse_quantity(std::to_string(seconds), "is not a duration: it is negative");
    if (seconds > std::numeric_limits<std::int64_t>::max() / us_per_second)
        refuse_quantity(std::to_string(seconds), "seconds are too long a duration");
    return seconds * us_per_second;
}

std::uint64_t parse_size(std::string_view text) {
    std::string_view rest = text;
    skip_spaces(rest);
    const std::string_view digits = take(rest, is_digit);
    skip_spaces(rest);
    std::string_view name = take(rest, is_letter);
    skip_spaces(rest);
    if (digits.empty() || !rest.empty()) refuse_quantity(text, no_size);
    if (name.empty()) name = "B";
    const auto* unit = std::find_if(size_units.begin(), size_units.end(),
                                    [&](const Unit& candidate) { return equals_ignoring_case(candidate.name, name); });
    if (unit == size_units.end()) refuse_quantity(text, no_size);
    const auto bytes = multiply(digits, unit->factor, std::numeric_limits<std::uint64_t>::max());
    if (!bytes) refuse_quantity(text, "is too large a size");
    return *bytes;
}

std::string duration_to_text(std::int64_t us) {
    if (us == 0) return "0s";
    auto rest = static_cast<std::uint64_t>(us);
    std::string text;
    for (const Unit& unit : duration_units) {
        if (unit.name == "w") continue;  // people write 14d and 30d rather than 2w and 4w2d
        if (rest >= unit.factor) text += std::to_string(rest / unit.factor) + std::string(unit.name);
        rest %= unit.factor;
    }
    return text;
}

std::string size_to_text(std::uint64_t bytes) {
    if (bytes == 0) return "0";
    const Unit* best = &size_units.back();
    for (const Unit& unit : size_units) {
        if (bytes % unit.factor == 0 && unit.factor > best->factor) best = &unit;
    }
    return std::to_string(bytes / best->factor) + std::string(best->name);
}

std::string approximate_size(std::uint64_t bytes) {
    constexpr std::array<std::string_view, 6> units{"KiB", "MiB", "GiB", "TiB", "PiB", "EiB"};
    if (bytes < 1024) return std::to_string(bytes) + " B";
    std::size_t unit = 0;
    std::uint64_t rest = bytes % 1024;
    for (bytes /= 1024; bytes >= 1024; bytes /= 1024) {
        rest = bytes % 1024;
        ++unit;
    }
    return std::to_string(bytes) + "." + std::to_string(rest * 10 / 1024) + " " + std::string(units[unit]);
}

}  // namespace reprieve
