#pragma once

#include <memory>
#include <string>
#include <vector>

#include "tests/bench/http_load.hpp"

namespace reprieve::bench {

/// GET of the paths, one after the other, a different one for each client.
std::unique_ptr<Script> get_paths(std::vector<std::string> paths);

/// GET of one of the first `images` seeded images, in no order.
std::unique_ptr<Script> show_images(std::uint64_t images);

/// Creates an image and deletes it.
std::unique_ptr<Script> create_and_delete();

/// Creates an image, uploads so many bytes and deletes it: into the bin. All clients together make `images`.
std::unique_ptr<Script> fill_bin(std::uint64_t images, std::size_t bytes);

}  // namespace reprieve::bench
