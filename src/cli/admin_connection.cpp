#include "cli/admin_connection.hpp"

#include <httplib.h>
#include <sys/socket.h>
#include <sys/un.h>

#include <filesystem>

#include "app/appliance.hpp"
#include "app/data_folder.hpp"
#include "base/clock.hpp"
#include "base/error.hpp"
#include "base/file.hpp"
#include "base/log.hpp"

namespace reprieve::cli {
namespace {

constexpr int patience_seconds = 60;

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

/// The appliance of a folder that nobody runs.
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
    if (is_running()) return;
    if (!std::filesystem::exists(std::filesystem::path(folder) / "catalog.db"))
        throw Error(ErrorKind::not_found, "there is no appliance in " + folder +
                                              ": name its data folder with --data or its configuration with --config");
    configure_log("warning", "text");
    attended_ = std::make_unique<Attended>(options, folder);
    socket_ = attended_->folder.admin_socket();
}

AdminConnection::~AdminConnection() = default;

bool AdminConnection::is_running() const {
    const FileDescriptor probe(::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0));
    sockaddr_un address{};
    address.sun_family = AF_UNIX;
    if (socket_.size() >= sizeof address.sun_path) return false;
    socket_.copy(address.sun_path, socket_.size());
    return ::connect(probe.get(), reinterpret_cast<const sockaddr*>(&address), sizeof address) == 0;
}

AdminConnection::Reply AdminConnection::request(const std::string& method, const std::string& path,
                                                const std::string& body) {
    httplib::Client client(socket_);
    client.set_address_family(AF_UNIX);
    client.set_read_timeout(patience_seconds);
    httplib::Request request;
    request.method = method;
    request.path = path;
    request.body = body;
    request.set_header("Host", "localhost");
    if (!body.empty()) request.set_header("Content-Type", "application/json");
    const auto result = client.send(request);
    if (!result)
        throw Error(ErrorKind::unavailable,
                    "the appliance does not answer on " + socket_ + ": " + httplib::to_string(result.error()));
    Reply reply{result->status, nlohmann::json::parse(result->body, nullptr, false)};
    if (reply.body.is_discarded()) reply.body = nullptr;
    if (reply.status < 400) return reply;
    throw Error(kind_of(reply.status),
                reply.body.is_object() ? reply.body.value("message", result->body) : result->body);
}

}  // namespace reprieve::cli
