#pragma once

#include <SQLiteCpp/Exception.h>

#include "base/error.hpp"
#include "catalog/engine/connection.hpp"

namespace reprieve::catalog {

/// True where the failure that `db` has just reported comes from a full disk, a quota or a limit of the file's size.
/// `db` is null where it could not even be opened.
bool is_disk_full(Connection* db, const SQLite::Exception& failure);

/// What the caller of the catalog is told: storage_full, unavailable (busy, cannot be opened, damaged disk) or
/// internal.
Error to_error(Connection* db, const SQLite::Exception& failure);

}  // namespace reprieve::catalog
