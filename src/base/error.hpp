#pragma once

#include <cstdint>
#include <stdexcept>
#include <string>
#include <string_view>

namespace reprieve {

/// Kind of an error, from the caller's point of view. http/error_status.cpp maps each kind to its HTTP status.
enum class ErrorKind {
    bad_request,            ///< the input is malformed or out of range
    unauthenticated,        ///< no credentials were sent, or they are invalid or expired
    forbidden,              ///< the caller lacks the right, or a rule protects the object
    not_found,              ///< the object does not exist, or the caller may not see it
    method_not_allowed,     ///< the path exists, but does not accept this HTTP method
    conflict,               ///< the current state of the object does not allow the operation
    in_use,                 ///< somebody else still uses the object; a retry later can succeed
    gone,                   ///< the object was deleted while the request was running
    too_large,              ///< a limit of the configuration is exceeded
    uri_too_long,           ///< the path and query of the request are longer than their limit
    headers_too_large,      ///< the request's headers exceed their limit
    precondition_failed,    ///< a precondition in the request does not hold
    locked,                 ///< another request is working on the object
    checksum_mismatch,      ///< the bytes do not match the checksum that the client sent
    unsupported_media,      ///< the Content-Type or Content-Encoding is not supported
    range_not_satisfiable,  ///< no byte of the requested range exists
    misdirected,            ///< the Host header is not a name of this appliance
    timeout,                ///< the peer was too slow
    disconnected,           ///< the peer closed the connection during the request
    too_many_requests,      ///< the caller must wait before a retry
    storage_full,           ///< there is no free space in the store or on the disk to write the bytes
    unavailable,            ///< a service that the operation needs does not answer; a retry later can succeed
    internal,               ///< a bug in this program, or a failure of its machine
};

/// Returns the name of the kind, such as "not_found". The audit trail stores these names, so they must never change.
std::string_view to_string(ErrorKind kind);

/// The one exception type of the project. The message is one sentence for a person: what is wrong, which object, and
/// what to do. Clients may see it, so it holds no secret and no path of the machine. Clients do not see the message of
/// an `internal` error; it goes to the log instead.
class Error : public std::runtime_error {
public:
    /// `wait_s`: seconds that the caller should wait before a retry; 0 if that is not known.
    Error(ErrorKind kind, const std::string& message, int wait_s = 0)
        : std::runtime_error(message), kind_(kind), wait_s_(wait_s) {}
    ErrorKind kind() const { return kind_; }
    int wait_s() const { return wait_s_; }

private:
    ErrorKind kind_;
    int wait_s_;
};

/// Throws an Error with the message "<what>: <text of errno>". Its kind is storage_full for ENOSPC and EDQUOT,
/// otherwise internal.
[[noreturn]] void throw_errno(const std::string& what, int error_number);

}  // namespace reprieve
