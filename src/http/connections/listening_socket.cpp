#include "http/connections/listening_socket.hpp"

#include <arpa/inet.h>
#include <netdb.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <memory>
#include <system_error>

#include "base/error.hpp"
#include "base/unix_address.hpp"

namespace reprieve::http {
namespace {

constexpr int backlog = 1024;

std::string text_of(int error_number) {
    std::string text = std::generic_category().message(error_number);
    if (!text.empty() && text[0] >= 'A' && text[0] <= 'Z') text[0] = static_cast<char>(text[0] | 0x20);
    return text;
}

[[noreturn]] void cannot_listen(const std::string& where, int error_number) {
    std::string advice;
    if (error_number == EADDRINUSE) advice = "; stop the process that holds it or choose another port (server.listen)";
    if (error_number == EACCES) advice = "; choose a port from 1024 on, or give the process CAP_NET_BIND_SERVICE";
    if (error_number == ENAMETOOLONG) advice = "; choose a shorter data folder";
    if (error_number == EADDRNOTAVAIL) advice = "; this machine has no such address";
    throw Error(ErrorKind::unavailable, "cannot listen on " + where + ": " + text_of(error_number) + advice);
}

void set_flag(int fd, int level, int option, int value) { ::setsockopt(fd, level, option, &value, sizeof value); }

/// Deletes the Unix socket at `path` if no process listens on it any more. Throws unavailable if a process does, or if
/// the file is not a socket.
void remove_stale(const std::string& path, const sockaddr_un& address) {
    struct stat status {};
    if (::lstat(path.c_str(), &status) != 0) return;
    if (!S_ISSOCK(status.st_mode)) cannot_listen(path, EEXIST);
    FileDescriptor probe(::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0));
    const bool refused = ::connect(probe.get(), reinterpret_cast<const sockaddr*>(&address), sizeof address) != 0 &&
                         errno == ECONNREFUSED;
    if (!refused) cannot_listen(path, EADDRINUSE);
    ::unlink(path.c_str());
}

std::string address_text(const sockaddr_storage& address) {
    std::array<char, INET6_ADDRSTRLEN> text{};
    const void* bytes = nullptr;
    if (address.ss_family == AF_INET) bytes = &reinterpret_cast<const sockaddr_in&>(address).sin_addr;
    if (address.ss_family == AF_INET6) bytes = &reinterpret_cast<const sockaddr_in6&>(address).sin6_addr;
    if (bytes == nullptr || ::inet_ntop(address.ss_family, bytes, text.data(), text.size()) == nullptr) return "unix";
    const std::string_view result(text.data());
    constexpr std::string_view mapped = "::ffff:";  // begins an IPv4 client's address on an IPv6 socket
    const bool is_mapped = result.starts_with(mapped) && result.find('.') != std::string_view::npos;
    return std::string(is_mapped ? result.substr(mapped.size()) : result);
}

}  // namespace

FileDescriptor listen_on_tcp(const std::string& address, std::uint16_t port) {
    std::string host = address;
    if (host.size() > 2 && host.front() == '[' && host.back() == ']') host = host.substr(1, host.size() - 2);
    const bool is_ipv6 = host.find(':') != std::string::npos;
    const std::string where = (is_ipv6 ? "[" + host + "]" : host) + ":" + std::to_string(port);

    addrinfo hints{};
    hints.ai_family = AF_UNSPEC;
    hints.ai_socktype = SOCK_STREAM;
    hints.ai_flags = AI_PASSIVE | AI_NUMERICSERV;
    addrinfo* found = nullptr;
    const int failed =
        ::getaddrinfo(host.empty() ? nullptr : host.c_str(), std::to_string(port).c_str(), &hints, &found);
    if (failed != 0)
        throw Error(ErrorKind::unavailable, "cannot listen on " + where + ": " + ::gai_strerror(failed) +
                                                "; give an address of this machine (server.listen)");
    const std::unique_ptr<addrinfo, decltype(&::freeaddrinfo)> owner(found, &::freeaddrinfo);

    FileDescriptor fd(::socket(found->ai_family, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0));
    if (!fd) cannot_listen(where, errno);
    set_flag(fd.get(), SOL_SOCKET, SO_REUSEADDR, 1);
    if (found->ai_family == AF_INET6) set_flag(fd.get(), IPPROTO_IPV6, IPV6_V6ONLY, 0);
    if (::bind(fd.get(), found->ai_addr, found->ai_addrlen) != 0) cannot_listen(where, errno);
    if (::listen(fd.get(), backlog) != 0) cannot_listen(where, errno);
    return fd;
}

std::uint16_t local_port(const FileDescriptor& socket) {
    sockaddr_storage address{};
    socklen_t size = sizeof address;
    ::getsockname(socket.get(), reinterpret_cast<sockaddr*>(&address), &size);
    if (address.ss_family == AF_INET6) return ntohs(reinterpret_cast<const sockaddr_in6&>(address).sin6_port);
    return ntohs(reinterpret_cast<const sockaddr_in&>(address).sin_port);
}

FileDescriptor listen_on_unix(const std::string& path) {
    const auto unix_path = unix_address(path);
    if (!unix_path) cannot_listen(path, ENAMETOOLONG);
    const sockaddr_un& address = *unix_path;
    remove_stale(path, address);
    FileDescriptor fd(::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0));
    if (!fd) cannot_listen(path, errno);
    // bind() creates the socket's file with the mode of the descriptor, so other users can never open it, not even for
    // a moment.
    ::fchmod(fd.get(), 0600);
    if (::bind(fd.get(), reinterpret_cast<const sockaddr*>(&address), sizeof address) != 0) cannot_listen(path, errno);
    if (::listen(fd.get(), backlog) != 0) cannot_listen(path, errno);
    return fd;
}

FileDescriptor accept_from(const FileDescriptor& listener, std::string& peer) {
    sockaddr_storage address{};
    socklen_t size = sizeof address;
    FileDescriptor fd(
        ::accept4(listener.get(), reinterpret_cast<sockaddr*>(&address), &size, SOCK_NONBLOCK | SOCK_CLOEXEC));
    if (!fd) return fd;
    peer = address_text(address);
    if (address.ss_family != AF_UNIX) set_flag(fd.get(), IPPROTO_TCP, TCP_NODELAY, 1);
    return fd;
}

}  // namespace reprieve::http
