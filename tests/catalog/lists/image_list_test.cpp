#include <algorithm>
#include <boost/test/unit_test.hpp>
#include <map>
#include <random>
#include <tuple>

#include "base/ascii_case.hpp"
#include "base/error.hpp"
#include "catalog/images/member_table.hpp"
#include "catalog/lists/list_page.hpp"
#include "tests/catalog/catalog_fixture.hpp"

using namespace reprieve;
using namespace reprieve::tests;

BOOST_AUTO_TEST_SUITE(image_list)

namespace {

using Random = std::mt19937;

std::size_t below(Random& random, std::size_t end) { return random() % end; }
bool chance(Random& random, std::size_t percent) { return below(random, 100) < percent; }

constexpr std::array sort_keys{
    SortKey::created_at,   SortKey::updated_at,    SortKey::name,         SortKey::id,
    SortKey::status,       SortKey::size,          SortKey::disk_format,  SortKey::container_format,
    SortKey::visibility,   SortKey::owner,         SortKey::min_disk,     SortKey::min_ram,
    SortKey::checksum,     SortKey::os_hash_value, SortKey::is_protected, SortKey::is_hidden,
    SortKey::virtual_size, SortKey::deleted_at,    SortKey::scrub_after};

std::optional<std::string> maybe_text(Random& random, const char* prefix, std::size_t kinds) {
    if (chance(random, 20)) return std::nullopt;
    return prefix + std::to_string(below(random, kinds));
}

// Each field has few possible values, so many images are equal in a sort key. The clock sometimes goes back.
Image random_image(Random& random, std::int64_t& clock) {
    Image image;
    image.id = new_uuid();
    image.name = maybe_text(random, "name ", 12);
    if (chance(random, 5)) image.name = "";
    image.status = static_cast<Status>(below(random, 6));
    image.visibility = static_cast<Visibility>(below(random, 4));
    image.owner = "project " + std::to_string(below(random, 3));
    image.is_protected = chance(random, 30);
    image.is_hidden = chance(random, 30);
    image.min_disk = static_cast<std::int64_t>(below(random, 4));
    image.min_ram = static_cast<std::int64_t>(below(random, 4));
    image.disk_format = maybe_text(random, "format ", 3);
    image.container_format = maybe_text(random, "container ", 2);
    if (chance(random, 70)) image.size = below(random, 20) * 1000;
    if (chance(random, 50)) image.virtual_size = below(random, 20) * 1000;
    image.checksum = maybe_text(random, "sum ", 30);
    image.os_hash_algo = maybe_text(random, "sha", 2);
    image.os_hash_value = maybe_text(random, "hash ", 30);
    clock += chance(random, 10) ? -5'000'000 : chance(random, 50) ? 100'000 : 1'300'000;
    image.created_at = clock;
    image.updated_at = clock + static_cast<std::int64_t>(below(random, 5)) * 1'000'000;
    for (const char* tag : {"blue", "green", "red"})
        if (chance(random, 30)) image.tags.push_back(tag);
    for (const char* name : {"arch", "os"})
        if (chance(random, 50)) image.properties[name] = "value " + std::to_string(below(random, 3));
    if (chance(random, 30))
        image = in_bin(std::move(image), clock + static_cast<std::int64_t>(below(random, 3)), clock + 7);
    if (image.deletion && chance(random, 20)) image.status = Status::scrubbing;
    if (image.deletion && chance(random, 10)) image.deletion->in_bin = false;
    if (image.deletion && chance(random, 10)) image.status = Status::deleted;
    return image;
}

// Value of an image in one sort key. Unset values are the smallest.
using Rank = std::tuple<bool, std::int64_t, std::string>;
Rank rank(const std::optional<std::string>& text) { return {text.has_value(), 0, text.value_or("")}; }
Rank rank(const std::optional<std::uint64_t>& number) {
    return {number.has_value(), static_cast<std::int64_t>(number.value_or(0)), ""};
}
Rank number_rank(std::int64_t number) { return {true, number, ""}; }

Rank rank_of(const Image& image, SortKey key) {
    switch (key) {
        case SortKey::created_at:
            return number_rank(image.number);
        case SortKey::updated_at:
            return number_rank(image.updated_at);
        case SortKey::name:
            return rank(image.name);
        case SortKey::id:
            return rank(std::optional(image.id));
        case SortKey::status:
            return number_rank(static_cast<int>(image.status));
        case SortKey::size:
            return rank(image.size);
        case SortKey::disk_format:
            return rank(image.disk_format);
        case SortKey::container_format:
            return rank(image.container_format);
        case SortKey::visibility:
            return number_rank(static_cast<int>(image.visibility));
        case SortKey::owner:
            return rank(std::optional(image.owner));
        case SortKey::min_disk:
            return number_rank(image.min_disk);
        case SortKey::min_ram:
            return number_rank(image.min_ram);
        case SortKey::checksum:
            return rank(image.checksum);
        case SortKey::os_hash_value:
            return rank(image.os_hash_value);
        case SortKey::is_protected:
            return number_rank(image.is_protected ? 1 : 0);
        case SortKey::is_hidden:
            return number_rank(image.is_hidden ? 1 : 0);
        case SortKey::virtual_size:
            return rank(image.virtual_size);
        case SortKey::deleted_at:
            return image.deletion ? number_rank(image.deletion->deleted_at) : Rank{false, 0, ""};
        case SortKey::scrub_after:
            return image.deletion ? number_rank(image.deletion->scrub_after) : Rank{false, 0, ""};
    }
    return {};
}

/// Compares times in whole seconds, as the filters of the list do.
bool holds(TimeComparison wanted, std::int64_t value) {
    wanted.time_us /= 1'000'000;
    value /= 1'000'000;
    using Operator = TimeComparison::Operator;
    switch (wanted.op) {
        case Operator::equal:
            return value == wanted.time_us;
        case Operator::not_equal:
            return value != wanted.time_us;
        case Operator::greater:
            return value > wanted.time_us;
        case Operator::greater_or_equal:
            return value >= wanted.time_us;
        case Operator::less:
            return value < wanted.time_us;
        case Operator::less_or_equal:
            return value <= wanted.time_us;
    }
    return false;
}

bool is_one_of(const std::optional<TextFilter>& filter, const std::optional<std::string>& value) {
    if (!filter) return true;
    return value && std::find(filter->values.begin(), filter->values.end(), *value) != filter->values.end();
}

template <typename T, typename U>
bool equals(const std::optional<T>& wanted, const U& value) {
    return !wanted || value == *wanted;
}

/// Status of a member, by the id of the image and the id of the project.
using Members = std::map<std::pair<std::string, std::string>, MemberStatus>;

bool is_seen(const Image& image, const ImageQuery& query, const Members& members) {
    if (!query.view) return true;
    return std::any_of(query.view->begin(), query.view->end(), [&](const ViewPart& part) {
        if (!equals(part.owner, image.owner) || !equals(part.visibility, image.visibility)) return false;
        if (!part.member) return true;
        const auto member = members.find({image.id, *part.member});
        return member != members.end() && equals(part.member_status, member->second);
    });
}

bool has_part(const Image& image, const std::string& part) {
    const auto holds_it = [&](const std::string& text) { return to_lower(text).find(to_lower(part)) != text.npos; };
    return holds_it(image.name.value_or("")) || holds_it(image.id) ||
           std::any_of(image.tags.begin(), image.tags.end(), holds_it);
}

bool is_listed(const Image& image, const ImageQuery& query, const Members& members) {
    if (image.status == Status::deleted || !is_seen(image, query, members)) return false;
    const bool binned = image.status == Status::pending_delete || image.status == Status::scrubbing;
    if (query.in_bin != binned || (binned && !image.deletion->in_bin)) return false;
    if (query.status) {
        const Status shown = binned ? Status::pending_delete : image.status;
        if (std::find(query.status->begin(), query.status->end(), shown) == query.status->end()) return false;
    }
    const auto all = [](const auto& list, const auto& test) { return std::all_of(list.begin(), list.end(), test); };
    return is_one_of(query.id, image.id) && is_one_of(query.name, image.name) &&
           is_one_of(query.disk_format, image.disk_format) &&
           is_one_of(query.container_format, image.container_format) && equals(query.owner, image.owner) &&
           equals(query.checksum, image.checksum) && equals(query.os_hash_algo, image.os_hash_algo) &&
           equals(query.os_hash_value, image.os_hash_value) && equals(query.visibility, image.visibility) &&
           equals(query.is_protected, image.is_protected) && equals(query.is_hidden, image.is_hidden) &&
           equals(query.min_disk, image.min_disk) && equals(query.min_ram, image.min_ram) &&
           (!query.size_min || (image.size && *image.size >= *query.size_min)) &&
           (!query.size_max || (image.size && *image.size <= *query.size_max)) &&
           (!query.search || has_part(image, *query.search)) &&
           all(query.created_at, [&](const auto& test) { return holds(test, image.created_at); }) &&
           all(query.updated_at, [&](const auto& test) { return holds(test, image.updated_at); }) &&
           all(query.tags,
               [&](const auto& tag) {
                   return std::find(image.tags.begin(), image.tags.end(), tag) != image.tags.end();
               }) &&
           all(query.properties, [&](const auto& wanted) {
               const auto found = image.properties.find(wanted.first);
               return found != image.properties.end() && found->second == wanted.second;
           });
}

bool is_before(const Image& left, const Image& right, const std::vector<SortTerm>& sort) {
    for (const auto& term : sort) {
        const Rank one = rank_of(left, term.key), other = rank_of(right, term.key);
        if (one != other) return (one < other) != term.descending;
    }
    return (left.number < right.number) != sort.back().descending;
}

std::vector<std::string> expected_ids(std::vector<Image> images, const ImageQuery& query, const Members& members) {
    std::erase_if(images, [&](const Image& image) { return !is_listed(image, query, members); });
    std::sort(images.begin(), images.end(),
              [&](const Image& left, const Image& right) { return is_before(left, right, query.sort); });
    std::vector<std::string> ids;
    for (const auto& image : images) ids.push_back(image.id);
    return ids;
}

using Page = std::function<std::vector<std::string>(const ImageQuery&)>;

std::vector<std::string> ids_of_all_pages(const Page& page, ImageQuery query) {
    std::vector<std::string> ids;
    while (true) {
        const auto some = page(query);
        ids.insert(ids.end(), some.begin(), some.end());
        if (some.size() < query.limit) return ids;
        query.marker = ids.back();
    }
}

TimeComparison random_comparison(Random& random, const Image& image) {
    return {static_cast<TimeComparison::Operator>(below(random, 6)), image.created_at};
}

std::string random_project(Random& random) { return "project " + std::to_string(below(random, 3)); }

std::vector<ViewPart> random_view(Random& random) {
    std::vector<ViewPart> view;
    for (auto parts = 1 + below(random, 4); parts > 0; --parts) {
        ViewPart& part = view.emplace_back();
        if (chance(random, 40)) part.owner = random_project(random);
        if (chance(random, 40)) part.visibility = static_cast<Visibility>(below(random, 4));
        if (chance(random, 30)) part.member = random_project(random);
        if (chance(random, 70)) part.member_status = static_cast<MemberStatus>(below(random, 3));
    }
    return view;
}

/// Returns a text that somebody could search: a part of an id, of a name or of a tag, in either case, or a character
/// that is special in SQL patterns.
std::string random_part(Random& random, const Image& image) {
    const std::array<std::string, 6> parts{image.id.substr(below(random, 30), 2), "AME 1", "gREe", "e_", "%", "\\"};
    return parts.at(below(random, parts.size()));
}

ImageQuery random_query(Random& random, const std::vector<Image>& images) {
    const auto any = [&]() -> const Image& { return images[below(random, images.size())]; };
    const auto texts = [&](auto member) {
        TextFilter filter{{std::optional<std::string>(any().*member).value_or("none")}};
        if (chance(random, 50)) filter.values.push_back(std::optional<std::string>(any().*member).value_or("nothing"));
        return filter;
    };
    const auto any_shown_status = [&] {
        const Status status = any().status;
        return status == Status::scrubbing ? Status::pending_delete : status;
    };
    ImageQuery query;
    query.in_bin = chance(random, 30);
    query.sort.clear();
    const auto terms = 1 + below(random, 3);
    while (query.sort.size() < terms)
        query.sort.push_back({sort_keys[below(random, sort_keys.size())], chance(random, 50)});
    query.limit = 1 + below(random, 40);
    const std::size_t percent = chance(random, 30) ? 0 : 8;
    if (chance(random, percent)) query.id = texts(&Image::id);
    if (chance(random, percent)) query.name = texts(&Image::name);
    if (chance(random, percent)) query.disk_format = texts(&Image::disk_format);
    if (chance(random, percent)) query.container_format = texts(&Image::container_format);
    if (chance(random, percent)) query.status = {any_shown_status(), any_shown_status()};
    if (chance(random, percent)) query.owner = any().owner;
    if (chance(random, percent)) query.checksum = any().checksum;
    if (chance(random, percent)) query.os_hash_algo = any().os_hash_algo;
    if (chance(random, percent)) query.os_hash_value = any().os_hash_value;
    if (chance(random, percent)) query.visibility = any().visibility;
    if (chance(random, percent)) query.is_protected = chance(random, 50);
    if (chance(random, percent)) query.is_hidden = chance(random, 50);
    if (chance(random, percent)) query.min_disk = any().min_disk;
    if (chance(random, percent)) query.min_ram = any().min_ram;
    if (chance(random, percent)) query.size_min = any().size;
    if (chance(random, percent)) query.size_max = chance(random, 10) ? UINT64_MAX : any().size;
    if (chance(random, percent))
        query.created_at = {random_comparison(random, any()), random_comparison(random, any())};
    if (chance(random, percent)) query.updated_at = {random_comparison(random, any())};
    if (chance(random, percent)) query.tags = any().tags;
    if (chance(random, percent)) query.properties = any().properties;
    if (chance(random, percent)) query.search = random_part(random, any());
    if (chance(random, 60)) query.view = random_view(random);
    return query;
}

struct ManyImages : CatalogFixture {
    Random random{20240607};
    std::vector<Image> images;
    Members members;

