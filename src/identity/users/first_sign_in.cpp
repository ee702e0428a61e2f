#include "identity/users/first_sign_in.hpp"

#include <unistd.h>

#include <filesystem>

#include "base/error.hpp"
#include "base/file.hpp"
#include "base/random.hpp"
#include "base/timestamp.hpp"
#include "catalog/identity/role_table.hpp"
#include "catalog/identity/user_table.hpp"
#include "identity/secret_hash.hpp"

namespace reprieve::identity {
namespace {

constexpr std::int64_t lifetime_us = 86'400 * us_per_second;
constexpr std::size_t first_secret_bytes = 32;

std::string instructions(const std::string& url, const std::string& data_folder, const std::string& user,
                         const std::string& secret, std::int64_t expires_at) {
    const bool is_https = url.starts_with("https:");
    // The instructions use echo, which is built into the shell, so no list of processes shows the secret.
    return "No admin of this image service has a password yet. Choose one for '" + user +
           "', on this machine:\n\n    reprieve --data '" + data_folder + "' user set " + user +
           " --password\n\nor in a browser, with this link, which works once, until " + format_timestamp(expires_at) +
           ":\n\n    " + url + "/ui/#/sign-in?one_time=" + secret +
           "\n\nor from any machine, with the same secret:\n\n    echo '{\"one_time\": \"" + secret +
           "\"}' | curl -c session -d @- " + url + "/api/session\n    curl -b session -H 'Origin: " + url +
           "' -X PUT -d @- " + url +
           "/api/session/password\n\nThe last command reads {\"new\": \"PASSWORD\"} from the "
           "terminal; end it with Ctrl-D.\n" +
           (is_https ? "Both need --cacert with a copy of certificate.pem if 'reprieve tls init' made it.\n" : "");
}

}  // namespace

FirstSignIn::FirstSignIn(catalog::Catalog& catalog, const Clock& clock, std::string file)
    : catalog_(catalog), clock_(clock), file_(std::move(file)) {}

std::optional<std::string> FirstSignIn::prepare(const std::string& url) {
    const std::string secret = random_hex(first_secret_bytes);
    const std::int64_t expires_at = clock_.now_us() + lifetime_us;
    std::string name;
    catalog_.write([&](catalog::Connection& db) {
        name.clear();
        catalog::delete_one_time_sign_ins(db);
        const auto admin = catalog::admin_to_be_signed_in(db);
        if (!admin) return;
        catalog::insert_one_time_sign_in(db, secret_hash(secret), *admin, expires_at);
        name = catalog::find_user(db, *admin).value().name;
    });
    if (name.empty()) {
        ::unlink(file_.c_str());
        return std::nullopt;
    }
    const std::string data_folder = std::filesystem::path(file_).parent_path();
    std::string text = instructions(url, data_folder, name, secret, expires_at);
    replace_private_file(file_, text);
    return text;
}

std::string FirstSignIn::redeem(std::string_view secret) {
    const std::string hash = secret_hash(secret);
    std::optional<std::string> user;
    // Only a known secret may start a write, so that guesses do not block the writer.
    const bool is_known =
        catalog_.read([&](catalog::Connection& db) { return catalog::has_one_time_sign_in(db, hash); });
    if (is_known)
        catalog_.write([&](catalog::Connection& db) {
            user = catalog::take_one_time_sign_in(db, hash, clock_.now_us());
            if (user != catalog::admin_to_be_signed_in(db)) user.reset();
        });
    if (!user)
        throw Error(ErrorKind::unauthenticated,
                    "the one-time sign-in is unknown, used or expired; a restart makes another, as long as no admin "
                    "has a password");
    ::unlink(file_.c_str());
    return *user;
}

void FirstSignIn::end_if_unneeded() {
    const bool is_needed =
        catalog_.read([&](catalog::Connection& db) { return catalog::admin_to_be_signed_in(db).has_value(); });
    if (is_needed) return;
    catalog_.write([](catalog::Connection& db) { catalog::delete_one_time_sign_ins(db); });
    ::unlink(file_.c_str());
}

}  // namespace reprieve::identity
