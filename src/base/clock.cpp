#include "base/clock.hpp"

#include <ctime>

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

}  // namespace reprieve
