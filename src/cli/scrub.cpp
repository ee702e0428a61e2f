#include <chrono>
#include <iostream>
#include <thread>

#include "base/quantity.hpp"
#include "cli/admin_connection.hpp"
#include "cli/commands.hpp"
#include "cli/console.hpp"

namespace reprieve::cli {
namespace {

using nlohmann::json;

constexpr std::chrono::milliseconds scrub_poll_interval{200};

/// Shows the progress of the scrub pass `started` until the pass ends, and returns the pass with its result. Returns
/// `started` unchanged if the appliance has no record of the pass.
json follow(AdminConnection& appliance, const json& started) {
    for (;;) {
        const json state = appliance.request("GET", "/api/scrubber").body;
        const json& running = state.at("running");
        if (!running.is_object() || running.at("id") != started.at("id")) {
            for (const json& run : state.at("last_runs")) {
                if (run.at("id") == started.at("id")) return run;
            }
            return started;
        }
        show_progress(running.at("images").dump() + " images scrubbed");
        std::this_thread::sleep_for(scrub_poll_interval);
    }
}

void print_report(const json& report, bool dry_run) {
    if (const std::string held = report.value("held", ""); !held.empty())
        std::cout << "no scrub may run now: " << held << '\n';
    std::cout << (dry_run ? "would scrub " : "scrubbed ") << report.at("images") << " image(s), "
              << approximate_size(report.at("bytes_freed").get<std::uint64_t>()) << (dry_run ? " to free" : " freed")
              << '\n';
    for (const json& id : report.value("image_ids", json::array())) std::cout << "  " << id.get<std::string>() << '\n';
    for (const json& failure : report.value("failed", json::array()))
        std::cerr << "reprieve: " << failure.at("image_id").get<std::string>() << ": "
                  << failure.at("reason").get<std::string>() << '\n';
}

}  // namespace

int scrub(const Options& options, bool dry_run) {
    AdminConnection appliance(options);
    auto reply = appliance.request("POST", "/api/scrubber/run", json{{"dry_run", dry_run}}.dump());
    if (reply.status == 202) reply.body = follow(appliance, reply.body);
    show_progress("");
    if (options.json)
        std::cout << reply.body.dump(2) << '\n';
    else
        print_report(reply.body, dry_run);
    return reply.body.at("failures").get<std::uint64_t>() == 0 ? 0 : 1;
}

}  // namespace reprieve::cli
