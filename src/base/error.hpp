#pragma once

#include <cstdint>
#include <stdexcept>
#include <string>

namespace reprieve {

/// What went wrong, in the terms of the caller. The HTTP status of each is in http/error_status.cpp.
enum class ErrorKind {
    bad_request,            ///< the input is not well formed or out of range
    forbidden,              ///< understood, and refused for who asks or for a rule that protects the thing
    not_found,              ///< there is no such thing, or none that the caller may see
    method_not_allowed,     ///< the path exists, not for this method
    conflict,               ///< the thing is not in a state that allows it
    in_use,                 ///< somebody else still needs the thing; asking again later can succeed
    gone,                   ///< it was there when the request began and was deleted meanwhile
    too_large,              ///< beyond a limit of the configuration
    uri_too_long,           ///< the request's target is beyond its limit
    headers_too_large,      ///< the request's headers are beyond their limit
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

/// The one family of exceptions. The message is one sentence for a person: what, which, and what to do.
/// It may be shown to any client, so it never holds a secret or a path of the machine.
class Error : public std::runtime_error {
public:
    Error(ErrorKind kind, const std::string& message) : std::runtime_error(message), kind_(kind) {}
    ErrorKind kind() const { return kind_; }

private:
    ErrorKind kind_;
};

/// Throws Error(kind) with "<what>: <text of errno>". ENOSPC and EDQUOT become storage_full.
[[noreturn]] void throw_errno(const std::string& what, int error_number);

}  // namespace reprieve
