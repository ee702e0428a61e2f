#pragma once

#include "catalog/engine/connection.hpp"

namespace reprieve::catalog {

/// Sees to it that all URIs of locations are stored as the connection's cipher says: with its current key, or with
/// none. Those that have the previous one, or none as yet, are stored anew, a bounded number in each transaction; when
/// that is cut off, the next call goes on. Called before anybody else uses the catalog.
///
/// Throws unavailable, and changes nothing, where they are stored with another key, or such a change was cut off that
/// the keys at hand cannot finish.
void bring_under_key(Connection& db);

}  // namespace reprieve::catalog
