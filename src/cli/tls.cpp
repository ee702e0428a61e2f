#include <unistd.h>

#include <algorithm>
#include <filesystem>
#include <iostream>
#include <nlohmann/json.hpp>

#include "app/data_folder.hpp"
#include "base/certificate.hpp"
#include "base/clock.hpp"
#include "base/error.hpp"
#include "base/file.hpp"
#include "base/ip_address.hpp"
#include "base/joined.hpp"
#include "base/machine_address.hpp"
#include "cli/commands.hpp"
#include "cli/console.hpp"
#include "config/listen_address.hpp"

namespace reprieve::cli {
namespace {

std::string machine_name() {
    std::string name(256, '\0');
    if (::gethostname(name.data(), name.size() - 1) != 0) return "";
    name.resize(name.find('\0'));
    return name;
}

/// Returns the names and addresses for the certificate: first `hosts`, then those of this machine, without duplicates.
std::vector<std::string> names_for(const std::vector<std::string>& hosts, const std::string& listen) {
    std::vector<std::string> names;
    const auto add = [&](const std::string& name) {
        if (!name.empty() && std::ranges::find(names, name) == names.end()) names.push_back(name);
    };
    for (const std::string& host : hosts) add(host);
    add(machine_name());
    for (const char* name : {"localhost", "127.0.0.1", "::1"}) add(name);
    const std::string address = parse_listen_address(listen).address;
    const bool is_any = address == "0.0.0.0" || address == "::";
    add(is_any ? machine_address(address == "::") : IpAddress::parse(address)->text());
    return names;
}

}  // namespace

OwnCertificate own_certificate(const Options& options, const Config& config) {
    const std::string data = std::filesystem::absolute(app::choose_data_folder(options.data, config.server.data));
    const std::string folder = data + "/tls";
    return {.folder = folder, .certificate = folder + "/certificate.pem", .key = folder + "/key.pem"};
}

int tls_init(const Options& options, const std::vector<std::string>& hosts, int days) {
    const Config config = load(options);
    const auto [folder, certificate, key] = own_certificate(options, config);
    if (!options.yes && (std::filesystem::exists(certificate) || std::filesystem::exists(key)))
        throw Error(ErrorKind::conflict,
                    "there is a certificate or a key in " + folder +
                        " already, and clients that trust it will not trust a new one: use --yes to replace it");
    const std::vector<std::string> names = names_for(hosts, config.server.listen);
    const SelfSigned made = make_self_signed(names, days, SystemClock().now_us());
    open_folder(std::filesystem::path(folder).parent_path());
    open_folder(folder);
    replace_private_file(key, made.key);
    replace_private_file(certificate, made.certificate);

    if (options.json) {
        const nlohmann::ordered_json answer = {{"tls_certificate", certificate},
                                               {"tls_key", key},
                                               {"names", names},
                                               {"days", days},
                                               {"sha256", made.fingerprint}};
        std::cout << answer.dump(2) << '\n';
        return 0;
    }
    // Without public_url the service refuses requests whose Host header is not a name of this machine (OriginGate).
    const std::string public_url = hosts.empty()
                                       ? ""
                                       : "public_url = \"https://" + printable(hosts.front()) + ":" +
                                             std::to_string(parse_listen_address(config.server.listen).port) + "\"\n";
    std::cout << "A certificate for " << printable(joined(names, ", ")) << ", valid for " << days << " days.\nSHA-256 "
              << made.fingerprint << "\n\nAdd to the configuration, under [server]:\n\n"
              << "tls_certificate = \"" << printable(certificate) << "\"\ntls_key = \"" << printable(key) << "\"\n"
              << public_url
              << "\nThen restart reprieve, or send it SIGHUP if it uses these files already.\nClients trust "
                 "the certificate if they have a copy of it (never copy the key):\n\n"
              << "  openstack --os-cacert certificate.pem …\n  curl --cacert certificate.pem …\n";
    return 0;
}

}  // namespace reprieve::cli
