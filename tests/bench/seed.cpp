#include "tests/bench/seed.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <filesystem>
#include <string_view>

#include "base/clock.hpp"
#include "catalog/catalog.hpp"
#include "catalog/images/image_table.hpp"
#include "catalog/images/member_table.hpp"

namespace reprieve::bench {
namespace {

constexpr std::uint64_t images_a_transaction = 20'000;
constexpr std::int64_t first_created_at = 1'600'000'000 * us_per_second;
constexpr std::uint64_t mib = 1 << 20;

/// Random numbers by SplitMix64 (Steele, Lea, Flood 2014).
class Random {
public:
    explicit Random(std::uint64_t seed) : state_(seed * 0x9E3779B97F4A7C15U) {}

    std::uint64_t next() {
        std::uint64_t z = state_ += 0x9E3779B97F4A7C15U;
        z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9U;
        z = (z ^ (z >> 27)) * 0x94D049BB133111EBU;
        return z ^ (z >> 31);
    }
    std::uint64_t below(std::uint64_t end) { return next() % end; }
    double fraction() { return static_cast<double>(next() >> 11) * 0x1p-53; }
    /// Returns a number below `end`. Small numbers are far more frequent than large ones.
    std::uint64_t skewed_below(std::uint64_t end) {
        const double x = fraction();
        return static_cast<std::uint64_t>(x * x * x * static_cast<double>(end));
    }
    std::string hex(std::size_t digits) {
        std::string text;
        while (text.size() < digits) {
            std::uint64_t bits = next();
            for (int i = 0; i < 16 && text.size() < digits; ++i, bits >>= 4) text += "0123456789abcdef"[bits & 15];
        }
        return text;
    }

private:
    std::uint64_t state_;
};

constexpr std::array<std::string_view, 12> systems{"debian", "ubuntu", "fedora",  "centos",  "alpine",  "rocky",
                                                   "suse",   "arch",   "freebsd", "windows", "flatcar", "cirros"};
constexpr std::array<std::string_view, 3> architectures{"x86_64", "aarch64", "ppc64le"};
constexpr std::array<std::string_view, 4> buses{"virtio", "scsi", "ide", "sata"};

std::string numbered(std::string_view prefix, std::uint64_t number) {
    return std::string(prefix) + std::to_string(number);
}

void set_format(Image& image, Random& random) {
    const auto dice = random.below(100);
    image.disk_format = dice < 60 ? "qcow2" : dice < 85 ? "raw" : dice < 92 ? "iso" : dice < 97 ? "vmdk" : "vhd";
    image.container_format = random.below(100) < 97 ? "bare" : "ovf";
}

void set_data(Image& image, Random& random) {
    // Sizes from 1 MiB to 100 GiB; every power of two is equally frequent.
    image.size = mib * static_cast<std::uint64_t>(std::exp2(random.fraction() * 16.6)) + random.below(mib);
    image.virtual_size = image.disk_format == "iso" ? *image.size : (1 + random.skewed_below(100)) * 1024 * mib;
    image.checksum = random.hex(32);
    image.os_hash_algo = "sha512";
    image.os_hash_value = random.hex(128);
    image.locations = {{.store = "local",
                        .uri = "file:" + image.id,
                        .state = Location::State::stored,
                        .size = *image.size,
                        .last_error = {}}};
}

}  // namespace

std::string seeded_id(std::uint64_t number) {
    Random random(number + (std::uint64_t{1} << 40));
    const std::string hex = random.hex(30);
    return hex.substr(0, 8) + '-' + hex.substr(8, 4) + "-4" + hex.substr(12, 3) + "-a" + hex.substr(15, 3) + '-' +
           hex.substr(18, 12);
}

Image seeded_image(std::uint64_t number) {
    Random random(number);
    Image image;
    image.id = seeded_id(number);
    const std::string system(systems[random.skewed_below(systems.size())]);
    const std::string version = numbered("", 1 + random.skewed_below(40));
    image.name = system + '-' + version + '-' + random.hex(6);
    const auto life = random.below(100);
    image.status = life < 1 ? Status::queued : life < 4 ? Status::deactivated : Status::active;
    const auto seen = random.below(100);
    image.visibility = seen < 5    ? Visibility::public_
                       : seen < 15 ? Visibility::community
                       : seen < 70 ? Visibility::shared
                                   : Visibility::private_;
    image.owner = numbered("project-", random.skewed_below(1000));
    image.is_protected = random.below(100) < 2;
    image.is_hidden = random.below(100) < 3;
    image.min_disk = static_cast<std::int64_t>(10 * random.skewed_below(20));
    image.min_ram = static_cast<std::int64_t>(512 * random.skewed_below(32));
    set_format(image, random);
    if (image.status != Status::queued) set_data(image, random);
    image.created_at = first_created_at + static_cast<std::int64_t>(number) * 60 * us_per_second;
    image.updated_at = image.created_at + static_cast<std::int64_t>(random.skewed_below(10'000'000)) * us_per_second;
    image.properties = {{"os_distro", system},
                        {"os_version", version},
                        {"architecture", std::string(architectures[random.skewed_below(architectures.size())])},
                        {"hw_disk_bus", std::string(buses[random.skewed_below(buses.size())])},
                        {"build", numbered("build-", number / 3)}};
    const auto tag = random.skewed_below(500);
    image.tags = {numbered("tag-", tag), numbered("tag-", tag + 1 + random.skewed_below(500))};
    std::ranges::sort(image.tags);
    return image;
}

std::optional<ImageMember> seeded_member(const Image& image, std::uint64_t number) {
    if (image.visibility != Visibility::shared || number % 10 != 0) return std::nullopt;
    return ImageMember{numbered("project-", (number / 10) % 1000), MemberStatus::accepted, image.created_at,
                       image.created_at};
}

void seed(const std::string& folder, std::uint64_t count) {
    std::filesystem::create_directories(folder);
    catalog::Catalog catalog(folder);
    for (std::uint64_t first = 0; first < count; first += images_a_transaction) {
        catalog.write([&](catalog::Connection& db) {
            if (first == 0)
                db.execute_script("PRAGMA cache_size = -524288");  // 512 MiB: index entries come in no order
            for (std::uint64_t i = first; i < std::min(count, first + images_a_transaction); ++i) {
                Image image = seeded_image(i);
                catalog::insert_image(db, image);
                if (const auto member = seeded_member(image, i)) catalog::insert_member(db, image.number, *member);
            }
        });
    }
}

}  // namespace reprieve::bench
