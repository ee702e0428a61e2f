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

/// Value to bind to a statement; std::monostate is NULL. A text is a view of characters that must stay valid until the
/// value is bound. Binding copies the characters.
using Value = std::variant<std::monostate, std::int64_t, std::string_view>;

/// Converts a number to the integer type of SQLite. Throws bad_request if it exceeds 2^63 - 1.
std::int64_t to_stored(std::uint64_t number);

/// Converts to a Value: an enum becomes its number, and a text becomes a view of `value`. Throws bad_request if an
/// unsigned number exceeds 2^63 - 1.
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
/// Converts to a Value; nullopt becomes NULL.
template <typename T>
Value to_value(const std::optional<T>& value) {
    return value ? to_value(*value) : Value{};
}

/// Prepared statement, borrowed from the cache of its connection. The destructor resets the statement and returns it to
/// the cache. The functions throw SQLite::Exception if SQLite reports a failure. Requires: the connection outlives this
/// object.
class Statement {
public:
    Statement(Statement&&) noexcept = default;
    Statement& operator=(Statement&&) = delete;
    ~Statement();

    /// Binds the arguments to ?1, ?2, … in this order. Throws bad_request if an unsigned number exceeds 2^63 - 1.
    template <typename... Arguments>
    Statement& bind(const Arguments&... arguments) {
        int index = 0;
        (bind_value(++index, to_value(arguments)), ...);
        return *this;
    }
    /// Binds one value. `index` counts from 1.
    void bind_value(int index, const Value& value);

    /// Goes to the next row. Returns false if there is none.
    bool step() { return statement_->executeStep(); }
    /// Runs the statement to its end, ignoring its rows, and restarts it.
    void run();
    /// Makes the statement ready to be bound and run again. Bound values stay bound.
    void restart() { statement_->reset(); }

    /// Returns a column of the current row. `column` counts from 0. NULL becomes 0 or "", or nullopt if T is an
    /// optional.
    template <typename T>
    T get(int column) const;

    /// Call only from Connection::prepare().
    Statement(Connection& owner, std::unique_ptr<SQLite::Statement> statement)
        : owner_(&owner), statement_(std::move(statement)) {}

private:
    Connection* owner_;
    std::unique_ptr<SQLite::Statement> statement_;
};

/// SQLite connection with a cache of prepared statements. Use it on one thread at a time. Throws SQLite::Exception if
/// SQLite reports a failure; Catalog turns that exception into an Error.
class Connection {
public:
    /// Opens the file and sets the PRAGMAs that each connection needs. If `create` is set, creates a missing file.
    /// Requires: `cipher` outlives this object.
    Connection(const std::string& path, bool create, const LocationCipher& cipher);

    /// Returns the cipher for the URIs of locations.
    const LocationCipher& location_cipher() const { return cipher_; }

    /// Returns a prepared statement for the text `sql`, from the cache if it has one. Several statements with the same
    /// text may be in use at the same time.
    Statement prepare(std::string_view sql);

    /// Prepares the statement, binds the arguments and runs it to its end.
    template <typename... Arguments>
    void run(std::string_view sql, const Arguments&... arguments) {
        prepare(sql).bind(arguments...).run();
    }
    /// Runs a script of one or more statements, without the cache of statements.
    void execute_script(const std::string& sql) { database_.exec(sql); }

    /// Registers `work` to run once the current Catalog::write is durable, on the thread that called write(). `work`
    /// never runs if the write fails, and must not throw. Requires: called inside Catalog::write.
    void after_commit(std::function<void()> work) { after_commit_.push_back(std::move(work)); }
    /// Returns the work that after_commit() has registered, and forgets it. Call only from the writer.
    std::vector<std::function<void()>> take_after_commit() { return std::exchange(after_commit_, {}); }

    /// Returns the row number (rowid) of the row that was inserted last.
    std::int64_t last_insert_number() const { return database_.getLastInsertRowid(); }
    /// Returns how many rows the last statement changed, without those that triggers changed.
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
