// The measuring program of scripts/bench. It generates catalogs, times lists and the disk, and acts as the clients of a
// server.

#include <cstdint>
#include <cstdio>
#include <exception>
#include <string>
#include <vector>

#include "tests/bench/disk_timing.hpp"
#include "tests/bench/list_timing.hpp"
#include "tests/bench/load_scripts.hpp"
#include "tests/bench/seed.hpp"

namespace {

using namespace reprieve::bench;

constexpr const char* usage =
    "reprieve_bench seed FOLDER IMAGES                    generates a catalog\n"
    "reprieve_bench lists FOLDER IMAGES                   times pages of a seeded catalog, in this process\n"
    "reprieve_bench views FOLDER IMAGES                   times pages that single projects see\n"
    "reprieve_bench disk FOLDER FILES                     times fdatasync and unlink\n"
    "reprieve_bench show PORT CLIENTS SECONDS IMAGES      sends GET for seeded images\n"
    "reprieve_bench get PORT CLIENTS SECONDS PATH...      sends GET for the paths\n"
    "reprieve_bench create-delete PORT CLIENTS SECONDS    creates and deletes images without data\n"
    "reprieve_bench fill-bin PORT CLIENTS IMAGES BYTES    creates, uploads and deletes IMAGES images\n";

int run(const std::vector<std::string>& words) {
    constexpr double no_end_s = 3600;
    const std::string& command = words.at(0);
    const auto number = [&](std::size_t i) { return static_cast<std::uint64_t>(std::stoull(words.at(i))); };
    if (command == "seed") {
        seed(words.at(1), number(2));
    } else if (command == "lists") {
        time_lists(words.at(1), number(2));
    } else if (command == "views") {
        time_views(words.at(1), number(2));
    } else if (command == "disk") {
        time_disk(words.at(1), number(2));
    } else {
        const auto port = static_cast<std::uint16_t>(number(1));
        const auto load = [&](const std::unique_ptr<Script>& script, double seconds) {
            run_load(port, number(2), seconds, *script);
            return 0;
        };
        if (command == "show") return load(show_images(number(4)), std::stod(words.at(3)));
        if (command == "get") return load(get_paths({words.begin() + 4, words.end()}), std::stod(words.at(3)));
        if (command == "create-delete") return load(create_and_delete(), std::stod(words.at(3)));
        if (command == "fill-bin") return load(fill_bin(number(3), number(4)), no_end_s);
        throw std::out_of_range(command);
    }
    return 0;
}

}  // namespace

int main(int count, char** arguments) {
    try {
        return run({arguments + 1, arguments + count});
    } catch (const std::out_of_range&) {
        std::fputs(usage, stderr);
        return 2;
    } catch (const std::exception& error) {
        std::fprintf(stderr, "reprieve_bench: %s\n", error.what());
        return 1;
    }
}
