#pragma once

#include <functional>
#include <string>
#include <vector>

#include "http/wire/message.hpp"
#include "image/caller.hpp"

namespace reprieve {
class Clock;
struct Config;
class Worker;
}  // namespace reprieve

namespace reprieve::identity {
class Authenticator;
struct Credentials;
class Directory;
class KeystoneSignIn;
class LocalTokens;
class SignIn;
}  // namespace reprieve::identity

namespace reprieve::service {
class AuditTrail;
class Checker;
class Downloads;
class Images;
class Locations;
class Members;
class Quotas;
class ResumableUploads;
class Scrubber;
class SpaceHistory;
class Stores;
class Trash;
class Uploads;
}  // namespace reprieve::service

namespace reprieve::api {

class LiveFeed;

/// Services that store the users of this appliance and sign them in.
struct LocalIdentity {
    identity::Directory& directory;
    identity::LocalTokens& tokens;
    identity::SignIn& sign_in;
};

/// References to the parts that the resources use. All parts must outlive the server. Each resource includes the
/// headers of the parts that it uses.
struct Context {
    const Config& config;
    const Clock& clock;
    service::Stores& stores;
    service::Images& images;
    service::Locations& locations;
    service::Members& members;
    service::Uploads& uploads;
    service::ResumableUploads& resumable;
    service::Downloads& downloads;
    service::Trash& trash;
    service::Scrubber& scrubber;
    service::Checker& checker;
    service::AuditTrail& audit;
    service::Quotas& quotas;
    LiveFeed& live;
    service::SpaceHistory& space;
    identity::Authenticator& authenticator;
    /// Null if auth.mode is "keystone", because Keystone then stores the users. Not null in the modes "local" and
    /// "none". In "none" nobody needs to sign in, but users can be created for a later change of the mode.
    const LocalIdentity* identity = nullptr;
    identity::KeystoneSignIn* keystone = nullptr;  ///< null unless auth.mode is "keystone"
    std::function<std::string()> own_url;          ///< returns our own URL for clients; see base_url()
    std::vector<const Worker*> workers;            ///< all background workers
};

/// Returns the credentials in the request: the token in X-Auth-Token, else the one in the session cookie. A change
/// (any method but GET) with the cookie must have the header Origin or Sec-Fetch-Site, in which a browser names the
/// page that sent the request; throws forbidden if both are missing. The result points into `request`.
identity::Credentials credentials_of(const Context& context, const http::Request& request);

/// Returns the sender of the request. Throws unauthenticated if the request has no valid token, unavailable if the
/// token cannot be checked now, and forbidden as credentials_of() does.
Caller caller_of(const Context& context, const http::Request& request);

/// Returns the URL with which links in the answer begin, without a slash at the end: server.public_url if it is set,
/// else the address that the client used. A request on the admin socket gets Context::own_url().
std::string base_url(const Context& context, const http::Request& request);

/// Returns the store that an upload names in the header X-Image-Meta-Store; empty for the default store. Throws
/// bad_request if there is no such store.
std::string chosen_store(const Context& context, const http::Request& request);

/// Adds the header WWW-Authenticate, which a 401 needs (RFC 9110, 11.6.1). It tells the client where to get a token, in
/// the form that Keystone's middleware uses and clients know.
void add_challenge(const Context& context, const http::Request& request, http::Response& response);

}  // namespace reprieve::api
