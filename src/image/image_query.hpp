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

/// Comparison with a time. In a query all comparisons of a list must hold.
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
    deleted_at,  ///< only for the bin, like scrub_after: there is no index on it outside the bin
    scrub_after,
};

struct SortTerm {
    SortKey key = SortKey::created_at;
    bool descending = true;
};

/// A part of the images that a caller may see in a list: those that match all members that are set.
struct ViewPart {
    std::optional<std::string> owner;           ///< the project that owns the image
    std::optional<Visibility> visibility;       ///< the visibility of the image
    std::optional<std::string> member;          ///< a project that the image is shared with
    std::optional<MemberStatus> member_status;  ///< the answer of that project; nullopt: any answer
};

/// Query of a list of images. An image must match every filter that is set. Images with status deleted are never
/// listed.
struct ImageQuery {
    /// True: the list of the bin (images with status pending_delete or scrubbing). False: the images outside the bin.
    bool in_bin = false;

    std::optional<TextFilter> id, name, disk_format, container_format;
    std::optional<std::vector<Status>> status;  ///< one of these; pending_delete matches no image outside the bin
    std::optional<std::string> owner, checksum, os_hash_algo, os_hash_value;
    std::optional<Visibility> visibility;
    bool with_community = false;  ///< also other projects' community images, if no visibility is set
    std::optional<MemberStatus> member_status = MemberStatus::accepted;  ///< of shared images; nullopt: any
    std::optional<bool> is_protected, is_hidden;
    std::optional<std::int64_t> min_disk, min_ram;       ///< the image's value must be equal
    std::optional<std::uint64_t> size_min, size_max;     ///< bytes, inclusive
    std::vector<TimeComparison> created_at, updated_at;  ///< compared as whole seconds
    std::vector<std::string> tags;                       ///< the image must have all of them
    std::map<std::string, std::string> properties;       ///< the image must have all of them, with equal values
    std::optional<std::string> search;                   ///< part of the name, the id or a tag; ASCII case is ignored

    /// The parts of which the list consists; an image in several parts is listed once. nullopt: all images. Set by
    /// limit_to_visible().
    std::optional<std::vector<ViewPart>> view;

    /// The sort order: at least one term. created_at and id break ties, so that the order is total. A missing value
    /// (NULL) is less than all others.
    std::vector<SortTerm> sort{SortTerm{}};
    std::optional<std::string> marker;  ///< id of the last image of the previous page; nullopt: first page
    std::size_t limit = 25;             ///< maximum images on the page; 0: an empty page
};

}  // namespace reprieve
