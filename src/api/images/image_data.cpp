#include <memory>

#include "api/routes.hpp"
#include "base/error.hpp"
#include "http/wire/decimal.hpp"
#include "http/wire/range.hpp"
#include "service/images/downloads.hpp"
#include "service/uploads/uploads.hpp"

namespace reprieve::api {
namespace {

using http::BodyRule;
using http::Request;
using http::Response;

/// Returns the length of the body in bytes, as the client announces it; nullopt if the client announces none. Newer
/// clients that send a chunked body announce its length in the header x-openstack-image-size.
std::optional<std::uint64_t> announced_size(const Request& request) {
    if (const auto length = request.body->length()) return length;
    const std::string_view text = request.header("x-openstack-image-size");
    if (text.empty()) return {};
    const auto size = http::parse_decimal(text);
    if (!size) throw Error(ErrorKind::bad_request, "x-openstack-image-size must be the number of bytes");
    return size;
}

void upload(Context& context, const Caller& caller, Request& request, Response& response) {
    const std::string_view type = request.header("content-type");
    if (type.substr(0, type.find(';')) != "application/octet-stream")
        throw Error(ErrorKind::unsupported_media, "image data needs the Content-Type application/octet-stream");
    context.uploads.upload(caller, {.image_id = request.captures[0],
                                    .size = announced_size(request),
                                    .store = chosen_store(context, request),
                                    .source = [&](std::span<std::byte> out) { return request.body->read(out); }});
    response.status = 204;
}

/// Returns the part of the data that the client asks for; nullopt for all of it. Instead of Range, old clients send
/// "Content-Range: bytes FIRST-LAST/*".
std::optional<http::ByteRange> asked_range(const Request& request, std::uint64_t size) {
    const std::string_view legacy = request.header("content-range");
    if (!request.header("range").empty() || legacy.empty()) return http::parse_range(request.header("range"), size);
    constexpr std::string_view unit = "bytes ";
    if (!legacy.starts_with(unit) || legacy.find('/') == std::string_view::npos)
        throw Error(ErrorKind::range_not_satisfiable, "The Content-Range is malformed: send a Range instead.");
    const std::string_view part = legacy.substr(unit.size(), legacy.find('/') - unit.size());
    return http::parse_range("bytes=" + std::string(part), size);
}

void download(Context& context, const Caller& caller, Request& request, Response& response) {
    auto opened = std::make_shared<service::Downloads::Opened>(context.downloads.open(caller, request.captures[0]));
    if (!opened->has_data()) {
        response.status = 204;
        return;
    }
    const std::uint64_t size = opened->size();
    response.set_header("Accept-Ranges", "bytes");
    response.content_type = "application/octet-stream";
    http::ByteRange range{0, size};
    try {
        if (const auto asked = asked_range(request, size)) {
            range = *asked;
            response.status = 206;
            response.set_header("Content-Range", "bytes " + std::to_string(range.offset) + "-" +
                                                     std::to_string(range.offset + range.length - 1) + "/" +
                                                     std::to_string(size));
        } else if (opened->image().checksum) {
            response.set_header("Content-MD5", *opened->image().checksum);
        }
    } catch (const Error& error) {
        if (error.kind() == ErrorKind::range_not_satisfiable)
            response.set_header("Content-Range", "bytes */" + std::to_string(size));
        throw;
    }
    opened->start_at(range.offset);
    response.content_length = range.length;
    // A failure while the bytes are sent breaks the connection, so that no client takes a part for the whole image.
    response.content = [&context, opened, range](const http::Sink& sink) {
        context.downloads.send(*opened, range.offset, range.length, sink);
    };
}

}  // namespace

void add_image_data_routes(http::Router& router, Context& context) {
    router.add({"PUT", "/v2/images/{id}/file", BodyRule::handler, for_caller(context, upload)});
    router.add({"GET", "/v2/images/{id}/file", BodyRule::none, for_caller(context, download)});
}

}  // namespace reprieve::api
