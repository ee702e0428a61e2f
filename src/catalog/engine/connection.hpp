#pragma once

#include <SQLiteCpp/Database.h>
#include <SQLiteCpp/Statement.h>

#include <concepts>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <type_traits>
#include <unordered_map>
#include <utility>
#include <variant>
#include <vector>

#include "catalog/engine/location_cipher.hpp"

namespace reprieve::catalog {

class Connection;

/// What is bound to a statement; the empty one is NULL. Texts are looked at, not kept: they are copied by bind().
using Value = std::variant<std::monostate, std::int64_t, std::string_view>;

/// Throws bad_request where a number is beyond what the catalog stores (2^63 - 1).
std::int64_t to_stored(std::uint64_t number);

template <typename T>
Value to_value(const T& value) {
    if constexpr (std::is_same_v<T, Value>)
        return value;
    else if constexpr (std::is_enum_v<T>)
        return static_cast<std::int64_t>(value);
    else if constexpr (std::is_same_v<T, std::uint64_t>)
        return to_stored(value);
    else if constexpr (std::integral<T>)
        return static_cast<std::int64_t>(value);
    else
        return std::string_view(value);
}
template <typename T>
Value to_value(const std::optional<T>& value) {
    return value ? to_value(*value) : Value{};
}

/// A prepared statement, borrowed from its connection's cache. Destroying it resets it and gives it back.
class Statement {
public:
    Statement(Statement&&) noexcept = default;
    Statement& operator=(Statement&&) = delete;
    ~Statement();

    /// Binds to ?1, ?2, … in this order.
    template <typename... Arguments>
    Statement& bind(const Arguments&... arguments) {
        int index = 0;
        (bind_value(++index, to_value(arguments)), ...);
        return *this;
    }
    void bind_value(int index, const Value& value);

    /// Goes to the next row; false where there is none.
    bool step() { return statement_->executeStep(); }
    /// Runs it to its end, and restarts it.
    void run();
    /// Makes it ready to be bound and run again; what was bound stays bound.
    void restart() { statement_->reset(); }

    /// Reads a column of the current row, from 0. NULL is 0, "" or, for an optional, nothing.
    template <typename T>
    T get(int column) const;

    Statement(Connection& owner, std::unique_ptr<SQLite::Statement> statement)
        : owner_(&owner), statement_(std::move(statement)) {}

private:
    Connection* owner_;
    std::unique_ptr<SQLite::Statement> statement_;
};

/// One SQLite connection with its prepared statements. Used by one thread at a time.
/// SQLite's own exceptions come out of it; Catalog turns them into Error.
class Connection {
public:
    /// Opens the file; creates it where `create` is set. The settings of a connection are made here. `cipher` outlives
    /// this.
    Connection(const std::string& path, bool create, const LocationCipher& cipher);

    /// How URIs of locations are stored.
    const LocationCipher& location_cipher() const { return cipher_; }

    /// The statement of that text, prepared at its first use. The same text may be in use more than once at a time.
    Statement prepare(std::string_view sql);

    /// Prepares, binds, and runs to the end.
    template <typename... Arguments>
    void run(std::string_view sql, const Arguments&... arguments) {
        prepare(sql).bind(arguments...).run();
    }
    /// Runs a script of several statements; nothing is cached.
    void execute_script(const std::string& sql) { database_.exec(sql); }

    /// Inside Catalog::write: `work` runs once what is written is durable, on the thread that called write(); never
    /// where it fails. It must not throw.
    void after_commit(std::function<void()> work) { after_commit_.push_back(std::move(work)); }
    /// What is to run so far, for the writer: nothing is left here.
    std::vector<std::function<void()>> take_after_commit() { return std::exchange(after_commit_, {}); }

    std::int64_t last_insert_number() const { return database_.getLastInsertRowid(); }
    /// Rows that the last statement changed, triggers not counted.
    std::size_t changes() const;
    bool in_transaction() const;
    SQLite::Database& database() { return database_; }

private:
    friend class Statement;
    struct Cached {
        std::vector<std::unique_ptr<SQLite::Statement>> idle;
        std::uint64_t last_used = 0;
    };
    struct TextHash {
        using is_transparent = void;  // NOLINT(readability-identifier-naming): the name that the standard looks for
        std::size_t operator()(std::string_view text) const { return std::hash<std::string_view>{}(text); }
    };
    void give_back(std::unique_ptr<SQLite::Statement> statement) noexcept;
    void forget_oldest();

    SQLite::Database database_;
    const LocationCipher& cipher_;
    std::unordered_map<std::string, Cached, TextHash, std::equal_to<>> cache_;
    std::uint64_t uses_ = 0;
    std::vector<std::function<void()>> after_commit_;
};

namespace detail {
template <typename T>
struct IsOptional : std::false_type {};
template <typename T>
struct IsOptional<std::optional<T>> : std::true_type {};
}  // namespace detail

template <typename T>
T Statement::get(int column) const {
    const SQLite::Column value = statement_->getColumn(column);
    if constexpr (detail::IsOptional<T>::value) {
        if (value.isNull()) return std::nullopt;
        return get<typename T::value_type>(column);
    } else if constexpr (std::is_same_v<T, std::string>) {
        return value.getString();
    } else if constexpr (std::is_same_v<T, bool>) {
        return value.getInt64() != 0;
    } else {
        return static_cast<T>(value.getInt64());
    }
}

}  // namespace reprieve::catalog
