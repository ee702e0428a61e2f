#include "base/timestamp.hpp"

#include <algorithm>
#include <cctype>
#include <chrono>

#include "base/clock.hpp"

namespace reprieve {
namespace {

using namespace std::chrono;

/// Reader of a text from left to right. digits() and one_of() read the next characters; they return false if the text
/// has other characters there.
class Reader {
public:
    explicit Reader(std::string_view text) : rest_(text) {}

    bool digits(std::size_t count, int& out) {
        if (rest_.size() < count) return false;
        out = 0;
        for (const char c : rest_.substr(0, count)) {
            if (c < '0' || c > '9') return false;
            out = out * 10 + (c - '0');
        }
        rest_.remove_prefix(count);
        return true;
    }

    bool one_of(std::string_view set, char* found = nullptr) {
        if (rest_.empty() || set.find(rest_.front()) == std::string_view::npos) return false;
        if (found != nullptr) *found = rest_.front();
        rest_.remove_prefix(1);
        return true;
    }

    bool at_end() const { return rest_.empty(); }

private:
    std::string_view rest_;
};

/// Reads the digits of a fraction of a second into `us`, in microseconds. Drops digits after the sixth. Returns false
/// if there is no digit.
bool read_fraction(Reader& in, std::int64_t& us) {
    int digit = 0;
    int count = 0;
    us = 0;
    while (in.digits(1, digit)) {
        if (count < 6) us = us * 10 + digit;
        ++count;
    }
    for (int i = count; i < 6; ++i) us *= 10;
    return count > 0;
}

struct Moment {
    sys_days day;
    hh_mm_ss<seconds> clock;
};

/// Splits a time into the day and the time of day in whole seconds. A time outside the years 1 to 9999 becomes the
/// first or last second of that range.
Moment split(std::int64_t us) {
    constexpr std::int64_t first = -62135596800;  // 0001-01-01
    constexpr std::int64_t last = 253402300799;   // 9999-12-31T23:59:59
    const std::int64_t whole = us / us_per_second - (us % us_per_second < 0 ? 1 : 0);
    const sys_seconds time{seconds{std::clamp(whole, first, last)}};
    const auto day = floor<days>(time);
    return {day, hh_mm_ss<seconds>{time - day}};
}

}  // namespace

std::string format_timestamp(std::int64_t us) {
    const auto [day, clock] = split(us);
    const year_month_day date{day};
    // Write the digits without fmt, for speed: a list of images contains two timestamps for each image.
    std::string text = "0000-00-00T00:00:00Z";
    const auto put = [&text](std::size_t at, std::size_t count, std::int64_t number) {
        for (std::size_t i = at + count; i-- > at; number /= 10) text[i] = static_cast<char>('0' + number % 10);
    };
    put(0, 4, static_cast<int>(date.year()));
    put(5, 2, static_cast<unsigned>(date.month()));
    put(8, 2, static_cast<unsigned>(date.day()));
    put(11, 2, clock.hours().count());
    put(14, 2, clock.minutes().count());
    put(17, 2, clock.seconds().count());
    return text;
}

std::optional<std::string> format_timestamp(std::optional<std::int64_t> us) {
    if (!us) return std::nullopt;
    return format_timestamp(*us);
}

std::string format_timestamp_micros(std::int64_t us) {
    const std::int64_t fraction = (us % us_per_second + us_per_second) % us_per_second;
    std::string digits = std::to_string(us_per_second + fraction);
    digits.front() = '.';
    std::string text = format_timestamp(us);
    return text.insert(text.size() - 1, digits);
}

std::string format_http_date(std::int64_t us) {
    constexpr std::string_view days_of_week = "SunMonTueWedThuFriSat";
    constexpr std::string_view months_of_year = "JanFebMarAprMayJunJulAugSepOctNovDec";
    const auto day = split(us).day;
    const unsigned month_number{year_month_day{day}.month()};
    const std::string text = format_timestamp(us);
    return std::string(days_of_week.substr(std::size_t{weekday{day}.c_encoding()} * 3, 3)) + ", " + text.substr(8, 2) +
           " " + std::string(months_of_year.substr(std::size_t{month_number - 1} * 3, 3)) + " " + text.substr(0, 4) +
           " " + text.substr(11, 8) + " GMT";
}

std::optional<std::int64_t> parse_timestamp(std::string_view text) {
    Reader in(text);
    int y = 0, mo = 0, d = 0, h = 0, mi = 0, s = 0;
    std::int64_t fraction_us = 0;
    std::int64_t offset_minutes = 0;
    if (!in.digits(4, y) || !in.one_of("-") || !in.digits(2, mo) || !in.one_of("-") || !in.digits(2, d)) return {};
    if (!in.at_end()) {
        if (!in.one_of("Tt ") || !in.digits(2, h) || !in.one_of(":") || !in.digits(2, mi)) return {};
        if (in.one_of(":")) {
            if (!in.digits(2, s)) return {};
            if (in.one_of(".,") && !read_fraction(in, fraction_us)) return {};
        }
        char sign = 0;
        if (in.one_of("+-", &sign)) {
            int oh = 0, om = 0;
            if (!in.digits(2, oh)) return {};
            in.one_of(":");
            if (!in.at_end() && !in.digits(2, om)) return {};
            if (oh > 23 || om > 59) return {};
            offset_minutes = (oh * 60 + om) * (sign == '-' ? -1 : 1);
        } else {
            in.one_of("Zz");
        }
        if (!in.at_end()) return {};
    }
    const year_month_day date{year{y}, month{static_cast<unsigned>(mo)}, day{static_cast<unsigned>(d)}};
    if (!date.ok() || h > 23 || mi > 59 || s > 60) return {};
    const std::int64_t total = sys_days{date}.time_since_epoch().count() * 86'400LL + h * 3600 + mi * 60 + s;
    return (total - offset_minutes * 60) * us_per_second + fraction_us;
}

}  // namespace reprieve
