#pragma once

#include <functional>
#include <string>

#include "store/store.hpp"

namespace reprieve::store {

// Functions for stores that keep files. `folder` is the file descriptor of an open folder. Any thread may call.

/// Returns the size and the free bytes of the folder's file system. Throws internal; `what` ends the message "cannot
/// read the free space …", such as "of the store".
Space disk_space(int folder, const std::string& what);

/// Calls `visit` with the name of every entry of the folder, including "." and "..". Throws internal, and the errors of
/// `visit`; `what` ends the message "cannot list …", such as "the store".
void for_each_name(int folder, const std::string& what, const std::function<void(const char*)>& visit);

}  // namespace reprieve::store
