#pragma once

#include <string>

#include "base/error.hpp"

namespace reprieve::tests {

/// The message of the Error that `work` throws; other words in front, where it
/// is of another kind, and "nothing was thrown".
template <class Work>
std::string error_of(ErrorKind kind, Work work) {
    try {
        work();
    } catch (const Error& error) {
        return (error.kind() == kind ? "" : "another kind of error: ") + std::string(error.what());
    }
    return "nothing was thrown";
}

/// True where `work` throws an Error of this kind.
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
