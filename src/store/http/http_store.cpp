#include "store/http/http_store.hpp"

#include <charconv>

#include "base/error.hpp"

namespace reprieve::store {
namespace {

net::AddressGuard guard_of(const StoreConfig& config) {
    std::vector<std::uint16_t> ports;
    for (const std::string& text : config.allowed_ports)
        std::from_chars(text.data(), text.data() + text.size(), ports.emplace_back());
    return {{config.allowed_addresses.begin(), config.allowed_addresses.end()}, std::move(ports)};
}

[[noreturn]] void refuse_write() {
    throw Error(ErrorKind::bad_request,
                "a store of type http is read-only: upload to another one, or register a location of the image");
}

}  // namespace

HttpStore::HttpStore(const StoreConfig& config)
    : trust_(config.ca_file),
      fetch_(guard_of(config), trust_),
      patience_{.timeout_us = config.timeout_us, .min_rate = config.min_rate} {}

bool HttpStore::takes_location(const std::string& uri) const {
    return uri.starts_with("http://") || uri.starts_with("https://");
}

std::string HttpStore::uri_for(const std::string&) const { refuse_write(); }

std::unique_ptr<Writer> HttpStore::create(const std::string&, std::optional<std::uint64_t>) { refuse_write(); }

std::unique_ptr<Reader> HttpStore::open(const std::string& uri) {
    return std::make_unique<HttpReader>(fetch_, uri, patience_);
}

StoredObject HttpStore::stat(const std::string& uri) {
    return {.uri = uri, .image_id = {}, .size = open(uri)->size(), .allocated = 0};
}

}  // namespace reprieve::store
