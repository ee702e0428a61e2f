#include "config/load.hpp"

#include <algorithm>
#include <cerrno>
#include <fstream>
#include <limits>
#include <map>
#include <optional>
#include <system_error>

#include <toml++/toml.h>

#include "base/error.hpp"
#include "base/quantity.hpp"
#include "config/nearest_word.hpp"
#include "config/settings.hpp"

namespace reprieve {
namespace {

constexpr std::size_t max_file_bytes = 1 << 20;
constexpr std::size_t max_problems = 100;

using Position = toml::source_position;

std::string dotted(std::string_view section, std::string_view key) {
    return section.empty() ? std::string(key) : std::string(section) + '.' + std::string(key);
}

/// Collected problems of one configuration file.
class Problems {
public:
    explicit Problems(std::string file) : file_(std::move(file)) {}

    void add(const Position& where, const std::string& setting, const std::string& text) {
        found_.push_back({where, setting + ": " + text});
    }

    void throw_if_any() {
        if (found_.empty()) return;
        std::stable_sort(found_.begin(), found_.end(), [](const Problem& a, const Problem& b) {
            return std::pair(a.where.line, a.where.column) < std::pair(b.where.line, b.where.column);
        });
        std::string lines;
        for (std::size_t i = 0; i < std::min(found_.size(), max_problems); ++i)
            lines += (i == 0 ? "" : "\n") + line(found_[i].where, found_[i].text);
        if (found_.size() > max_problems)
            lines += '\n' + file_ + ": and " + std::to_string(found_.size() - max_problems) + " more";
        throw Error(ErrorKind::bad_request, lines);
    }

    [[noreturn]] void throw_now(const Position& where, const std::string& text) const {
        throw Error(ErrorKind::bad_request, line(where, text));
    }

private:
    struct Problem {
        Position where;
        std::string text;
    };

    std::string line(const Position& where, const std::string& text) const {
        if (!where) return file_ + ": " + text;
        return file_ + ':' + std::to_string(where.line) + ':' + std::to_string(where.column) + ": " + text;
    }

    std::string file_;
    std::vector<Problem> found_;
};

/// Returns the problem of a text, which is the value of a text or a choice, or one entry of a list. Returns nullopt if
/// the text is valid.
template <class Owner>
std::optional<std::string> check_text(const Setting<Owner>& setting, const std::string& text) {
    const auto is_control = [](unsigned char c) { return c < 0x20 || c == 0x7F; };
    if (std::any_of(text.begin(), text.end(), is_control)) return "there are control characters in the text";
    if (setting.kind == SettingKind::choice) {
        if (std::find(setting.choices.begin(), setting.choices.end(), text) != setting.choices.end()) return {};
        const std::string near = nearest_word(text, {setting.choices.begin(), setting.choices.end()});
        return "expected " + range_text(setting) + "; got '" + text + "'" +
               (near.empty() ? "" : "; did you mean '" + near + "'?");
    }
    const bool is_text = setting.kind == SettingKind::text || setting.kind == SettingKind::secret;
    if (is_text && (text.size() < setting.min || text.size() > setting.max))
        return text.empty() ? "the text is empty" : "expected " + range_text(setting);
    return setting.check == nullptr ? std::nullopt : setting.check(text);
}

/// Reads the value of one setting from `node` into the member of `owner`. There is one overload for each type of
/// member. Each returns the problem, or nullopt if the value is valid.
template <class Owner>
struct ReadValue {
    using Problem = std::optional<std::string>;

    const Setting<Owner>& setting;
    const toml::node& node;
    Owner& owner;

    Problem operator()(bool& (*member)(Owner&)) const {
        const auto value = node.value_exact<bool>();
        if (!value) return "expected true or false, without quotes";
        member(owner) = *value;
        return {};
    }

    Problem operator()(std::uint64_t& (*member)(Owner&)) const {
        const bool is_size = setting.kind == SettingKind::size;
        const std::string expected =
            is_size ? "expected a size such as 1048576 or \"64MiB\", " : "expected a whole number, ";
        std::uint64_t value = 0;
        if (const auto number = node.value_exact<std::int64_t>()) {
            if (*number < 0) return expected + range_text(setting);
            value = static_cast<std::uint64_t>(*number);
        } else if (const auto text = node.value_exact<std::string>(); text && is_size) {
            try {
                value = parse_size(*text);
            } catch (const Error& error) {
                return error.what();
            }
        } else {
            return expected + range_text(setting);
        }
        if (value < setting.min || value > setting.max) return expected + range_text(setting);
        member(owner) = value;
        return {};
    }

    Problem operator()(std::int64_t& (*member)(Owner&)) const {
        const std::string expected =
            "expected a duration such as 90 (seconds), \"15m\" or \"7d\", " + range_text(setting);
        std::int64_t value = 0;
        try {
            if (const auto number = node.value_exact<std::int64_t>())
                value = duration_us_from_seconds(*number);
            else if (const auto text = node.value_exact<std::string>())
                value = parse_duration_us(*text);
            else
                return expected;
        } catch (const Error& error) {
            return error.what();
        }
        const auto us = static_cast<std::uint64_t>(value);
        if (us < setting.min || us > setting.max) return expected;
        member(owner) = value;
        return {};
    }

    Problem operator()(std::string& (*member)(Owner&)) const {
        const auto value = node.value_exact<std::string>();
        if (!value) return "expected a text in quotes";
        if (auto problem = check_text(setting, *value)) return problem;
        member(owner) = *value;
        return {};
    }

