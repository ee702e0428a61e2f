#include "net/name_lookup.hpp"

#include <netdb.h>

#include <chrono>
#include <cstring>
#include <future>
#include <memory>
#include <optional>
#include <thread>

#include "base/error.hpp"

namespace reprieve::net {
namespace {

struct Found {
    std::vector<SocketAddress> addresses;
    int error = 0;
};

Found ask_resolver(const std::string& host, std::uint16_t port, int flags) {
    addrinfo hints{};
    hints.ai_socktype = SOCK_STREAM;
    hints.ai_flags = AI_NUMERICSERV | flags;
    addrinfo* list = nullptr;
    Found found;
    found.error = ::getaddrinfo(host.c_str(), std::to_string(port).c_str(), &hints, &list);
    if (found.error != 0) return found;
    const std::unique_ptr<addrinfo, decltype(&::freeaddrinfo)> owner(list, &::freeaddrinfo);
    for (const addrinfo* entry = list; entry != nullptr; entry = entry->ai_next) {
        SocketAddress address;
        address.size = entry->ai_addrlen;
        std::memcpy(&address.storage, entry->ai_addr, entry->ai_addrlen);
        found.addresses.push_back(address);
    }
    return found;
}

std::optional<SocketAddress> number_in(const std::string& host, std::uint16_t port) {
    Found found = ask_resolver(host, port, AI_NUMERICHOST);
    if (found.addresses.empty()) return {};
    return found.addresses.front();
}

}  // namespace

std::vector<SocketAddress> look_up(const std::string& host, std::uint16_t port, const Deadline& deadline) {
    if (const auto address = number_in(host, port)) return {*address};
    // getaddrinfo() has no deadline, so it runs in a thread that may outlive this call. The thread uses nothing that
    // this call owns.
    std::packaged_task<Found()> task([host, port] { return ask_resolver(host, port, AI_ADDRCONFIG); });
    std::future<Found> answer = task.get_future();
    std::thread(std::move(task)).detach();
    if (answer.wait_until(deadline.at()) != std::future_status::ready)
        throw Error(ErrorKind::unavailable, "the name " + host + " could not be looked up in time");
    Found found = answer.get();
    if (found.addresses.empty())
        throw Error(ErrorKind::unavailable, "the name " + host + " has no address: " + ::gai_strerror(found.error));
    return std::move(found.addresses);
}

SocketAddress numeric_address(const std::string& address, std::uint16_t port) {
    if (const auto found = number_in(address, port)) return *found;
    throw Error(ErrorKind::bad_request, "'" + address + "' is not a numeric IP address");
}

}  // namespace reprieve::net
