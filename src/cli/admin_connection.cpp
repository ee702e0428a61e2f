#include "cli/admin_connection.hpp"

#include <filesystem>

#include "app/appliance.hpp"
#include "app/data_folder.hpp"
#include "base/clock.hpp"
#include "base/error.hpp"
#include "base/log.hpp"
#include "net/unix_http_client.hpp"

namespace reprieve::cli {
namespace {

constexpr int patience_seconds = 300;  // a long time, because a slow disk delays answers

ErrorKind kind_of(int status) {
    switch (status) {
        case 400:
            return ErrorKind::bad_request;
        case 404:
            return ErrorKind::not_found;
        case 409:
            return ErrorKind::conflict;
        case 503:
            return ErrorKind::unavailable;
        default:
            return ErrorKind::internal;
    }
}

}  // namespace

/// Appliance that this process runs for one command if no appliance runs on the data folder.
struct AdminConnection::Attended {
    Attended(const Options& options, const std::string& folder_path)
        : folder(folder_path), appliance(load(options), folder, clock, app::Mode::attend) {
        appliance.start();
    }
    SystemClock clock;
    app::DataFolder folder;
    app::Appliance appliance;
};

AdminConnection::AdminConnection(const Options& options) {
    const std::string folder = app::choose_data_folder(options.data, load(options).server.data);
    socket_ = app::DataFolder::admin_socket_in(std::filesystem::absolute(folder).lexically_normal().string());
    if (net::UnixHttpClient(socket_, patience_seconds).is_answered()) return;
    if (!std::filesystem::exists(std::filesystem::path(folder) / "catalog.db"))
        throw Error(ErrorKind::not_found, "there is no appliance in " + folder +
                                              ": name its data folder with --data or its configuration with --config");
    configure_log("warning", "text");
    attended_ = std::make_unique<Attended>(options, folder);
    socket_ = attended_->folder.admin_socket();
}

AdminConnection::~AdminConnection() = default;

AdminConnection::Reply AdminConnection::request(const std::string& method, const std::string& path,
                                                const std::string& body) {
    const auto answer = net::UnixHttpClient(socket_, patience_seconds).request(method, path, body);
    Reply reply{answer.status, nlohmann::json::parse(answer.body, nullptr, false)};
    if (reply.body.is_discarded()) reply.body = nullptr;
    if (reply.status < 400) return reply;
    const nlohmann::json error = reply.body.is_object() ? reply.body.value("error", reply.body) : nlohmann::json();
    throw Error(kind_of(reply.status), error.is_object() ? error.value("message", answer.body) : answer.body);
}

}  // namespace reprieve::cli
