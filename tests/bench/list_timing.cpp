#include "tests/bench/list_timing.hpp"

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <string_view>
#include <utility>
#include <vector>

#include "api/images/image_json.hpp"
#include "catalog/catalog.hpp"
#include "catalog/images/image_table.hpp"
#include "catalog/lists/image_list.hpp"
#include "image/access.hpp"
#include "tests/bench/seed.hpp"

namespace reprieve::bench {
namespace {

constexpr std::size_t page_images = 100;
constexpr int runs = 7;

constexpr std::pair<SortKey, const char*> sort_keys[] = {{SortKey::created_at, "created_at"},
                                                         {SortKey::updated_at, "updated_at"},
                                                         {SortKey::name, "name"},
                                                         {SortKey::id, "id"},
                                                         {SortKey::status, "status"},
                                                         {SortKey::size, "size"},
                                                         {SortKey::virtual_size, "virtual_size"},
                                                         {SortKey::disk_format, "disk_format"},
                                                         {SortKey::container_format, "container_format"},
                                                         {SortKey::visibility, "visibility"},
                                                         {SortKey::owner, "owner"},
                                                         {SortKey::min_disk, "min_disk"},
                                                         {SortKey::min_ram, "min_ram"},
                                                         {SortKey::checksum, "checksum"},
                                                         {SortKey::os_hash_value, "os_hash_value"},
                                                         {SortKey::is_protected, "protected"},
                                                         {SortKey::is_hidden, "os_hidden"}};

class ListTimer {
public:
    ListTimer(const std::string& folder, std::uint64_t images) : catalog_(folder), images_(images) {}

    void time_sort_keys() {
        for (const auto& [key, name] : sort_keys) {
            for (const bool descending : {false, true}) {
                const std::string label = std::string(name) + (descending ? " desc" : " asc");
                ImageQuery query;
                query.limit = page_images;
                query.sort = {{key, descending}};
                report("sort", label + ", first page", query);
                query.marker = marker_of_full_page(query);
                report("sort", label + ", in the middle", query);
                query.marker = marker_of_last_page(query);
                report("sort", label + ", last page", query);
            }
        }
    }

    void time_filters() {
        const Image probe = seeded_image(images_ / 2);
        filter("none", [](ImageQuery&) {});
        filter("id", [&](ImageQuery& q) { q.id = TextFilter{{probe.id}}; });
        filter("id in 20", [&](ImageQuery& q) {
            q.id = TextFilter{};
            for (std::uint64_t i = 0; i < 20; ++i) q.id->values.push_back(seeded_id(images_ * i / 20));
        });
        filter("name", [&](ImageQuery& q) { q.name = TextFilter{{*probe.name}}; });
        filter("status=active", [](ImageQuery& q) { q.status = {Status::active}; });
        filter("status=queued", [](ImageQuery& q) { q.status = {Status::queued}; });
        filter("status=saving (none)", [](ImageQuery& q) { q.status = {Status::saving}; });
        filter("visibility=public", [](ImageQuery& q) { q.visibility = Visibility::public_; });
        filter("visibility=shared", [](ImageQuery& q) { q.visibility = Visibility::shared; });
        filter("owner, large", [](ImageQuery& q) { q.owner = "project-0"; });
        filter("owner, small", [](ImageQuery& q) { q.owner = "project-999"; });
        filter("disk_format=qcow2", [](ImageQuery& q) { q.disk_format = TextFilter{{"qcow2"}}; });
        filter("disk_format=vhd", [](ImageQuery& q) { q.disk_format = TextFilter{{"vhd"}}; });
        filter("container_format=ovf", [](ImageQuery& q) { q.container_format = TextFilter{{"ovf"}}; });
        filter("checksum", [&](ImageQuery& q) { q.checksum = probe.checksum; });
        filter("os_hash_value", [&](ImageQuery& q) { q.os_hash_value = probe.os_hash_value; });
        filter("protected", [](ImageQuery& q) { q.is_protected = true; });
        filter("os_hidden", [](ImageQuery& q) { q.is_hidden = true; });
        filter("min_disk", [](ImageQuery& q) { q.min_disk = 190; });
        filter("size, broad", [](ImageQuery& q) { q.size_min = 1 << 20; });
        filter("size, narrow", [&](ImageQuery& q) {
            q.size_min = *probe.size - (*probe.size >> 7);
            q.size_max = *probe.size + (*probe.size >> 7);
        });
        filter("created_at, after the middle", [&](ImageQuery& q) {
            q.created_at = {{TimeComparison::Operator::greater, probe.created_at}};
        });
        filter("updated_at, before the middle", [&](ImageQuery& q) {
            q.updated_at = {{TimeComparison::Operator::less, probe.created_at}};
        });
        filter("tag, frequent", [](ImageQuery& q) { q.tags = {"tag-0"}; });
        filter("tag, rare", [](ImageQuery& q) { q.tags = {"tag-900"}; });
        filter("two tags", [](ImageQuery& q) { q.tags = {"tag-0", "tag-3"}; });
        filter("property, frequent", [](ImageQuery& q) { q.properties = {{"os_distro", "debian"}}; });
        filter("property, rare", [&](ImageQuery& q) { q.properties = {{"build", probe.properties.at("build")}}; });
        filter("two properties", [](ImageQuery& q) {
            q.properties = {{"os_distro", "cirros"}, {"architecture", "ppc64le"}};
        });
        filter("tag and visibility", [](ImageQuery& q) {
            q.tags = {"tag-7"};
            q.visibility = Visibility::public_;
        });
        filter("owner and status", [](ImageQuery& q) {
            q.owner = "project-500";
            q.status = {Status::deactivated};
        });
        filter("property of 3 %, and size", [](ImageQuery& q) {
            q.properties = {{"os_distro", "cirros"}}, q.size_min = 1 << 30;
        });
    }

