#pragma once

#include <span>

#include "base/embedded_text.hpp"
#include "catalog/engine/connection.hpp"

namespace reprieve::catalog {

/// Returns the files of src/catalog/migrations, in the order of their numbers. cmake/embed.cmake generates this
/// function.
std::span<const EmbeddedText> embedded_migrations();

/// Migrates the file that `db` has open to the newest schema, with one transaction for each migration. Throws
/// unavailable if the file is a database of another program or has a newer schema; such a file is not changed.
void bring_up_to_date(Connection& db);

}  // namespace reprieve::catalog
