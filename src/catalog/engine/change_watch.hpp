#pragma once

#include "catalog/engine/connection.hpp"
#include "image/topic.hpp"

namespace reprieve::catalog {

/// Collects the topics of all rows that are written over one connection, including rows that triggers change. It uses a
/// hook of SQLite, so code that writes does not have to report its changes. Used by the thread that uses the
/// connection.
class ChangeWatch {
public:
    /// Registers the hook. Requires: `connection` outlives this object.
    explicit ChangeWatch(Connection& connection);
    ~ChangeWatch();
    ChangeWatch(const ChangeWatch&) = delete;
    ChangeWatch& operator=(const ChangeWatch&) = delete;

    /// Returns the topics of the rows written since the last call, and clears them. Includes writes that were rolled
    /// back.
    Topics take() { return std::exchange(seen_, {}); }

    /// Adds the topics of one written row. Called by the hook.
    void note(Topics topics) { seen_.add(topics); }

private:
    Connection& connection_;
    Topics seen_;
};

}  // namespace reprieve::catalog
