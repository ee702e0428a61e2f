#pragma once

#include "catalog/engine/connection.hpp"

namespace reprieve::catalog {

/// Makes sure that all URIs of locations are encrypted with the current key of the connection's cipher; if the cipher
/// has no current key, that they are in plain text. Rewrites the URIs that are encrypted with the previous key; if
/// there is no previous key, those in plain text. Each transaction rewrites a bounded number of rows. If the process is
/// interrupted, the next call continues. Requires: nothing else uses the catalog yet.
///
/// Throws unavailable, and changes nothing, if the URIs are encrypted with another key than the previous and the
/// current one, or if an earlier change was interrupted that these two keys cannot finish.
void bring_under_key(Connection& db);

}  // namespace reprieve::catalog
