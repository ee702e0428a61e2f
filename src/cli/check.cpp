#include <chrono>
#include <iostream>
#include <thread>

#include "cli/admin_connection.hpp"
#include "cli/commands.hpp"
#include "cli/console.hpp"

namespace reprieve::cli {
namespace {

using nlohmann::json;

constexpr std::chrono::milliseconds check_poll_interval{100};

void print_findings(const json& result) {
    for (const json& finding : result.at("first_findings")) {
        const std::string repair = finding.at("repair").get<std::string>();
        std::cout << finding.at("kind").get<std::string>() << ": image " << finding.at("image_id").get<std::string>()
                  << " in the store '" << finding.at("store").get<std::string>()
                  << "': " << finding.at("detail").get<std::string>() << (repair.empty() ? "" : "; " + repair) << '\n';
    }
    std::cout << "catalog: " << result.at("catalog").get<std::string>() << "\nchecked " << result.at("checked")
              << ", found " << result.at("findings") << " difference(s)\n";
    if (const std::string error = result.at("error"); !error.empty())
        std::cerr << "reprieve: the check ended early: " << error << '\n';
}

bool is_mended(const json& result) {
    for (const json& finding : result.at("first_findings")) {
        if (finding.at("kind") != "orphaned" || finding.at("repair").get<std::string>().empty()) return false;
    }
    return result.at("findings") == result.at("first_findings").size();
}

}  // namespace

int check(const Options& options, bool repair) {
    AdminConnection appliance(options);
    json result = appliance.request("POST", "/api/check", json{{"repair", repair}}.dump()).body;
    while (result.at("running").get<bool>()) {
        show_progress("checked " + result.at("checked").dump() + " of about " + result.at("expected").dump());
        std::this_thread::sleep_for(check_poll_interval);
        result = appliance.request("GET", "/api/check").body;
    }
    show_progress("");
    if (options.json)
        std::cout << result.dump(2) << '\n';
    else
        print_findings(result);
    const bool is_fine =
        result.at("catalog") == "ok" && result.at("error").get<std::string>().empty() && is_mended(result);
    return is_fine ? 0 : 1;
}

}  // namespace reprieve::cli