    explicit ManyImages(std::size_t count = 600) {
        std::int64_t clock = 1'700'000'000'000'000;
        catalog.write([&](catalog::Connection& db) {
            for (std::size_t i = 0; i < count; ++i) {
                images.push_back(random_image(random, clock));
                catalog::insert_image(db, images.back());
                if (chance(random, 40)) add_member(db, images.back());
            }
        });
    }

    void add_member(catalog::Connection& db, const Image& image) {
        const ImageMember member{random_project(random), static_cast<MemberStatus>(below(random, 3)), 1, 1};
        catalog::insert_member(db, image.number, member);
        members.emplace(std::pair(image.id, member.member), member.status);
    }

    void require_right_pages(const ImageQuery& query) {
        catalog.read([&](catalog::Connection& db) {
            const Page page = [&](const ImageQuery& asked) {
                std::vector<std::string> ids;
                for (const auto& image : catalog::list_images(db, asked)) ids.push_back(image.id);
                return ids;
            };
            BOOST_TEST(ids_of_all_pages(page, query) == expected_ids(images, query, members),
                       boost::test_tools::per_element());
        });
    }

    void require_right_pages(const ImageQuery& query, const catalog::PlanLimits& limits) {
        catalog.read([&](catalog::Connection& db) {
            const Page page = [&](const ImageQuery& asked) {
                std::vector<std::string> ids;
                for (const auto number : catalog::find_page(db, asked, limits))
                    ids.push_back(images.at(static_cast<std::size_t>(number - 1)).id);
                return ids;
            };
            BOOST_TEST(ids_of_all_pages(page, query) == expected_ids(images, query, members),
                       boost::test_tools::per_element());
        });
    }
};

}  // namespace

