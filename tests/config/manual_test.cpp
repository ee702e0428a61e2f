#include <boost/test/unit_test.hpp>
#include <fstream>
#include <map>
#include <sstream>
#include <string>
#include <vector>

#include "config/load.hpp"
#include "config/settings.hpp"

using namespace reprieve;

// config.toml is the manual, so its values and ranges must be those of the program.

BOOST_AUTO_TEST_SUITE(manual)

namespace {

/// Key of the manual.
struct Entry {
    std::string comment;  ///< the comment lines above the key, joined
    std::string line;     ///< the line of the key, without the leading #
};

struct Manual {
    std::multimap<std::string, Entry> entries;  ///< by "section.key"
    std::string uncommented;                    ///< the file with every key active
};

bool is_key_line(const std::string& line) {
    return line.size() > 1 && line[0] == '#' && line[1] >= 'a' && line[1] <= 'z';
}

Manual read_manual() {
    std::ifstream in(REPRIEVE_SOURCE_FOLDER "/config.toml");
    BOOST_REQUIRE(in.is_open());
    Manual manual;
    std::string line, section, comment;
    while (std::getline(in, line)) {
        if (is_key_line(line)) {
            line.erase(0, 1);
            manual.entries.emplace(section + '.' + line.substr(0, line.find(' ')), Entry{comment, line});
            comment.clear();
        } else if (line.starts_with("# ")) {
            comment += line.substr(1);
        } else {
            comment.clear();
            if (line.starts_with('[')) section = line.substr(1, line.find(']') - 1);
            BOOST_TEST((line.empty() || line == "#" || line.starts_with('[')), "neither comment nor key: " << line);
        }
        manual.uncommented += line + '\n';
    }
    return manual;
}

template <class Owner>
void check_entry(Manual& manual, const std::string& section, const Setting<Owner>& setting) {
    const std::string name = section + '.' + std::string(setting.key);
    BOOST_TEST(manual.entries.count(name) == 1U, name << " occurs " << manual.entries.count(name) << " times");
    const auto entry = manual.entries.find(name);
    if (entry == manual.entries.end()) return;
    const std::string range = "Range: " + range_text(setting) + ".";
    BOOST_TEST(entry->second.comment.find(range) != std::string::npos, name << " does not say: " << range);
    manual.entries.erase(name);
}

}  // namespace

BOOST_AUTO_TEST_CASE(the_file_as_it_is_means_the_defaults) {
    BOOST_TEST((load_config(REPRIEVE_SOURCE_FOLDER "/config.toml") == Config{}));
}

BOOST_AUTO_TEST_CASE(the_values_that_it_shows_are_the_defaults) {
    BOOST_TEST((parse_config(read_manual().uncommented, "config.toml") == Config{}));
}

BOOST_AUTO_TEST_CASE(it_holds_every_key_once_with_its_range_and_no_other) {
    Manual manual = read_manual();
    for (const auto& setting : settings()) check_entry(manual, std::string(setting.section), setting);
    for (const auto& setting : store_settings()) check_entry(manual, "stores.local", setting);
    for (const auto& [name, entry] : manual.entries) BOOST_TEST(false, name << " is no setting");
}

BOOST_AUTO_TEST_CASE(it_has_the_keys_in_the_order_of_the_table) {
    const std::string text = read_manual().uncommented;
    std::size_t last = 0;
    std::string section;
    for (const auto& setting : settings()) {
        if (section != setting.section) last = text.find("\n[" + (section = setting.section) + "]\n");
        const std::size_t place = text.find('\n' + std::string(setting.key) + " = ", last);
        BOOST_TEST(place != std::string::npos, section << "." << setting.key << " is not in its place");
        last = place;
    }
}

BOOST_AUTO_TEST_SUITE_END()
