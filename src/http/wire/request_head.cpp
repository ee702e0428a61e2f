#include "http/wire/request_head.hpp"

#include <algorithm>

#include "base/ascii_case.hpp"
#include "base/error.hpp"
#include "http/wire/decimal.hpp"
#include "http/wire/field_syntax.hpp"

namespace reprieve::http {
namespace {

constexpr std::size_t max_method_bytes = 32;
// Maximum bytes of a request line without its target: method, two spaces, version and line end.
constexpr std::size_t request_line_frame = max_method_bytes + 12;

[[noreturn]] void malformed_head(const std::string& why) { throw Error(ErrorKind::bad_request, why); }

[[noreturn]] void target_too_long(const HeadLimits& limits) {
    throw Error(ErrorKind::uri_too_long,
                "The request's target is longer than " + std::to_string(limits.max_target_bytes) + " bytes.");
}

[[noreturn]] void headers_too_large(const HeadLimits& limits) {
    throw Error(ErrorKind::headers_too_large, "The request's headers are larger than " +
                                                  std::to_string(limits.max_header_bytes) + " bytes or more than " +
                                                  std::to_string(limits.max_header_count) + ".");
}

std::string_view take_line(std::string_view& head) {
    const auto end = head.find("\r\n");
    const std::string_view line = head.substr(0, end);
    head.remove_prefix(end + 2);
    return line;
}

/// Parses "METHOD target HTTP/1.x" into `head`. If the target is a whole URL, sets `authority` to its host and port.
void parse_request_line(std::string_view line, const HeadLimits& limits, RequestHead& head, std::string& authority) {
    const auto first = line.find(' ');
    const auto last = line.rfind(' ');
    if (first == std::string_view::npos || last == first) malformed_head("The request line is malformed.");
    const std::string_view method = line.substr(0, first);
    std::string_view target = line.substr(first + 1, last - first - 1);
    const std::string_view version = line.substr(last + 1);
    if (!is_token(method) || method.size() > max_method_bytes) malformed_head("The request's method is malformed.");
    if (version != "HTTP/1.1" && version != "HTTP/1.0") malformed_head("The protocol is not HTTP/1.1.");
    if (target.size() > limits.max_target_bytes) target_too_long(limits);
    const bool clean = std::ranges::all_of(target, [](unsigned char c) { return c > 0x20 && c < 0x7f && c != '#'; });
    if (!clean) malformed_head("The request's target holds a byte that must be percent-encoded.");
    const std::string start = to_lower(target.substr(0, 8));
    if (start.starts_with("http://") || start == "https://") {
        target.remove_prefix(start.find("//") + 2);
        authority = target.substr(0, target.find_first_of("/?"));
        if (authority.empty()) malformed_head("The request's target has no host.");
        target.remove_prefix(authority.size());
    } else if (!target.starts_with('/') && !(target == "*" && method == "OPTIONS")) {
        malformed_head("The request's target does not start with a slash.");
    }
    head.method = method;
    head.is_http_1_0 = version == "HTTP/1.0";
    head.keep_alive = !head.is_http_1_0;
    head.path = target.substr(0, target.find('?'));
    if (head.path.size() < target.size()) head.query = target.substr(head.path.size() + 1);
    if (head.path.empty()) head.path.push_back('/');
}

void parse_header_line(std::string_view line, RequestHead& head) {
    if (line.front() == ' ' || line.front() == '\t') malformed_head("A header is folded over two lines.");
    const auto colon = line.find(':');
    if (colon == std::string_view::npos || !is_token(line.substr(0, colon)))
        malformed_head("The name of a header is malformed.");
    const std::string_view value = trim(line.substr(colon + 1));
    if (!is_field_value(value)) malformed_head("The value of a header holds a control character.");
    head.headers.emplace_back(to_lower(line.substr(0, colon)), value);
}

/// Returns true if the value of a header such as "Connection: close, TE" contains the option.
bool has_option(std::string_view value, std::string_view wanted) {
    return std::ranges::any_of(list_elements(value),
                               [&](std::string_view option) { return equals_ignoring_case(option, wanted); });
}

/// Sets the members of `head` that describe the connection and the body, from its headers.
void read_framing(RequestHead& head) {
    std::size_t hosts = 0;
    std::size_t codings = 0;
    bool close = false;
    for (const auto& [name, value] : head.headers) {
        if (name == "content-length") {
            const auto length = parse_decimal(value);
            if (!length || head.content_length) malformed_head("Content-Length is not one number.");
            head.content_length = length;
        } else if (name == "transfer-encoding") {
            if (++codings > 1 || to_lower(value) != "chunked" || head.is_http_1_0)
                malformed_head("Only the Transfer-Encoding chunked is supported, and only in HTTP/1.1.");
            head.is_chunked = true;
        } else if (name == "content-encoding") {
            if (!value.empty() && to_lower(value) != "identity")
                throw Error(ErrorKind::unsupported_media,
                            "A Content-Encoding is not supported: send the bytes exactly as they are to be stored.");
        } else if (name == "host") {
            if (++hosts > 1 || !is_authority(value)) malformed_head("Host is not one host and port.");
        } else if (name == "connection") {
            close = close || has_option(value, "close");
            head.keep_alive = head.keep_alive || has_option(value, "keep-alive");
        } else if (name == "expect" && !head.is_http_1_0) {
            head.expects_continue = to_lower(value) == "100-continue";
        }
    }
    if (close) head.keep_alive = false;
    if (hosts == 0 && !head.is_http_1_0) malformed_head("Host is missing.");
    if (head.is_chunked && head.content_length)
        malformed_head("Content-Length and Transfer-Encoding must not be combined.");
}

}  // namespace

std::size_t find_head_end(std::string_view bytes, std::size_t& scanned, const HeadLimits& limits) {
    for (auto at = bytes.find('\n', scanned); at != std::string_view::npos; at = bytes.find('\n', scanned)) {
        if (at == 0 || bytes[at - 1] != '\r') malformed_head("A line of the head does not end in CR LF.");
        if (scanned == 0 && at > limits.max_target_bytes + request_line_frame) target_too_long(limits);
        scanned = at + 1;
        if (at >= 3 && bytes[at - 2] == '\n') {
            if (at + 1 > limits.max_header_bytes + limits.max_target_bytes + request_line_frame)
                headers_too_large(limits);
            return at + 1;
        }
    }
    if (scanned == 0 && bytes.size() > limits.max_target_bytes + request_line_frame) target_too_long(limits);
    if (bytes.size() > limits.max_header_bytes + limits.max_target_bytes + request_line_frame)
        headers_too_large(limits);
    return 0;
}

RequestHead parse_head(std::string_view bytes, const HeadLimits& limits) {
    RequestHead head;
    std::string authority;
    parse_request_line(take_line(bytes), limits, head, authority);
    if (bytes.size() - 2 > limits.max_header_bytes) headers_too_large(limits);
    while (bytes.size() > 2) {
        if (head.headers.size() == limits.max_header_count) headers_too_large(limits);
        parse_header_line(take_line(bytes), head);
    }
    read_framing(head);
    if (!authority.empty()) {
        // RFC 9112, 3.2.2: the authority of an absolute target replaces Host.
        if (!is_authority(authority)) malformed_head("The host of the request's target is malformed.");
        std::erase_if(head.headers, [](const auto& field) { return field.first == "host"; });
        head.headers.emplace_back("host", authority);
    }
    return head;
}

}  // namespace reprieve::http
