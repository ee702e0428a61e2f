#include "app/own_url.hpp"

#include "base/machine_address.hpp"
#include "config/listen_address.hpp"

namespace reprieve::app {

std::string own_url(const Config::Server& config, std::uint16_t port) {
    if (!config.public_url.empty()) {
        std::string url = config.public_url;
        while (url.ends_with('/')) url.pop_back();
        return url;
    }
    std::string host = parse_listen_address(config.listen).address;
    if (host == "0.0.0.0" || host == "::") host = machine_address(host == "::");
    if (host.find(':') != std::string::npos) host = "[" + host + "]";
    return (config.tls_certificate.empty() ? "http://" : "https://") + host + ":" + std::to_string(port);
}

}  // namespace reprieve::app
