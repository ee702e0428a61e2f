#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "image/member.hpp"
#include "image/status.hpp"

namespace reprieve {

/// Filter on a text: it must equal one of `values`, which is never empty.
struct TextFilter {
    std::vector<std::string> values;
};

/// Comparison of a time of an image with `time_us`. If a query has several of them, all must hold.
struct TimeComparison {
    enum class Operator { equal, not_equal, greater, greater_or_equal, less, less_or_equal };
    Operator op = Operator::equal;
    std::int64_t time_us = 0;  ///< microseconds since 1970 UTC
};

/// A column that a list can be sorted by. created_at sorts in the order of creation, even if the clock has jumped.
enum class SortKey {
    created_at,
    updated_at,
    name,
    id,
    status,
    size,
    disk_format,
    container_format,
    visibility,
    owner,
    min_disk,
    min_ram,
    checksum,
    os_hash_value,
    is_protected,
    is_hidden,
    virtual_size,
    deleted_at,  ///< only for lists of the bin, like scrub_after: images outside the bin have no index on it
    scrub_after,
};

struct SortTerm {
    SortKey key = SortKey::created_at;
    bool descending = true;
};

/// One group of images that a caller may see in a list: the images that match each field that is set.
struct ViewPart {
    std::optional<std::string> owner;           ///< the project that owns the image
    std::optional<Visibility> visibility;       ///< the visibility of the image
    std::optional<std::string> member;          ///< a project that the image is shared with
    std::optional<MemberStatus> member_status;  ///< the answer of that project; nullopt: any answer
};

/// Query of a list of images. An image must match every filter that is set. `member_status` concerns only images that
/// are shared with the caller's project: it is the answer that the project gave. Images with status deleted are never
/// listed.
struct ImageQuery {
    /// True: the list of the bin (images with status pending_delete or scrubbing). False: the images outside the bin.
    bool in_bin = false;

    std::optional<TextFilter> id, name, disk_format, container_format;
    std::optional<std::vector<Status>> status;  ///< one of these; pending_delete matches no image outside the bin
    std::optional<std::string> owner, checksum, os_hash_algo, os_hash_value;
    std::optional<Visibility> visibility;
    bool with_community = false;  ///< list other projects' community images too; unused if `visibility` is set
    std::optional<MemberStatus> member_status = MemberStatus::accepted;  ///< the caller's answer; nullopt: any
    std::optional<bool> is_protected, is_hidden;
    std::optional<std::int64_t> min_disk, min_ram;       ///< the image's value must be equal
    std::optional<std::uint64_t> size_min, size_max;     ///< bytes, inclusive
    std::vector<TimeComparison> created_at, updated_at;  ///< compared as whole seconds
    std::vector<std::string> tags;                       ///< the image must have all of them
    std::map<std::string, std::string> properties;       ///< the image must have all of them, with equal values
    std::optional<std::string> search;                   ///< part of the name, the id or a tag; ASCII case is ignored

    /// The groups of images that the caller may see; limit_to_visible() sets them. The list contains the images of all
    /// groups, each image once. nullopt: the caller may see all images.
    std::optional<std::vector<ViewPart>> view;

    /// The sort order: at least one term. Images that are equal in all terms are sorted by created_at and id, so that
    /// the order is total. A missing value (NULL) is less than all other values.
    std::vector<SortTerm> sort{SortTerm{}};
    std::optional<std::string> marker;  ///< id of the last image of the previous page; nullopt: first page
    std::size_t limit = 25;             ///< maximum images on the page; 0: an empty page
};

}  // namespace reprieve
