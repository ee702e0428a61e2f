#pragma once

#include <cstdint>
#include <string>

namespace reprieve {

/// A number of bytes for a person: "0 B", "512 B", "1.5 GiB". One digit after the point, rounded down.
std::string size_text(std::uint64_t bytes);

}  // namespace reprieve