BOOST_FIXTURE_TEST_CASE(pages_visit_every_image_once_in_order_by_each_key_and_direction, ManyImages) {
    for (const bool in_bin : {false, true})
        for (const auto key : sort_keys)
            for (const bool descending : {false, true}) {
                ImageQuery query;
                query.in_bin = in_bin;
                query.sort = {{key, descending}};
                query.limit = 7;
                require_right_pages(query);
            }
}

BOOST_FIXTURE_TEST_CASE(any_filters_and_any_order_give_what_a_plain_search_gives, ManyImages) {
    for (int i = 0; i < 1500; ++i) require_right_pages(random_query(random, images));
}

// The limits make queries of a small catalog use the plans that a large one needs.
BOOST_FIXTURE_TEST_CASE(every_way_to_find_a_page_finds_the_same, ManyImages) {
    const std::array<catalog::PlanLimits, 4> ways{{{0, 3, 15, 10'000, 10'000, 2.0, 0},
                                                   {0, 3, 5, 10'000, 20, 2.0, 0},
                                                   {0, 0, 1, 60, 10'000, 0.5, 100},
                                                   {0, 0, 1, 1, 1, 0.0, 0}}};
    for (int i = 0; i < 1200; ++i)
        require_right_pages(random_query(random, images), ways[static_cast<std::size_t>(i) % ways.size()]);
}

BOOST_AUTO_TEST_SUITE_END()
