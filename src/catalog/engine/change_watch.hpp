#pragma once

#include "catalog/engine/connection.hpp"
#include "image/topic.hpp"

namespace reprieve::catalog {

/// Sees what is written over a connection, whoever writes it: SQLite tells of each row, those that triggers change
/// too. So nothing that writes has to think of it. Used by the thread that has the connection.
class ChangeWatch {
public:
    /// `connection` outlives this.
    explicit ChangeWatch(Connection& connection);
    ~ChangeWatch();
    ChangeWatch(const ChangeWatch&) = delete;
    ChangeWatch& operator=(const ChangeWatch&) = delete;

    /// What was written since this was asked last, also what was undone again.
    Topics take() { return std::exchange(seen_, {}); }

    /// Of one row.
    void note(Topics topics) { seen_.add(topics); }

private:
    Connection& connection_;
    Topics seen_;
};

}  // namespace reprieve::catalog
