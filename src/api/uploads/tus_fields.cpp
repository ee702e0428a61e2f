#include "api/uploads/tus_fields.hpp"

#include <algorithm>
#include <array>
#include <limits>

#include "base/ascii_case.hpp"
#include "base/base64.hpp"
#include "base/error.hpp"
#include "base/hex.hpp"
#include "http/wire/decimal.hpp"
#include "http/wire/field_syntax.hpp"

namespace reprieve::api {
namespace {

struct Algorithm {
    std::string_view name;
    std::size_t bytes;
};
constexpr std::array algorithms{Algorithm{"sha1", 20}, Algorithm{"sha256", 32}};

[[noreturn]] void refuse_field(const std::string& what) { throw Error(ErrorKind::bad_request, what); }

/// Removes the part of `text` before the first `separator`, and the separator. Returns the part; all of `text` if there
/// is no separator.
std::string_view take_until(std::string_view& text, char separator) {
    const std::size_t end = std::min(text.find(separator), text.size());
    const std::string_view part = text.substr(0, end);
    text.remove_prefix(std::min(end + 1, text.size()));
    return part;
}

bool is_printable(std::string_view text) {
    return std::ranges::all_of(text, [](char c) { return c > ' ' && c < '\x7f'; });
}

}  // namespace

std::optional<std::uint64_t> bytes_field(const http::Request& request, std::string_view name) {
    const std::string_view text = request.header(name);
    if (text.empty()) return {};
    const auto number = http::parse_decimal(text);
    if (!number || *number > std::uint64_t{std::numeric_limits<std::int64_t>::max()})
        refuse_field("the header " + std::string(name) + " must be a number of bytes, 0 or more");
    return number;
}

std::map<std::string, std::string> parse_upload_metadata(std::string_view text) {
    if (text.size() > max_upload_metadata_bytes)
        refuse_field("Upload-Metadata has more than " + std::to_string(max_upload_metadata_bytes) + " bytes");
    std::map<std::string, std::string> found;
    while (!text.empty()) {
        std::string_view pair = http::trim(take_until(text, ','));
        const std::string key(take_until(pair, ' '));
        const auto value = decode_base64(http::trim(pair));
        if (key.empty() || !is_printable(key)) refuse_field("a key of Upload-Metadata is empty or not ASCII");
        if (!value) refuse_field("the value of '" + key + "' in Upload-Metadata is not base64");
        if (!found.emplace(key, *value).second) refuse_field("Upload-Metadata has the key '" + key + "' twice");
    }
    return found;
}

std::optional<service::Checksum> parse_upload_checksum(std::string_view text) {
    if (text.empty()) return {};
    const std::string_view name = take_until(text, ' ');
    const auto algorithm = std::ranges::find(algorithms, name, &Algorithm::name);
    if (algorithm == algorithms.end())
        refuse_field("the checksum algorithm '" + std::string(name) + "' is unknown: use sha1 or sha256");
    const auto digest = decode_base64(http::trim(text));
    if (!digest || digest->size() != algorithm->bytes)
        refuse_field("Upload-Checksum holds no " + std::string(name) + " digest in base64");
    service::Checksum checksum{.algorithm = std::string(name), .digest = {}};
    for (const char c : *digest) append_hex(checksum.digest, static_cast<unsigned char>(c));
    return checksum;
}

bool is_offset_stream(const http::Request& request) {
    const std::string_view type = request.header("content-type");
    return equals_ignoring_case(http::trim(type.substr(0, type.find(';'))), "application/offset+octet-stream");
}

}  // namespace reprieve::api
