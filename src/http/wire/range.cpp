#include "http/wire/range.hpp"

#include <algorithm>
#include <string>

#include "base/ascii_case.hpp"
#include "base/error.hpp"
#include "http/wire/decimal.hpp"
#include "http/wire/field_syntax.hpp"

namespace reprieve::http {
namespace {

[[noreturn]] void not_satisfiable(const std::string& why) {
    throw Error(ErrorKind::range_not_satisfiable, "The Range " + why + ".");
}

}  // namespace

std::optional<ByteRange> parse_range(std::string_view header, std::uint64_t size) {
    header = trim(header);
    if (header.empty()) return std::nullopt;
    const auto equals = header.find('=');
    if (equals == std::string_view::npos) not_satisfiable("is malformed: expected bytes=FIRST-LAST");
    if (!equals_ignoring_case(trim(header.substr(0, equals)), "bytes"))
        throw Error(ErrorKind::bad_request, "The unit of the Range is not bytes.");
    const std::string_view spec = trim(header.substr(equals + 1));
    // Several ranges would allow one small request to ask for the same bytes many times.
    if (spec.find(',') != std::string_view::npos)
        throw Error(ErrorKind::bad_request, "Several ranges in one request are not served: ask for one at a time.");
    const auto dash = spec.find('-');
    if (dash == std::string_view::npos) not_satisfiable("is malformed: expected bytes=FIRST-LAST");
    const std::string_view first_text = trim(spec.substr(0, dash));
    const std::string_view last_text = trim(spec.substr(dash + 1));
    const auto first = parse_decimal(first_text, true);
    const auto last = parse_decimal(last_text, true);
    if ((!first && !first_text.empty()) || (!last && !last_text.empty()) || (!first && !last))
        not_satisfiable("is malformed: expected bytes=FIRST-LAST");
    if (first && last && *last < *first) not_satisfiable("ends before it starts");

    if (!first) {
        const std::uint64_t length = std::min(*last, size);
        if (length == 0) not_satisfiable("selects no byte of the " + std::to_string(size) + " bytes of data");
        return ByteRange{size - length, length};
    }
    if (*first >= size) not_satisfiable("starts after the end of the " + std::to_string(size) + " bytes of data");
    const std::uint64_t end = last ? std::min(*last, size - 1) : size - 1;
    return ByteRange{*first, end - *first + 1};
}

}  // namespace reprieve::http