    Problem operator()(std::vector<std::string>& (*member)(Owner&)) const {
        const std::string expected = "expected a list of texts, such as [\"a\", \"b\"], ";
        const toml::array* array = node.as_array();
        if (array == nullptr || array->size() < setting.min || array->size() > setting.max)
            return expected + range_text(setting);
        std::vector<std::string> values;
        for (const toml::node& entry : *array) {
            const auto value = entry.value_exact<std::string>();
            if (!value) return expected + range_text(setting);
            if (auto problem = check_text(setting, *value)) return problem;
            values.push_back(*value);
        }
        member(owner) = std::move(values);
        return {};
    }
};

class Loader {
public:
    Loader(const toml::table& file, Problems& problems) : file_(file), problems_(problems) {}

    Config load() {
        for (const auto& [key, node] : file_) {
            const std::string section(key.str());
            if (section == "stores")
                load_stores(key, node);
            else
                load_section(section, key, node);
        }
        for (const BrokenRule& broken : broken_rules(config_)) add(broken);
        return std::move(config_);
    }

private:
    void load_section(const std::string& section, const toml::key& key, const toml::node& node) {
        std::vector<Setting<Config>> known;
        for (const auto& setting : settings()) {
            if (setting.section == section) known.push_back(setting);
        }
        if (known.empty()) return unknown_section(section, key);
        if (const toml::table* table = section_table(section, node))
            load_table<Config>(*table, section, known, config_);
    }

    void load_stores(const toml::key& key, const toml::node& node) {
        const toml::table* table = section_table("stores", node);
        if (table == nullptr) return;
        if (table->empty()) return problems_.add(key.source().begin, "stores", "name a store: [stores.NAME]");
        config_.stores.clear();
        for (const auto& [name, store] : *table) {
            const std::string section = "stores." + std::string(name.str());
            places_[section] = name.source().begin;
            if (!is_store_name(name.str()))
                problems_.add(name.source().begin, section,
                              "a store's name has letters, digits, - and _, and at most 64 of them");
            StoreConfig& target = config_.stores[std::string(name.str())];
            if (const toml::table* keys = section_table(section, store))
                load_table<StoreConfig>(*keys, section, store_settings(), target);
        }
    }

    template <class Owner>
    void load_table(const toml::table& table, const std::string& section, std::span<const Setting<Owner>> known,
                    Owner& owner) {
        for (const auto& [key, node] : table) {
            const std::string_view word = key.str();
            const std::string name = dotted(section, word);
            const auto setting = std::find_if(known.begin(), known.end(), [&](const auto& s) { return s.key == word; });
            if (setting == known.end()) {
                std::vector<std::string> keys;
                for (const auto& candidate : known) keys.emplace_back(candidate.key);
                problems_.add(key.source().begin, name, "unknown key" + hint(word, keys));
                continue;
            }
            places_[name] = node.source().begin;
            if (const auto problem = std::visit(ReadValue<Owner>{*setting, node, owner}, setting->member)) {
                problems_.add(node.source().begin, name, *problem);
                wrong_.push_back(name);
            }
        }
    }

    const toml::table* section_table(const std::string& section, const toml::node& node) {
        const toml::table* table = node.as_table();
        if (table == nullptr)
            problems_.add(node.source().begin, section, "expected a section, written [" + section + "]");
        return table;
    }

    void unknown_section(const std::string& section, const toml::key& key) {
        std::vector<std::string> sections{"stores"};
        for (const auto& setting : settings()) sections.emplace_back(setting.section);
        problems_.add(key.source().begin, section, "unknown section" + hint(section, sections));
    }

    /// Returns a hint to add to the report of an unknown word: the most similar of the words `near`; if there is none,
    /// the section that has a key of this name; else an empty text.
    static std::string hint(std::string_view word, const std::vector<std::string>& near) {
        if (const std::string nearest = nearest_word(word, near); !nearest.empty())
            return "; did you mean '" + nearest + "'?";
        for (const auto& setting : settings()) {
            if (setting.key == word) return "; it belongs in [" + std::string(setting.section) + "]";
        }
        return "";
    }

    /// Reports a broken rule between two settings. The report names the place of the first of the two that the file
    /// sets. Does nothing if one of the two settings already has a problem.
    void add(const BrokenRule& broken) {
        for (const std::string& name : wrong_) {
            if (name == broken.setting || name == broken.other) return;
        }
        for (const std::string& name :
             {broken.setting, broken.other, broken.setting.substr(0, broken.setting.rfind('.'))}) {
            if (const auto place = places_.find(name); place != places_.end())
                return problems_.add(place->second, broken.setting, broken.problem);
        }
        problems_.add(Position{}, broken.setting, broken.problem);
    }

    const toml::table& file_;
    Problems& problems_;
    Config config_;
    std::map<std::string, Position> places_;  ///< place in the file of each value and of each store
    std::vector<std::string> wrong_;          ///< names of settings with a problem
};

}  // namespace

Config parse_config(std::string_view text, const std::string& file_name) {
    Problems problems(file_name);
    if (text.size() > max_file_bytes) problems.throw_now({}, "the file is too large: it may have at most 1 MiB");
    toml::table file;
    try {
        file = toml::parse(text);
    } catch (const toml::parse_error& error) {
        problems.throw_now(error.source().begin, std::string(error.description()));
    }
    Config config = Loader(file, problems).load();
    problems.throw_if_any();
    return config;
}

Config load_config(const std::string& file) {
    std::string text(max_file_bytes + 1, '\0');
    errno = 0;  // the stream gives no reason for a failure, but errno mostly does
    std::ifstream in(file, std::ios::binary);
    in.read(text.data(), static_cast<std::streamsize>(text.size()));
    if (in.bad() || !in.is_open())
        throw Error(ErrorKind::bad_request, "cannot read the configuration " + file + ": " +
                                                std::generic_category().message(errno == 0 ? EIO : errno));
    text.resize(static_cast<std::size_t>(in.gcount()));
    return parse_config(text, file);
}

}  // namespace reprieve
