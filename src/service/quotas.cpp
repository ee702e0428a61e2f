#include "service/quotas.hpp"

#include <algorithm>
#include <limits>

#include "base/error.hpp"

namespace reprieve::service {
namespace {

void require(std::uint64_t count, std::uint64_t limit, const std::string& who, const std::string& what,
             const std::string& setting) {
    if (limit == 0 || count <= limit) return;
    throw Error(ErrorKind::too_large, who + " would have " + std::to_string(count) + " " + what +
                                          ", including those in the recycle bin; at most " + std::to_string(limit) +
                                          " are allowed (" + setting + "): purge some, or ask for a higher limit");
}

std::uint64_t left(std::uint64_t count, std::uint64_t limit) {
    if (limit == 0) return std::numeric_limits<std::uint64_t>::max();
    return limit - std::min(limit, count);
}

std::string project_text(const catalog::Payers& payers) { return "the project '" + payers.project + "'"; }
std::string user_text(const catalog::Payers& payers) { return "the user '" + payers.user + "'"; }

}  // namespace

void Quotas::require_images(catalog::Connection& db, std::int64_t image_number) const {
    if (limits_.project_image_count == 0 && limits_.user_image_count == 0) return;
    const auto payers = catalog::payers_of(db, image_number);
    require(catalog::usage_of_project(db, payers.project).images, limits_.project_image_count, project_text(payers),
            "images", "limits.project_image_count");
    require(catalog::usage_of_user(db, payers.user).images, limits_.user_image_count, user_text(payers), "images",
            "limits.user_image_count");
}

void Quotas::require_bytes(catalog::Connection& db, std::int64_t image_number) const {
    if (!limits_bytes()) return;
    const auto payers = catalog::payers_of(db, image_number);
    require(catalog::usage_of_project(db, payers.project).bytes, limits_.project_bytes, project_text(payers), "bytes",
            "limits.project_bytes");
    require(catalog::usage_of_user(db, payers.user).bytes, limits_.user_bytes, user_text(payers), "bytes",
            "limits.user_bytes");
}

std::uint64_t Quotas::room(catalog::Connection& db, std::int64_t image_number) const {
    const auto payers = catalog::payers_of(db, image_number);
    return std::min(left(catalog::usage_of_project(db, payers.project).bytes, limits_.project_bytes),
                    left(catalog::usage_of_user(db, payers.user).bytes, limits_.user_bytes));
}

Quotas::Report Quotas::report(const std::string& project) const {
    Report report{.usage = {}, .uploads = 0, .limits = limits_};
    catalog_.read([&](catalog::Connection& db) {
        report.usage = catalog::usage_of_project(db, project);
        report.uploads = catalog::uploads_of_project(db, project);
    });
    return report;
}

}  // namespace reprieve::service
