#include "base/clock.hpp"

#include <ctime>
#include <fstream>

namespace reprieve {
namespace {

std::int64_t read(clockid_t id) {
    timespec t{};
    clock_gettime(id, &t);
    return std::int64_t{t.tv_sec} * us_per_second + t.tv_nsec / 1000;
}

}  // namespace

std::int64_t SystemClock::now_us() const { return read(CLOCK_REALTIME); }
std::int64_t SystemClock::boot_us() const { return read(CLOCK_BOOTTIME); }

std::string SystemClock::boot_id() const {
    std::ifstream file("/proc/sys/kernel/random/boot_id");
    std::string id;
    std::getline(file, id);
    return id;
}

}  // namespace reprieve
