#include "catalog/engine/sqlite_error.hpp"

#include <sqlite3.h>

#include <cerrno>

namespace reprieve::catalog {

bool is_disk_full(Connection* db, const SQLite::Exception& failure) {
    const int code = failure.getErrorCode() & 0xff;
    // On a full disk, SQLite usually fails first when it extends the index of the write-ahead log. It keeps no errno
    // for that failure.
    if (code == SQLITE_FULL || failure.getExtendedErrorCode() == SQLITE_IOERR_SHMSIZE) return true;
    if (db == nullptr || (code != SQLITE_IOERR && code != SQLITE_CANTOPEN)) return false;
    const int cause = sqlite3_system_errno(db->database().getHandle());
    return cause == ENOSPC || cause == EDQUOT || cause == EFBIG;
}

Error to_error(Connection* db, const SQLite::Exception& failure) {
    if (is_disk_full(db, failure))
        return {ErrorKind::storage_full, "the disk of the catalog is full: free some space on it, then try again"};
    const std::string reason = failure.what();
    switch (failure.getErrorCode() & 0xff) {
        case SQLITE_BUSY:
        case SQLITE_LOCKED:
            return {ErrorKind::unavailable, "another program has locked the catalog (" + reason + "): try again later"};
        case SQLITE_NOTADB:
            return {ErrorKind::unavailable,
                    "the catalog file is not an SQLite database: choose another data folder, or restore a backup"};
        case SQLITE_CORRUPT:
            return {ErrorKind::unavailable, "the catalog is damaged (" + reason + "): restore a backup"};
        case SQLITE_IOERR:
        case SQLITE_CANTOPEN:
        case SQLITE_READONLY:
        case SQLITE_PERM:
            return {ErrorKind::unavailable, "the catalog cannot be read or written (" + reason +
                                                "): check its disk and the permissions of the data folder"};
        default:
            return {ErrorKind::internal, "the catalog refused a statement: " + reason};
    }
}

}  // namespace reprieve::catalog
