#pragma once

#include <string>

#include "base/error.hpp"

namespace reprieve::tests {

/// Returns the message of the Error that `work` throws, after "another kind of error: " if its kind is not `kind`.
/// Returns "nothing was thrown" if `work` throws none.
template <class Work>
std::string error_of(ErrorKind kind, Work work) {
    try {
        work();
    } catch (const Error& error) {
        return (error.kind() == kind ? "" : "another kind of error: ") + std::string(error.what());
    }
    return "nothing was thrown";
}

/// Returns whether `work` throws an Error of this kind.
template <class Work>
bool throws(ErrorKind kind, Work work) {
    try {
        work();
    } catch (const Error& error) {
        return error.kind() == kind;
    }
    return false;
}

}  // namespace reprieve::tests
