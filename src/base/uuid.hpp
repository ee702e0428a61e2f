#pragma once

#include <string>
#include <string_view>

namespace reprieve {

/// Returns a new random UUID (version 4) in canonical form: 36 lower-case characters. Throws internal if the kernel
/// gives no random bytes.
std::string new_uuid();

/// Returns true only for the canonical form: 8-4-4-4-12 lower-case hexadecimal digits, of any version. Check an id with
/// this function before it becomes part of a path or of the name of an object in a store.
bool is_canonical_uuid(std::string_view text);

}  // namespace reprieve
