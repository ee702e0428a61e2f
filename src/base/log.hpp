#pragma once

#include <concepts>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <initializer_list>
#include <string_view>
#include <variant>

namespace reprieve {

/// The structured log: one line for each event, on stderr, as text or as JSON.
///
///     log_info("image.deleted", {{"image", id}, {"by", user}, {"bytes", size}});
///     log_error("store.failed", error.what(), {{"store", name}});
///
///     2026-11-23T07:00:00.123Z info  image.deleted image=4c1a… by="Ann Smith" bytes=1024
///     {"time":"2026-11-23T07:00:00.123Z","level":"info","event":"image.deleted","image":"4c1a…",…}
///
/// The log is process-wide, the one exception to "no global state": every part logs, no part reads the log back, and a
/// logger in each constructor would tell nothing about the object. Any thread may call every function here. Each line
/// is written whole, by one write(). No value can break out of its line or its quotes. A line that cannot be written is
/// dropped: the log never stops other work.

/// One key with its value; both must stay alive until the log call returns. The key is a literal of the program:
/// letters, digits and underscores, but not "time", "level", "event" or "message". The value may be any bytes, also
/// from a client: control characters are escaped, invalid UTF-8 becomes U+FFFD, and a text is cut after
/// max_log_value_bytes.
class LogField {
public:
    LogField(std::string_view name, std::string_view text) : key(name), value(text) {}
    LogField(std::string_view name, const char* text) : key(name), value(std::string_view(text)) {}
    LogField(std::string_view name, bool flag) : key(name), value(flag) {}
    template <std::signed_integral Number>
    LogField(std::string_view name, Number number) : key(name), value(std::int64_t{number}) {}
    template <std::unsigned_integral Number>
    LogField(std::string_view name, Number number) : key(name), value(std::uint64_t{number}) {}

    std::string_view key;
    std::variant<std::string_view, std::int64_t, std::uint64_t, bool> value;
};

using LogFields = std::initializer_list<LogField>;

/// Longest text value in a line; a longer one is cut and ends with "…".
constexpr std::size_t max_log_value_bytes = 4096;

/// Writes one line. `event` is a literal of the program, "part.what_happened"; `message` is a sentence for a person.
void log_debug(std::string_view event, LogFields fields = {});
void log_debug(std::string_view event, std::string_view message, LogFields fields);
void log_info(std::string_view event, LogFields fields = {});
void log_info(std::string_view event, std::string_view message, LogFields fields);
void log_warning(std::string_view event, LogFields fields = {});
void log_warning(std::string_view event, std::string_view message, LogFields fields);
void log_error(std::string_view event, LogFields fields = {});
void log_error(std::string_view event, std::string_view message, LogFields fields);

/// Sets the lowest level that is written ("debug", "info", "warning" or "error") and the format ("text" or "json"). The
/// defaults are "info" and "text". Throws bad_request for any other word.
///
/// If stderr is the systemd journal, lines carry no time, because the journal adds it. They begin with their priority,
/// which the journal removes (sd-daemon(3)).
void configure_log(std::string_view level, std::string_view format);

/// Sends all lines, without their newline, to `sink` instead of stderr; an empty `sink` means stderr again. For tests.
/// The sink is called by one thread at a time and must not log.
void set_log_sink(std::function<void(std::string_view line)> sink);

}  // namespace reprieve
