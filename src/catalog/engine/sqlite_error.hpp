#pragma once

#include <SQLiteCpp/Exception.h>

#include "base/error.hpp"
#include "catalog/engine/connection.hpp"

namespace reprieve::catalog {

/// Tells whether the failure that `db` has just reported comes from a full disk, from a quota, or from a limit on the
/// size of files. `db` is null if the connection could not be opened.
bool is_disk_full(Connection* db, const SQLite::Exception& failure);

/// Returns the error for the caller of the catalog: storage_full, unavailable (locked by another program, cannot be
/// opened, read or written, or damaged) or internal. `db` is null if the connection could not be opened.
Error to_error(Connection* db, const SQLite::Exception& failure);

}  // namespace reprieve::catalog
