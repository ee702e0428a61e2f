#include "catalog/catalog.hpp"

#include "base/error.hpp"
#include "catalog/ballast.hpp"
#include "catalog/connection.hpp"
#include "catalog/reader_pool.hpp"
#include "catalog/schema.hpp"
#include "catalog/sqlite_error.hpp"
#include "catalog/writer.hpp"

namespace reprieve::catalog {

namespace {

constexpr const char* file_name = "/catalog.db";

std::unique_ptr<Connection> open_writer(const std::string& path) {
    std::unique_ptr<Connection> connection;
    try {
        connection = std::make_unique<Connection>(path, true);
        bring_up_to_date(*connection);
    } catch (const SQLite::Exception& error) {
        throw to_error(connection.get(), error);
    }
    return connection;
}

// Opening writes a little (the index of the log), so it can need the ballast too.
std::unique_ptr<Connection> open_writer(const std::string& path, Ballast& ballast) {
    try {
        return open_writer(path);
    } catch (const Error& error) {
        if (error.kind() != ErrorKind::storage_full || !ballast.give_up()) throw;
    }
    return open_writer(path);
}

}  // namespace

class Catalog::Impl {
public:
    explicit Impl(const std::string& folder) : readers(folder + file_name), writer(make_writer(folder)) {}

    ReaderPool readers;
    Writer writer;

private:
    static Writer make_writer(const std::string& folder) {
        Ballast ballast(folder);
        auto connection = open_writer(folder + file_name, ballast);
        return {std::move(connection), std::move(ballast)};
    }
};

Catalog::Catalog(const std::string& folder) : impl_(std::make_unique<Impl>(folder)) {}
Catalog::~Catalog() = default;

void Catalog::read(const std::function<void(Connection&)>& work) { impl_->readers.run(work); }

void Catalog::write(const std::function<void(Connection&)>& work) { impl_->writer.run(work); }

std::string Catalog::check_integrity() {
    std::string found;
    const auto report = [&](const std::string& problem) { found += (found.empty() ? "" : "; ") + problem; };
    read([&](Connection& db) {
        for (auto check = db.prepare("PRAGMA integrity_check"); check.step();)
            if (const auto line = check.get<std::string>(0); line != "ok") report(line);
        for (auto check = db.prepare("PRAGMA foreign_key_check"); check.step();)
            report("a row of " + check.get<std::string>(0) + " belongs to a row of " + check.get<std::string>(2) +
                   " that is not there");
    });
    return found.empty() ? "ok" : found;
}

}  // namespace reprieve::catalog
