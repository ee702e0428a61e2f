#pragma once

#include <functional>
#include <string>

#include "store/store.hpp"

namespace reprieve::store {

// What the stores of files ask of a folder. Any thread may call.

/// What its file system has, and what is free for us. Throws internal: "cannot read the free space", and `what` for, as
/// "of the store".
Space disk_space(int folder, const std::string& what);

/// Calls `visit` with the name of every entry, "." and ".." too. Throws what `visit` throws, and internal: "cannot
/// list", and `what`, as "the store".
void for_each_name(int folder, const std::string& what, const std::function<void(const char*)>& visit);

}  // namespace reprieve::store
