#pragma once

#include <span>

#include "base/embedded_text.hpp"
#include "catalog/engine/connection.hpp"

namespace reprieve::catalog {

/// The files of src/catalog/migrations, by number. cmake/embed.cmake makes it.
std::span<const EmbeddedText> embedded_migrations();

/// Brings the file that `db` has open up to the newest schema, each migration in a transaction of its own.
/// Throws unavailable where the file is not a catalog, or one of a newer version; such a file stays as it is.
void bring_up_to_date(Connection& db);

}  // namespace reprieve::catalog
