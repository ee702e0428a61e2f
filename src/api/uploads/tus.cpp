#include <algorithm>
#include <array>

#include "api/json_writer.hpp"
#include "api/routes.hpp"
#include "api/uploads/tus_fields.hpp"
#include "base/timestamp.hpp"
#include "config/config.hpp"
#include "service/uploads/resumable_uploads.hpp"

// Resumable uploads: tus 1.0.0 (https://tus.io/protocols/resumable-upload), its core protocol and the extensions that
// are listed below.

namespace reprieve::api {
namespace {

using http::BodyRule;
using http::Request;
using http::Response;
using service::ResumableUploads;

constexpr const char* uploads_path = "/api/uploads";
constexpr const char* tus_version = "1.0.0";
constexpr const char* extensions =
    "creation,creation-with-upload,creation-defer-length,termination,checksum,expiration";

[[noreturn]] void refuse_method(const std::string& method, const std::string& allowed, Response& response) {
    response.set_header("Allow", allowed);
    throw Error(ErrorKind::method_not_allowed, "This path takes " + allowed + ", not " + method + ".");
}

/// Replaces the method by that in X-HTTP-Method-Override, which clients send if a proxy blocks PATCH and DELETE.
/// Refuses the header on a GET: a GET must change nothing, because OriginGate lets pages of other sites send it.
void take_override(Request& request) {
    const std::string meant(request.header("x-http-method-override"));
    if (meant.empty() || meant == (request.is_head ? "HEAD" : request.method)) return;
    if (request.method == "GET")
        throw Error(ErrorKind::bad_request, "X-HTTP-Method-Override does not work on GET: send a POST");
    constexpr std::array<std::string_view, 5> known{"HEAD", "POST", "PATCH", "DELETE", "OPTIONS"};
    if (std::find(known.begin(), known.end(), meant) == known.end())
        throw Error(ErrorKind::method_not_allowed,
                    "X-HTTP-Method-Override can be HEAD, POST, PATCH, DELETE or OPTIONS");
    request.method = meant;
}

void require_version(const Request& request, Response& response) {
    if (request.header("tus-resumable") == tus_version) return;
    response.set_header("Tus-Version", tus_version);
    throw Error(ErrorKind::precondition_failed,
                std::string("this service speaks tus ") + tus_version + ": send that in the header Tus-Resumable");
}

void describe_service(const Context& context, Response& response) {
    response.set_header("Tus-Version", tus_version);
    response.set_header("Tus-Extension", extensions);
    response.set_header("Tus-Max-Size", std::to_string(context.config.limits.image_size_cap));
    response.set_header("Tus-Checksum-Algorithm", "sha1,sha256");
    response.status = 204;
}

/// Sets the headers for the offset of the upload, and for its expiry unless it is complete.
void set_progress(const ResumableUploads::Upload& upload, Response& response) {
    response.set_header("Upload-Offset", std::to_string(upload.offset));
    if (!upload.is_done) response.set_header("Upload-Expires", format_http_date(upload.expires_at));
}

ResumableUploads::Chunk chunk_of(Request& request, std::uint64_t offset) {
    http::Body& body = *request.body;
    return {.offset = offset,
            .size = body.length(),
            .checksum = parse_upload_checksum(request.header("upload-checksum")),
            .source = [&body](std::span<std::byte> out) { return body.read(out); },
            .interrupt = body.interrupter()};
}

void require_offset_stream(const Request& request) {
    if (!is_offset_stream(request))
        throw Error(ErrorKind::unsupported_media,
                    "the bytes of an upload need the Content-Type application/offset+octet-stream");
}

std::optional<std::uint64_t> length_of_new(const Request& request) {
    const auto length = bytes_field(request, "upload-length");
    const std::string_view deferred = request.header("upload-defer-length");
    if (!deferred.empty() && deferred != "1") throw Error(ErrorKind::bad_request, "Upload-Defer-Length can only be 1");
    if (length.has_value() == !deferred.empty())
        throw Error(ErrorKind::bad_request,
                    "a new upload needs either Upload-Length, the number of its bytes, or Upload-Defer-Length: 1");
    return length;
}

void create_upload(Context& context, const Caller& caller, Request& request, Response& response) {
    const std::string_view metadata = request.header("upload-metadata");
    const auto fields = parse_upload_metadata(metadata);
    const auto image = fields.find("image_id");
    if (image == fields.end())
        throw Error(
            ErrorKind::bad_request,
            "Upload-Metadata has to name the image that gets the data: image_id, a space, and its id in base64");
    ResumableUploads::Creation creation{.image_id = image->second,
                                        .store = chosen_store(context, request),
                                        .metadata = std::string(metadata),
                                        .length = length_of_new(request)};
    if (request.body->length() != 0U) {
        require_offset_stream(request);
        creation.first = chunk_of(request, 0);
    }
    const auto upload = context.resumable.create(caller, creation);
    response.set_header("Location", base_url(context, request) + uploads_path + "/" + upload.id);
    set_progress(upload, response);
    response.status = 201;
}

void append(Context& context, const Caller& caller, Request& request, Response& response) {
    require_offset_stream(request);
    const auto offset = bytes_field(request, "upload-offset");
    if (!offset)
        throw Error(ErrorKind::bad_request, "the header Upload-Offset has to say where in the upload the bytes belong");
    auto chunk = chunk_of(request, *offset);
    chunk.length = bytes_field(request, "upload-length");
    set_progress(context.resumable.append(caller, request.captures[0], chunk), response);
    response.status = 204;
}

void end_upload(Context& context, const Caller& caller, const Request& request, Response& response) {
    context.resumable.terminate(caller, request.captures[0]);
    response.status = 204;
}

void describe(const ResumableUploads::Upload& upload, Response& response) {
    set_progress(upload, response);
    if (upload.length)
        response.set_header("Upload-Length", std::to_string(*upload.length));
    else
        response.set_header("Upload-Defer-Length", "1");
    response.set_header("Upload-Metadata", upload.metadata);
}

/// Answers a client that is about to send more bytes: ends an earlier request that still appends to the upload, then
/// answers with the offset.
void tell_offset(Context& context, const Caller& caller, const Request& request, Response& response) {
    describe(context.resumable.resume(caller, request.captures[0]), response);
}

/// Answers a client that only wants to see the upload. Does not disturb a request that appends to it.
void show_upload(Context& context, const Caller& caller, const Request& request, Response& response) {
    const auto upload = context.resumable.get(caller, request.captures[0]);
    describe(upload, response);
    JsonWriter json;
    json.begin_object()
        .field("id", upload.id)
        .field("image_id", upload.image_id)
        .field("offset", upload.offset)
        .field("length", upload.length)
        .field("done", upload.is_done)
        .field("expires_at", format_timestamp(upload.expires_at));
    response.body = json.end_object().take();
}

void serve_all(Context& context, const Caller& caller, Request& request, Response& response) {
    take_override(request);
    if (request.method == "OPTIONS") return describe_service(context, response);
    require_version(request, response);
    if (request.method != "POST") refuse_method(request.method, "OPTIONS, POST", response);
    create_upload(context, caller, request, response);
}

void serve_one(Context& context, const Caller& caller, Request& request, Response& response) {
    take_override(request);
    if (request.method == "OPTIONS") return describe_service(context, response);
    if (request.method == "GET" && !request.is_head) return show_upload(context, caller, request, response);
    require_version(request, response);
    if (request.method == "GET" || request.method == "HEAD") return tell_offset(context, caller, request, response);
    if (request.method == "PATCH") return append(context, caller, request, response);
    if (request.method == "DELETE") return end_upload(context, caller, request, response);
    refuse_method(request.method, "DELETE, GET, HEAD, OPTIONS, PATCH", response);
}

/// Returns the handler of a route whose answers no cache may store, not even an answer that refuses a HEAD.
template <typename Handle>
http::Handler for_uploader(Context& context, Handle handle) {
    return [serve = for_caller(context, handle)](Request& request, Response& response) {
        response.set_header("Cache-Control", "no-store");
        serve(request, response);
    };
}

}  // namespace

void set_protocol_headers(const Request& request, Response& response) {
    const std::string_view path = request.path;
    if (path == uploads_path || path.starts_with(uploads_path + std::string("/")))
        response.set_header("Tus-Resumable", tus_version);
}

void add_tus_routes(http::Router& router, Context& context) {
    router.add({"OPTIONS", "/api/uploads", BodyRule::handler, for_uploader(context, serve_all)});
    router.add({"POST", "/api/uploads", BodyRule::handler, for_uploader(context, serve_all)});
    router.add({"OPTIONS", "/api/uploads/{id}", BodyRule::handler, for_uploader(context, serve_one)});
    router.add({"GET", "/api/uploads/{id}", BodyRule::none, for_uploader(context, serve_one)});
    router.add({"POST", "/api/uploads/{id}", BodyRule::handler, for_uploader(context, serve_one)});
    router.add({"PATCH", "/api/uploads/{id}", BodyRule::handler, for_uploader(context, serve_one)});
    router.add({"DELETE", "/api/uploads/{id}", BodyRule::handler, for_uploader(context, serve_one)});
}

}  // namespace reprieve::api
