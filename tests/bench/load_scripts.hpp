#pragma once

#include <memory>
#include <string>
#include <vector>

#include "tests/bench/http_load.hpp"

namespace reprieve::bench {

/// Returns a script that gets the paths in turn. Each client begins with another path.
std::unique_ptr<Script> get_paths(std::vector<std::string> paths);

/// Returns a script that shows the first `images` seeded images, in a mixed order.
std::unique_ptr<Script> show_images(std::uint64_t images);

/// Returns a script that creates an image, then deletes it.
std::unique_ptr<Script> create_and_delete();

/// Returns a script that creates an image, uploads `bytes` bytes and deletes it, so that it is in the bin. All clients
/// together make `images` images.
std::unique_ptr<Script> fill_bin(std::uint64_t images, std::size_t bytes);

}  // namespace reprieve::bench
