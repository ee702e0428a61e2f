#include "config/print.hpp"

#include <algorithm>

#include "base/hex.hpp"
#include "base/joined.hpp"
#include "base/quantity.hpp"
#include "config/settings.hpp"

namespace reprieve {
namespace {

constexpr const char* hidden = "********";

/// Returns the text as a basic string of TOML.
std::string quoted(const std::string& text) {
    std::string out = "\"";
    for (const char c : text) {
        const auto byte = static_cast<unsigned char>(c);
        if (byte < 0x20 || byte == 0x7F) {
            out += "\\u00";
            append_hex(out, byte);
            continue;
        }
        if (c == '"' || c == '\\') out += '\\';
        out += c;
    }
    return out + '"';
}

template <class Owner>
struct ValueText {
    const Setting<Owner>& setting;
    Owner& owner;

    std::string operator()(bool& (*member)(Owner&)) const { return member(owner) ? "true" : "false"; }
    std::string operator()(std::int64_t& (*member)(Owner&)) const { return quoted(duration_to_text(member(owner))); }
    std::string operator()(std::string& (*member)(Owner&)) const {
        const std::string& value = member(owner);
        return quoted(setting.kind == SettingKind::secret && !value.empty() ? hidden : value);
    }
    std::string operator()(std::uint64_t& (*member)(Owner&)) const {
        const std::uint64_t value = member(owner);
        return setting.kind == SettingKind::size && value != 0 ? quoted(size_to_text(value)) : std::to_string(value);
    }
    std::string operator()(std::vector<std::string>& (*member)(Owner&)) const {
        return '[' + joined(member(owner), ", ", quoted) + ']';
    }
};

template <class Owner>
void print(std::string& out, const Setting<Owner>& setting, Owner& owner) {
    std::string line = std::string(setting.key) + " = " + std::visit(ValueText<Owner>{setting, owner}, setting.member);
    line.resize(std::max<std::size_t>(line.size(), 40), ' ');
    out += line + "  # " + std::string(setting.help) + '\n';
}

}  // namespace

std::string print_config(const Config& config) {
    Config copy = config;  // the functions in settings() need a Config that is not const
    std::string out;
    std::string_view section;
    for (const auto& setting : settings()) {
        if (setting.section != section) {
            section = setting.section;
            out += (out.empty() ? "[" : "\n[") + std::string(section) + "]\n";
        }
        print(out, setting, copy);
    }
    for (auto& [name, store] : copy.stores) {
        out += "\n[stores." + name + "]\n";
        for (const auto& setting : store_settings()) print(out, setting, store);
    }
    return out;
}

}  // namespace reprieve
