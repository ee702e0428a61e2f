#include "tests/bench/http_load.hpp"

#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <charconv>
#include <chrono>
#include <cstdio>
#include <stdexcept>
#include <string_view>
#include <system_error>

#include "base/file.hpp"

namespace reprieve::bench {
namespace {

using Clock = std::chrono::steady_clock;

[[noreturn]] void fail(const char* what) { throw std::system_error(errno, std::generic_category(), what); }

/// Returns the number after `name` in a head; 0 if there is none.
std::size_t number_after(std::string_view head, std::string_view name) {
    const auto at = head.find(name);
    std::size_t number = 0;
    if (at != std::string_view::npos)
        std::from_chars(head.data() + at + name.size(), head.data() + head.size(), number);
    return number;
}

struct Client {
    FileDescriptor socket;
    std::uint64_t sent = 0;
    Clock::time_point begin;
    std::string answer;
};

class Load {
public:
    Load(std::uint16_t port, std::size_t clients, Script& script)
        : epoll_(::epoll_create1(EPOLL_CLOEXEC)), clients_(clients), script_(script) {
        for (std::size_t i = 0; i < clients; ++i) connect(i, port);
    }

    void run(double seconds) {
        begin_ = Clock::now();
        end_ = begin_ + std::chrono::duration_cast<Clock::duration>(std::chrono::duration<double>(seconds));
        for (std::size_t i = 0; i < clients_.size(); ++i) send_next(i);
        std::array<epoll_event, 64> events;
        while (busy_ > 0) {
            const int count = ::epoll_wait(epoll_.get(), events.data(), static_cast<int>(events.size()), 60'000);
            if (count == 0) throw std::runtime_error("the server has not answered for a minute");
            for (int i = 0; i < count; ++i) receive(events[static_cast<std::size_t>(i)].data.u64);
        }
        taken_s_ = std::chrono::duration<double>(Clock::now() - begin_).count();
    }

    void print() {
        std::ranges::sort(micros_);
        const auto percentile = [&](std::size_t percent) {
            return micros_.empty() ? 0.0F : micros_[std::min(micros_.size() - 1, micros_.size() * percent / 100)];
        };
        const auto pieces = static_cast<double>(micros_.size()) / static_cast<double>(script_.requests_a_piece());
        std::printf(
            "{\"requests\": %zu, \"failures\": %zu, \"seconds\": %.3f, \"per_second\": %.1f, \"p50_us\": %.1f, "
            "\"p99_us\": %.1f}\n",
            micros_.size(), failures_, taken_s_, pieces / taken_s_, percentile(50), percentile(99));
    }

private:
    void connect(std::size_t index, std::uint16_t port) {
        sockaddr_in address{};
        address.sin_family = AF_INET;
        address.sin_port = htons(port);
        address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
        FileDescriptor& socket = clients_[index].socket;
        socket = FileDescriptor(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0));
        if (::connect(socket.get(), reinterpret_cast<const sockaddr*>(&address), sizeof address) != 0) fail("connect");
        const int on = 1;
        ::setsockopt(socket.get(), IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
        epoll_event event{};
        event.events = EPOLLIN;
        event.data.u64 = index;
        if (::epoll_ctl(epoll_.get(), EPOLL_CTL_ADD, socket.get(), &event) != 0) fail("epoll_ctl");
    }

    void send_next(std::size_t index) {
        Client& client = clients_[index];
        // Complete a piece of work even after the end, so that each created image is also deleted.
        if (client.sent % script_.requests_a_piece() == 0 && Clock::now() >= end_) return;
        const std::string request = script_.next(index, client.sent);
        if (request.empty()) return;
        ++client.sent;
        ++busy_;
        client.answer.clear();
        client.begin = Clock::now();
        std::string_view rest = request;
        while (!rest.empty()) {
            const ssize_t count = ::send(client.socket.get(), rest.data(), rest.size(), MSG_NOSIGNAL);
            if (count < 0) fail("send");
            rest.remove_prefix(static_cast<std::size_t>(count));
        }
    }

    void receive(std::size_t index) {
        Client& client = clients_[index];
        const ssize_t count = ::recv(client.socket.get(), buffer_.data(), buffer_.size(), 0);
        if (count <= 0) throw std::runtime_error("the server closed a connection");
        client.answer.append(buffer_.data(), static_cast<std::size_t>(count));
        const auto end = client.answer.find("\r\n\r\n");
        if (end == std::string::npos) return;
        const std::string_view head = std::string_view(client.answer).substr(0, end);
        if (client.answer.size() < end + 4 + number_after(head, "Content-Length: ")) return;
        micros_.push_back(std::chrono::duration<float, std::micro>(Clock::now() - client.begin).count());
        if (number_after(head, "HTTP/1.1 ") >= 400 && failures_++ == 0)
            std::fprintf(stderr, "the first failure: %s\n", client.answer.c_str());
        --busy_;
        send_next(index);
    }

    FileDescriptor epoll_;
    std::vector<Client> clients_;
    Script& script_;
    Clock::time_point begin_, end_;
    std::size_t busy_ = 0;
    std::vector<float> micros_;
    std::size_t failures_ = 0;
    double taken_s_ = 0;
    std::array<char, 1 << 16> buffer_;
};

}  // namespace

void run_load(std::uint16_t port, std::size_t clients, double seconds, Script& script) {
    Load load(port, clients, script);
    load.run(seconds);
    load.print();
}

}  // namespace reprieve::bench
