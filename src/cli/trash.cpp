#include <iostream>

#include "base/clock.hpp"
#include "base/error.hpp"
#include "base/joined.hpp"
#include "base/percent_encoding.hpp"
#include "base/quantity.hpp"
#include "base/timestamp.hpp"
#include "base/uuid.hpp"
#include "cli/admin_connection.hpp"
#include "cli/commands.hpp"
#include "cli/console.hpp"

namespace reprieve::cli {
namespace {

using nlohmann::json;

std::string text(const json& object, const char* key) {
    const auto found = object.find(key);
    return found == object.end() || !found->is_string() ? "" : found->get<std::string>();
}

/// Returns all entries of the bin that match `filter`, such as "&name=…", from all pages of the list. An empty `filter`
/// matches all entries.
json whole_bin(AdminConnection& appliance, const std::string& filter) {
    json entries = json::array();
    std::string path = "/api/trash?limit=1000" + filter;
    while (!path.empty()) {
        const json page = appliance.request("GET", path).body;
        for (const json& entry : page.at("trash")) entries.push_back(entry);
        path = text(page, "next");
    }
    return entries;
}

/// Returns the id of the image in the bin whose id or name is `image`. Does not check that an id is in the bin. Throws
/// not_found if no image in the bin has the name, and conflict if several have it.
std::string id_of(AdminConnection& appliance, const std::string& image) {
    // The text is empty if a script uses an unset variable. It must not select images without a name.
    if (image.empty()) throw Error(ErrorKind::bad_request, "an IMAGE is empty: give an id or a name");
    if (is_canonical_uuid(image)) return image;
    const json entries = whole_bin(appliance, "&name=" + percent_encode(image));
    if (entries.size() == 1) return text(entries[0], "id");
    if (entries.empty()) throw Error(ErrorKind::not_found, "no image in the recycle bin is called '" + image + "'");
    throw Error(ErrorKind::conflict, std::to_string(entries.size()) + " images in the recycle bin are called '" +
                                         image + "': name one by its id");
}

std::string time_left(const json& entry) {
    const auto due = parse_timestamp(text(entry, "scrub_after"));
    return due ? human_duration(*due - SystemClock().now_us()) : "";
}

std::string blocked_reason(const json& entry) {
    const auto blocked = entry.find("blocked");
    return blocked == entry.end() || blocked->is_null() ? "" : text(*blocked, "reason");
}

std::string label(const json& entry) {
    const std::string name = text(entry, "name");
    return text(entry, "id") + (name.empty() ? "" : " (" + name + ")");
}

/// Calls `work` for every image. If a call fails, prints the failure and goes on with the next image. Returns the exit
/// status: 1 if a call failed.
template <typename Work>
int for_each(AdminConnection& appliance, const std::vector<std::string>& images, Work work) {
    int status = 0;
    for (const std::string& image : images) {
        try {
            work(id_of(appliance, image));
        } catch (const Error& error) {
            std::cerr << "reprieve: " << printable(error.what()) << '\n';
            status = 1;
        }
    }
    return status;
}

/// Returns true if --yes was given or the user confirms the question. Otherwise prints that nothing was scrubbed, and
/// returns false.
bool may_scrub(const Options& options, const std::string& question) {
    if (options.yes || confirm(question)) return true;
    std::cerr << "reprieve: nothing was scrubbed\n";
    return false;
}

}  // namespace

int trash_list(const Options& options) {
    AdminConnection appliance(options);
    const json entries = whole_bin(appliance, "");
    if (options.json) {
        std::cout << json{{"trash", entries}}.dump(2) << '\n';
        return 0;
    }
    if (entries.empty()) {
        std::cout << "The recycle bin is empty.\n";
        return 0;
    }
    std::vector<std::vector<std::string>> rows;
    for (const json& entry : entries) {
        rows.push_back({text(entry, "id"), text(entry, "name"), approximate_size(entry.value("size", std::uint64_t{0})),
                        text(entry, "deleted_at"), text(entry, "deleted_by"), time_left(entry), blocked_reason(entry)});
    }
    print_table({"ID", "NAME", "SIZE", "DELETED AT", "BY", "SCRUBBED IN", "BLOCKED"}, rows);
    return 0;
}

int trash_show(const Options& options, const std::string& image) {
    AdminConnection appliance(options);
    const json entry = appliance.request("GET", "/api/trash/" + id_of(appliance, image)).body;
    if (options.json) {
        std::cout << entry.dump(2) << '\n';
        return 0;
    }
    std::vector<std::vector<std::string>> rows;
    for (const auto& [name, value] : entry.items())
        rows.push_back({name, value.is_string() ? value.get<std::string>() : value.dump()});
    print_table({"FIELD", "VALUE"}, rows);
    return 0;
}

int trash_restore(const Options& options, const std::vector<std::string>& images) {
    AdminConnection appliance(options);
    return for_each(appliance, images, [&](const std::string& id) {
        const json image = appliance.request("POST", "/api/trash/" + id + "/restore").body;
        std::cout << (options.json ? image.dump() : "restored " + printable(label(image))) << '\n';
    });
}

int trash_purge(const Options& options, const std::vector<std::string>& images) {
    AdminConnection appliance(options);
    if (!may_scrub(options, "Scrub " + joined(images, ", ", printable) + " for good? It can never be restored."))
        return 1;
    return for_each(appliance, images, [&](const std::string& id) {
        const bool is_gone = appliance.request("DELETE", "/api/trash/" + id).status == 204;
        if (options.json)
            std::cout << json{{"id", id}, {"removed", is_gone}}.dump() << '\n';
        else
            std::cout << (is_gone ? "scrubbed " : "being scrubbed: ") << id << '\n';
    });
}

int trash_empty(const Options& options) {
    AdminConnection appliance(options);
    const std::size_t count = whole_bin(appliance, "").size();
    if (count > 0 && !may_scrub(options, "Scrub all " + std::to_string(count) +
                                             " image(s) of the recycle bin for good? They can never be restored."))
        return 1;
    const auto reply = appliance.request("DELETE", "/api/trash?all=true");
    if (options.json) {
        std::cout << reply.body.dump(2) << '\n';
    } else {
        std::cout << "scrubbed " << reply.body.at("images") << " image(s), "
                  << approximate_size(reply.body.at("bytes_freed").get<std::uint64_t>()) << " freed"
                  << (reply.status == 202 ? "; the rest is being scrubbed" : "") << '\n';
        for (const json& failure : reply.body.at("failed"))
            std::cerr << "reprieve: " << text(failure, "image_id") << ": " << text(failure, "reason") << '\n';
    }
    return reply.body.at("failures").get<std::uint64_t>() == 0 ? 0 : 1;
}

}  // namespace reprieve::cli
