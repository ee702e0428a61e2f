#pragma once

#include <string>
#include <string_view>

namespace reprieve {

/// A random UUID (version 4) from the kernel's generator, in canonical form: 36 lower-case characters.
std::string new_uuid();

/// True for the canonical form alone: 8-4-4-4-12 lower-case hexadecimal digits. Only such a text may
/// become part of a path or of an object's name.
bool is_canonical_uuid(std::string_view text);

}  // namespace reprieve
