#pragma once

#include <cstddef>
#include <span>
#include <string>

namespace reprieve {

/// Random bytes from the kernel's generator, fit for secrets. Throws internal where it gives none.
void fill_random(std::span<unsigned char> bytes);

/// As many of them, as two lower-case hexadecimal digits each.
std::string random_hex(std::size_t bytes);

}  // namespace reprieve