    void time_views() {
        for (const auto& [project, sees] :
             {std::pair{"project-0", "sees many"}, {"project-999", "sees few"}, {"nobody", "sees none"}}) {
            const Caller who{.user = "u", .user_name = "u", .project = project, .is_admin = false};
            const auto view = [&, sees = sees](const std::string& label, const auto& change) {
                for (const auto& [key, name] : sort_keys) {
                    ImageQuery query;
                    query.limit = page_images;
                    query.sort = {{key, true}};
                    change(query);
                    limit_to_visible(who, query);
                    report("view", std::string(sees) + ", " + label + ", by " + name, query);
                }
            };
            view("no filter", [](ImageQuery&) {});
            view("visibility=all", [](ImageQuery& q) { q.with_community = true; });
            view("visibility=shared", [](ImageQuery& q) { q.visibility = Visibility::shared; });
            view("visibility=private", [](ImageQuery& q) { q.visibility = Visibility::private_; });
            view("owner, large", [](ImageQuery& q) { q.owner = "project-1"; });
            view("tag, frequent", [](ImageQuery& q) { q.tags = {"tag-0"}; });
            view("tag, rare", [](ImageQuery& q) { q.tags = {"tag-900"}; });
            view("property, frequent", [](ImageQuery& q) { q.properties = {{"os_distro", "debian"}}; });
            view("status=queued", [](ImageQuery& q) { q.status = {Status::queued}; });
        }
    }

private:
    using Clock = std::chrono::steady_clock;

    std::vector<Image> page(const ImageQuery& query) {
        return catalog_.read([&](catalog::Connection& db) { return catalog::list_images(db, query); });
    }

    /// Returns the first image, from the middle of the catalog on, that is followed by a full page.
    std::string marker_of_full_page(ImageQuery query) {
        for (std::uint64_t i = images_ / 2; i < images_; ++i) {
            query.marker = seeded_id(i);
            if (page(query).size() == page_images) break;
        }
        return *query.marker;
    }

    /// Returns the marker that is followed by exactly 100 images: the 101st image of the opposite order.
    std::string marker_of_last_page(ImageQuery query) {
        query.sort.front().descending = !query.sort.front().descending;
        query.marker.reset();
        query.limit = page_images + 1;
        return page(query).back().id;
    }

    template <typename Change>
    void filter(const std::string& label, const Change& change) {
        for (const auto& [key, name] : {std::pair{SortKey::created_at, "created_at"}, {SortKey::name, "name"}}) {
            ImageQuery query;
            query.limit = page_images;
            query.sort = {{key, true}};
            change(query);
            report("filter", label + ", by " + name, query);
        }
    }

    void report(const char* group, const std::string& label, const ImageQuery& query) {
        std::vector<double> times;
        const std::size_t found = page(query).size();
        for (int i = 0; i < runs; ++i) {
            const auto begin = Clock::now();
            api::JsonWriter json;
            json.begin_array();
            for (const Image& image : page(query)) api::write_image(json, image);
            const std::string text = json.end_array().take();
            times.push_back(std::chrono::duration<double, std::micro>(Clock::now() - begin).count());
        }
        std::ranges::sort(times);
        std::printf("{\"group\": \"%s\", \"case\": \"%s\", \"median_us\": %.1f, \"max_us\": %.1f, \"found\": %zu}\n",
                    group, label.c_str(), times[times.size() / 2], times.back(), found);
    }

    catalog::Catalog catalog_;
    const std::uint64_t images_;
};

}  // namespace

void time_lists(const std::string& folder, std::uint64_t images) {
    ListTimer timer(folder, images);
    timer.time_sort_keys();
    timer.time_filters();
}

void time_views(const std::string& folder, std::uint64_t images) { ListTimer(folder, images).time_views(); }

}  // namespace reprieve::bench
