#include "base/error.hpp"

#include <cerrno>
#include <system_error>

namespace reprieve {

void throw_errno(const std::string& what, int error_number) {
    const bool full = error_number == ENOSPC || error_number == EDQUOT;
    throw Error(full ? ErrorKind::storage_full : ErrorKind::internal,
                what + ": " + std::generic_category().message(error_number));
}

}  // namespace reprieve
