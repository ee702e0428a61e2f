#pragma once

#include "catalog/engine/connection.hpp"

namespace reprieve::catalog {

/// Ensures that all URIs of locations are stored under the current key of the connection's cipher, or in plain text if
/// it has none. Rewrites the URIs that are stored under the previous key (in plain text, if there is no previous key).
/// Each transaction rewrites a bounded number of rows. If the process is interrupted, the next call continues.
/// Requires: nothing else uses the catalog yet.
///
/// Throws unavailable, and changes nothing, if the URIs are stored under another key, or if an earlier change was
/// interrupted that these keys cannot finish.
void bring_under_key(Connection& db);

}  // namespace reprieve::catalog
