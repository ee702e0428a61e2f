#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "image/status.hpp"

namespace reprieve {

/// Where the bytes of an image are. The numbers of State are stored in the catalog and never change.
struct Location {
    enum class State : int {
        writing = 0,  ///< written down before the first byte, so that a crash leaves no byte unknown
        stored = 1,   ///< complete and durable
    };
    std::int64_t number = 0;  ///< the catalog's key; grows with time
    std::string store;        ///< the store's name in the configuration
    std::string uri;          ///< what that store's driver calls the bytes
    State state = State::writing;
    std::uint64_t size = 0;               ///< bytes of the image in it
    int attempts = 0;                     ///< failed removals so far
    std::string last_error;               ///< why the last one failed; empty where none did
    std::vector<std::string> blocked_by;  ///< what else needed the bytes then; words without commas
    std::int64_t next_attempt_at = 0;     ///< microseconds since 1970 UTC; 0 where none failed
    std::string metadata = "{}";          ///< a JSON object, as a client gave it
    bool has_digest = true;               ///< its bytes have the image's digest, as far as anybody vouches for that

    bool operator==(const Location&) const = default;
};

/// What a delete writes down, and a restore takes away.
struct Deletion {
    std::int64_t deleted_at = 0;  ///< microseconds since 1970 UTC
    std::string deleted_by;       ///< the user who asked
    Status deleted_from = Status::active;
    std::int64_t scrub_after = 0;  ///< microseconds since 1970 UTC; fixed at the delete
    std::int64_t retention = 0;    ///< microseconds from the delete to scrub_after, whatever the clock does meanwhile
    bool in_bin = true;            ///< false where delayed_delete was off: due at once and never shown
};

/// One image with all that belongs to it. Times are microseconds since 1970 UTC.
struct Image {
    std::int64_t number = 0;  ///< the catalog's key, in the order of creation; 0 before it is stored
    std::string id;           ///< canonical UUID
    std::optional<std::string> name;
    Status status = Status::queued;
    Visibility visibility = Visibility::shared;
    std::string owner;       ///< project id
    std::string created_by;  ///< id of the user who made it; empty where that is not known
    bool is_protected = false;
    bool is_hidden = false;
    std::int64_t min_disk = 0;  ///< GiB
    std::int64_t min_ram = 0;   ///< MiB
    std::optional<std::string> disk_format;
    std::optional<std::string> container_format;
    std::optional<std::uint64_t> size;          ///< bytes of the data, as uploaded
    std::optional<std::uint64_t> virtual_size;  ///< bytes of the disk inside
    std::optional<std::string> checksum;        ///< MD5
    std::optional<std::string> os_hash_algo;
    std::optional<std::string> os_hash_value;
    std::int64_t created_at = 0;
    std::int64_t updated_at = 0;
    std::string status_reason;  ///< why the image is where it is, where that is not plain; else empty
    std::optional<Deletion> deletion;

    std::map<std::string, std::string> properties;
    std::vector<std::string> tags;    ///< sorted, without repeats
    std::vector<Location> locations;  ///< in the order in which they are to be read
};

}  // namespace reprieve
