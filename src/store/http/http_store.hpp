#pragma once

#include <string>

#include "config/config.hpp"
#include "net/http_fetch.hpp"
#include "store/http/http_reader.hpp"
#include "store/store.hpp"

namespace reprieve::store {

/// Read-only store of images on web servers, each under the URL that an admin registered. remove() does
/// nothing, because the bytes belong to the server.
class HttpStore final : public Store {
public:
    /// Throws bad_request if the certificates of `config` cannot be read.
    explicit HttpStore(const StoreConfig& config);

    bool is_read_only() const override { return true; }
    bool takes_location(const std::string& uri) const override;

    /// Throws bad_request, as create() does, because the store is read-only.
    std::string uri_for(const std::string& image_id) const override;
    std::unique_ptr<Writer> create(const std::string& uri, std::optional<std::uint64_t> size) override;

    /// Throws the errors of Store::open(), and forbidden if the address of the server is not allowed.
    std::unique_ptr<Reader> open(const std::string& uri) override;
    std::optional<std::uint64_t> remove(const std::string&) override { return {}; }
    StoredObject stat(const std::string& uri) override;
    void list(const std::function<void(const StoredObject&)>&) override {}
    std::size_t remove_temporary() override { return 0; }
    Space space() override { return {}; }

private:
    const net::TlsTrust trust_;
    const net::HttpFetch fetch_;
    const HttpPatience patience_;
};

}  // namespace reprieve::store
