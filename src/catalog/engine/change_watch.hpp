#pragma once

#include "catalog/engine/connection.hpp"
#include "image/topic.hpp"

namespace reprieve::catalog {

/// Observer of all rows that are written over one SQLite connection, including rows that triggers change. It collects
/// the topics of these rows: what the changes are about, such as images or users (image/topic.hpp). A hook of SQLite
/// reports each row, so code that writes need not report its changes. Use it only on the thread that uses the
/// connection.
class ChangeWatch {
public:
    /// Registers the hook. Requires: `connection` outlives this object.
    explicit ChangeWatch(Connection& connection);
    ~ChangeWatch();
    ChangeWatch(const ChangeWatch&) = delete;
    ChangeWatch& operator=(const ChangeWatch&) = delete;

    /// Returns the topics of all rows that were written since the last call, and then forgets these topics. Includes
    /// writes that were rolled back.
    Topics take() { return std::exchange(seen_, {}); }

    /// Adds the topics of one written row. Called by the hook.
    void note(Topics topics) { seen_.add(topics); }

private:
    Connection& connection_;
    Topics seen_;
};

}  // namespace reprieve::catalog
