#include "base/error.hpp"

#include <cerrno>
#include <system_error>

namespace reprieve {

std::string_view to_string(ErrorKind kind) {
    switch (kind) {
        case ErrorKind::bad_request:
            return "bad_request";
        case ErrorKind::unauthenticated:
            return "unauthenticated";
        case ErrorKind::forbidden:
            return "forbidden";
        case ErrorKind::not_found:
            return "not_found";
        case ErrorKind::method_not_allowed:
            return "method_not_allowed";
        case ErrorKind::conflict:
            return "conflict";
        case ErrorKind::in_use:
            return "in_use";
        case ErrorKind::gone:
            return "gone";
        case ErrorKind::too_large:
            return "too_large";
        case ErrorKind::uri_too_long:
            return "uri_too_long";
        case ErrorKind::headers_too_large:
            return "headers_too_large";
        case ErrorKind::precondition_failed:
            return "precondition_failed";
        case ErrorKind::locked:
            return "locked";
        case ErrorKind::checksum_mismatch:
            return "checksum_mismatch";
        case ErrorKind::unsupported_media:
            return "unsupported_media";
        case ErrorKind::range_not_satisfiable:
            return "range_not_satisfiable";
        case ErrorKind::misdirected:
            return "misdirected";
        case ErrorKind::timeout:
            return "timeout";
        case ErrorKind::disconnected:
            return "disconnected";
        case ErrorKind::too_many_requests:
            return "too_many_requests";
        case ErrorKind::storage_full:
            return "storage_full";
        case ErrorKind::unavailable:
            return "unavailable";
        case ErrorKind::internal:
            return "internal";
    }
    return "internal";
}

void throw_errno(const std::string& what, int error_number) {
    const bool full = error_number == ENOSPC || error_number == EDQUOT;
    throw Error(full ? ErrorKind::storage_full : ErrorKind::internal,
                what + ": " + std::generic_category().message(error_number));
}

}  // namespace reprieve
