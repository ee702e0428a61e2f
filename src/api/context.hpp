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

/// The users of this appliance itself, and how they sign in.
struct LocalIdentity {
    identity::Directory& directory;
    identity::LocalTokens& tokens;
    identity::SignIn& sign_in;
};

/// References to the parts that the resources work with. They must outlive the server. Each resource includes the
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
    /// In the modes "none" (where nobody needs to sign in, but users can be made for later) and "local"; null in
    /// "keystone", which knows the users instead.
    const LocalIdentity* identity = nullptr;
    identity::KeystoneSignIn* keystone = nullptr;  ///< in the mode "keystone" alone
    std::function<std::string()> own_url;          ///< for clients, to whoever asks by the admin socket
    std::vector<const Worker*> workers;            ///< all that run in the background
};

/// What the request brings to say who sends it: a token, or the cookie of a session, which counts for a change only
/// where the browser says from which page it comes: else forbidden.
identity::Credentials credentials_of(const Context& context, const http::Request& request);

/// Who sends the request. Throws unauthenticated, and unavailable where that cannot be told now.
Caller caller_of(const Context& context, const http::Request& request);

/// The address that clients should use: server.public_url, else what the client used.
std::string base_url(const Context& context, const http::Request& request);

/// The store that an upload asks for with X-Image-Meta-Store; empty for the default one. Throws bad_request where there
/// is no such store.
std::string chosen_store(const Context& context, const http::Request& request);

/// Says with a 401 where a token is to be had, as Keystone's middleware says it, which clients know (RFC 9110, 11.6.1).
void add_challenge(const Context& context, const http::Request& request, http::Response& response);

}  // namespace reprieve::api
