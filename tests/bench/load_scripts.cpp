#include "tests/bench/load_scripts.hpp"

#include "base/uuid.hpp"
#include "tests/bench/seed.hpp"

namespace reprieve::bench {
namespace {

const std::string version_and_host = " HTTP/1.1\r\nHost: 127.0.0.1\r\n";

std::string get(const std::string& path) { return "GET " + path + version_and_host + "\r\n"; }

std::string with_body(const std::string& request, const std::string& type, const std::string& body) {
    return request + version_and_host + "Content-Type: " + type + "\r\nContent-Length: " + std::to_string(body.size()) +
           "\r\n\r\n" + body;
}

class GetPaths final : public Script {
public:
    explicit GetPaths(std::vector<std::string> paths) : paths_(std::move(paths)) {}
    std::string next(std::size_t client, std::uint64_t sent) override {
        return get(paths_[(client + sent) % paths_.size()]);
    }

private:
    std::vector<std::string> paths_;
};

class ShowImages final : public Script {
public:
    explicit ShowImages(std::uint64_t images) : images_(images) {}
    std::string next(std::size_t, std::uint64_t) override {
        // The step is a prime, so it visits every image unless the number of images is a multiple of it.
        at_ = (at_ + 611'953) % images_;
        return get("/v2/images/" + seeded_id(at_));
    }

private:
    const std::uint64_t images_;
    std::uint64_t at_ = 0;
};

/// Script that creates an image, uploads to it if there is data, and deletes it.
class ImageLives final : public Script {
public:
    ImageLives(std::uint64_t images, const std::string& data) : images_(images), data_(data) {}

    std::uint64_t requests_a_piece() const override { return data_.empty() ? 2 : 3; }

    std::string next(std::size_t client, std::uint64_t sent) override {
        const auto step = sent % requests_a_piece();
        if (ids_.size() <= client) ids_.resize(client + 1);
        std::string& id = ids_[client];
        if (step == 0) {
            if (made_ == images_) return {};
            ++made_;
            id = new_uuid();
            return with_body("POST /v2/images", "application/json",
                             R"({"id": ")" + id + R"(", "name": "bench", "disk_format": "raw", )" +
                                 R"("container_format": "bare", "tags": ["a", "b"], "os_distro": "debian"})");
        }
        if (step + 1 < requests_a_piece())
            return with_body("PUT /v2/images/" + id + "/file", "application/octet-stream", data_);
        return "DELETE /v2/images/" + id + version_and_host + "\r\n";
    }

private:
    const std::uint64_t images_;
    const std::string data_;
    std::uint64_t made_ = 0;
    std::vector<std::string> ids_;
};

}  // namespace

std::unique_ptr<Script> get_paths(std::vector<std::string> paths) {
    return std::make_unique<GetPaths>(std::move(paths));
}

std::unique_ptr<Script> show_images(std::uint64_t images) { return std::make_unique<ShowImages>(images); }

std::unique_ptr<Script> create_and_delete() { return std::make_unique<ImageLives>(UINT64_MAX, ""); }

std::unique_ptr<Script> fill_bin(std::uint64_t images, std::size_t bytes) {
    return std::make_unique<ImageLives>(images, std::string(bytes, 'x'));
}

}  // namespace reprieve::bench
