#include "tests/bench/disk_timing.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <chrono>
#include <cstdio>
#include <system_error>
#include <vector>

#include "base/file.hpp"

namespace reprieve::bench {
namespace {

using Clock = std::chrono::steady_clock;
constexpr int syncs = 400;

double micros_since(Clock::time_point begin) {
    return std::chrono::duration<double, std::micro>(Clock::now() - begin).count();
}

void require(bool condition, const char* what) {
    if (!condition) throw std::system_error(errno, std::generic_category(), what);
}

double median_sync_us(const FileDescriptor& folder) {
    const FileDescriptor file(::openat(folder.get(), "synced", O_RDWR | O_CREAT | O_TRUNC | O_CLOEXEC, 0600));
    require(bool(file), "open");
    std::array<char, 4096> block{};
    std::vector<double> times;
    for (int i = 0; i < syncs; ++i) {
        block[0] = static_cast<char>(i);
        const auto begin = Clock::now();
        require(::write(file.get(), block.data(), block.size()) == static_cast<ssize_t>(block.size()), "write");
        require(::fdatasync(file.get()) == 0, "fdatasync");
        times.push_back(micros_since(begin));
    }
    ::unlinkat(folder.get(), "synced", 0);
    std::ranges::sort(times);
    return times[times.size() / 2];
}

double unlinks_a_second(const FileDescriptor& parent, std::size_t files) {
    require(::mkdirat(parent.get(), "unlinked", 0700) == 0, "mkdir");
    const FileDescriptor folder(::openat(parent.get(), "unlinked", O_RDONLY | O_DIRECTORY | O_CLOEXEC));
    require(bool(folder), "open");
    const std::array<char, 4096> block{'x'};
    for (std::size_t i = 0; i < files; ++i) {
        const FileDescriptor file(
            ::openat(folder.get(), std::to_string(i).c_str(), O_WRONLY | O_CREAT | O_CLOEXEC, 0600));
        require(file && ::write(file.get(), block.data(), block.size()) == static_cast<ssize_t>(block.size()), "write");
    }
    require(::syncfs(folder.get()) == 0, "syncfs");
    const auto begin = Clock::now();
    for (std::size_t i = 0; i < files; ++i) ::unlinkat(folder.get(), std::to_string(i).c_str(), 0);
    require(::fsync(folder.get()) == 0, "fsync");
    const double taken = micros_since(begin);
    ::unlinkat(parent.get(), "unlinked", AT_REMOVEDIR);
    return static_cast<double>(files) / taken * 1e6;
}

}  // namespace

void time_disk(const std::string& folder, std::size_t files) {
    const FileDescriptor opened = open_folder(folder);
    const double sync_us = median_sync_us(opened);
    std::printf("{\"fdatasync_us\": %.1f, \"unlinks_per_second\": %.0f}\n", sync_us, unlinks_a_second(opened, files));
}

}  // namespace reprieve::bench
