#include "app/location_keys.hpp"

#include "base/error.hpp"
#include "base/text_seal.hpp"
#include "catalog/catalog.hpp"
#include "config/secret_file.hpp"

namespace reprieve::app {
namespace {

std::string key_in(const std::string& file, const std::string& setting) {
    std::string key = read_secret_file(file, setting);
    if (!TextSeal::parse_key(key))
        throw Error(ErrorKind::bad_request, setting + ": the file " + file +
                                                " holds no key: write 64 hexadecimal digits into it, as 'openssl rand "
                                                "-hex 32' makes them");
    return key;
}

}  // namespace

std::string location_key(const Config& config) {
    const Config::Catalog& catalog = config.catalog;
    if (catalog.location_key_file.empty()) return catalog.location_key;
    return key_in(catalog.location_key_file, "catalog.location_key_file");
}

void change_location_key(const Config& config, const DataFolder& folder, const std::string& new_key_file) {
    const std::string new_key = new_key_file.empty() ? "" : key_in(new_key_file, "--new-key-file");
    // Opening the catalog re-encrypts the locations.
    const catalog::Catalog catalog(folder.catalog_folder(), {.current = new_key, .previous = location_key(config)});
}

}  // namespace reprieve::app
