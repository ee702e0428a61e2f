#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "image/status.hpp"

namespace reprieve {

/// A place where the bytes of an image are. The numbers of State are stored in the catalog and must never change.
struct Location {
    enum class State : int {
        writing = 0,  ///< stored in the catalog before the first byte is written; a crash leaves no unknown byte
        stored = 1,   ///< all bytes are written and durable
    };
    std::int64_t number = 0;  ///< key in the catalog, which grows with time; 0 before the location is stored
    std::string store;        ///< name of the store in the configuration
    std::string uri;          ///< name of the bytes in that store, in the form that the driver of the store uses
    State state = State::writing;
    std::uint64_t size = 0;  ///< number of bytes
    int attempts = 0;        ///< number of attempts to remove the bytes that failed
    std::string last_error;  ///< reason why the last attempt to remove the bytes failed; empty if none failed
    std::vector<std::string> blocked_by;  ///< users of the bytes that blocked the last removal; no entry has a comma
    std::int64_t next_attempt_at = 0;     ///< time of the next removal, microseconds since 1970 UTC; 0 if none failed
    std::string metadata = "{}";          ///< a JSON object from a client
    bool has_digest = true;               ///< the bytes are known, or declared by a client, to have the image's digest

    bool operator==(const Location&) const = default;
};

/// Data about the delete of an image. A restore of the image removes this data.
struct Deletion {
    std::int64_t deleted_at = 0;           ///< microseconds since 1970 UTC
    std::string deleted_by;                ///< name of the user
    Status deleted_from = Status::active;  ///< status before the delete
    std::int64_t scrub_after = 0;          ///< when the scrub is due, microseconds since 1970 UTC; set at the delete
    std::int64_t retention = 0;            ///< microseconds that the image is kept; fixed at the delete
    bool in_bin = true;  ///< false if trash.delayed_delete was off: due at once, never shown in the bin
};

/// One image with its properties, tags and locations. Times are microseconds since 1970 UTC.
struct Image {
    std::int64_t number = 0;  ///< key in the catalog; grows in the order of creation; 0 before the image is stored
    std::string id;           ///< canonical UUID
    std::optional<std::string> name;
    Status status = Status::queued;
    Visibility visibility = Visibility::shared;
    std::string owner;       ///< id of the project; empty if nobody owns it
    std::string created_by;  ///< id of the user who created the image; empty if unknown
    bool is_protected = false;
    bool is_hidden = false;
    std::int64_t min_disk = 0;  ///< GiB
    std::int64_t min_ram = 0;   ///< MiB
    std::optional<std::string> disk_format;
    std::optional<std::string> container_format;
    std::optional<std::uint64_t> size;          ///< bytes of the uploaded data
    std::optional<std::uint64_t> virtual_size;  ///< bytes of the disk that a guest sees
    std::optional<std::string> checksum;        ///< MD5 of the uploaded data, as hexadecimal digits
    std::optional<std::string> os_hash_algo;
    std::optional<std::string> os_hash_value;
    std::int64_t created_at = 0;
    std::int64_t updated_at = 0;
    std::string status_reason;  ///< reason of the current status, such as a failed upload; may be empty
    std::optional<Deletion> deletion;

    std::map<std::string, std::string> properties;
    std::vector<std::string> tags;    ///< sorted, without duplicates
    std::vector<Location> locations;  ///< in the order in which a download tries them
};

}  // namespace reprieve
