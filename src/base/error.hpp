#pragma once

#include <cstdint>
#include <stdexcept>
#include <string>
#include <string_view>

namespace reprieve {

/// What went wrong, in the terms of the caller. The HTTP status of each is in http/error_status.cpp.
enum class ErrorKind {
    bad_request,            ///< the input is not well formed or out of range
    unauthenticated,        ///< nobody has signed in, or with what is not valid (any more)
    forbidden,              ///< understood, and refused for who asks or for a rule that protects the thing
    not_found,              ///< there is no such thing, or none that the caller may see
    method_not_allowed,     ///< the path exists, not for this method
    conflict,               ///< the thing is not in a state that allows it
    in_use,                 ///< somebody else still needs the thing; asking again later can succeed
    gone,                   ///< it was there when the request began and was deleted meanwhile
    too_large,              ///< beyond a limit of the configuration
    uri_too_long,           ///< the request's target is beyond its limit
    headers_too_large,      ///< the request's headers are beyond their limit
    precondition_failed,    ///< the request says under which condition it counts, and that does not hold
    locked,                 ///< another request is at work on it
    checksum_mismatch,      ///< the bytes are not those that the client meant
    unsupported_media,      ///< the Content-Type or Content-Encoding cannot be taken
    range_not_satisfiable,  ///< no byte of the asked range exists
    misdirected,            ///< the Host is none that this appliance answers to
    timeout,                ///< the peer was too slow
    disconnected,           ///< the peer went away in mid-request
    too_many_requests,      ///< the caller is to wait and try again
    storage_full,           ///< no space for the bytes
    unavailable,            ///< a part that is needed does not answer now; trying again later can succeed
    internal,               ///< our own mistake
};

/// The name of the kind: "not_found". The audit trail stores it, so a name never changes.
std::string_view to_string(ErrorKind kind);

/// The one family of exceptions. The message is one sentence for a person: what, which, and what to do.
/// It may be shown to any client, so it never holds a secret or a path of the machine.
class Error : public std::runtime_error {
public:
    /// `wait_s`: how long whoever asks is to wait before asking again; 0: that is not known.
    Error(ErrorKind kind, const std::string& message, int wait_s = 0)
        : std::runtime_error(message), kind_(kind), wait_s_(wait_s) {}
    ErrorKind kind() const { return kind_; }
    int wait_s() const { return wait_s_; }

private:
    ErrorKind kind_;
    int wait_s_;
};

/// Throws Error(kind) with "<what>: <text of errno>". ENOSPC and EDQUOT become storage_full.
[[noreturn]] void throw_errno(const std::string& what, int error_number);

}  // namespace reprieve
