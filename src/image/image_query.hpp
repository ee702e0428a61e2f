#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "image/member.hpp"
#include "image/status.hpp"

namespace reprieve {

/// A filter on a text: equal to one of `values` (never empty).
struct TextFilter {
    std::vector<std::string> values;
};

/// A comparison with a time; in a query all of a list must hold.
struct TimeComparison {
    enum class Operator { equal, not_equal, greater, greater_or_equal, less, less_or_equal };
    Operator op = Operator::equal;
    std::int64_t time_us = 0;
};

/// The columns that a list can be sorted by. created_at sorts in the order of creation, also where the
/// clock has jumped in between.
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
    deleted_at,  ///< for the bin alone, as scrub_after: outside it no index has it
    scrub_after,
};

struct SortTerm {
    SortKey key = SortKey::created_at;
    bool descending = true;
};

/// A part of what a caller may see in a list: the images to which all applies that is set.
struct ViewPart {
    std::optional<std::string> owner;           ///< they are this project's
    std::optional<Visibility> visibility;       ///< this is their visibility
    std::optional<std::string> member;          ///< they are shared with this project …
    std::optional<MemberStatus> member_status;  ///< … which has said this; nothing: whatever it has said
};

/// What a list asks for. Every filter that is set must hold. Images with status deleted are never listed.
struct ImageQuery {
    /// The images in the bin (pending_delete and scrubbing, shown there) instead of those outside it.
    bool in_bin = false;

    std::optional<TextFilter> id, name, disk_format, container_format;
    std::optional<std::vector<Status>> status;  ///< pending_delete finds nothing outside the bin
    std::optional<std::string> owner, checksum, os_hash_algo, os_hash_value;
    std::optional<Visibility> visibility;
    bool with_community = false;  ///< the community images of other projects too, where no visibility is asked for
    std::optional<MemberStatus> member_status = MemberStatus::accepted;  ///< of what is shared; nothing: any
    std::optional<bool> is_protected, is_hidden;
    std::optional<std::int64_t> min_disk, min_ram;       ///< equal
    std::optional<std::uint64_t> size_min, size_max;     ///< inclusive
    std::vector<TimeComparison> created_at, updated_at;  ///< by their whole second
    std::vector<std::string> tags;                       ///< all of them
    std::map<std::string, std::string> properties;       ///< all of them, equal
    std::optional<std::string> search;                   ///< a part of the name, the id or a tag; A is a, in ASCII

    /// The parts that the list may hold, each image once; nothing: all images. See limit_to_visible().
    std::optional<std::vector<ViewPart>> view;

    /// At least one; ties are broken by created_at and id, so that the order is total. An empty value
    /// (NULL) sorts before all others.
    std::vector<SortTerm> sort{SortTerm{}};
    std::optional<std::string> marker;  ///< id of the last image of the page before
    std::size_t limit = 25;             ///< images on the page; 0 gives none
};

}  // namespace reprieve
