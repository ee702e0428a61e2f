#pragma once

#include <cstddef>
#include <span>
#include <string>

namespace reprieve {

/// Fills `bytes` from the kernel's random generator; good enough for secrets. Throws internal if the kernel fails.
void fill_random(std::span<unsigned char> bytes);

/// Returns `bytes` random bytes as 2 × `bytes` lower-case hexadecimal digits. Throws as fill_random() does.
std::string random_hex(std::size_t bytes);

}  // namespace reprieve
