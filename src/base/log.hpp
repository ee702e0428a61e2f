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
/// The log is global to the process. It is the one exception to the rule "no global state", because every part writes
/// to it, no part reads it, and a logger as argument of each constructor would tell nothing about the object. Any
/// thread may call every function here. Each line is written by one write(), so lines of several threads do not mix. A
/// value cannot end its line or its quotes. A line that cannot be written is dropped, so that the log never stops other
/// work.

/// One key of a line with its value. Key and text value are not copied: they must stay alive until the log call
/// returns. The key must be a string literal in the source. It may have letters, digits and underscores, and must not
/// be "time", "level", "event" or "message". A text value may contain any bytes, even from a client: control characters
/// are escaped, invalid UTF-8 becomes U+FFFD, and the text is cut after max_log_value_bytes.
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

/// Maximum length of a text value in bytes. A longer value is cut, and "…" is added.
constexpr std::size_t max_log_value_bytes = 4096;

/// Writes one line of the level that the function's name says. `event` is a string literal in the source, such as
/// "image.deleted": the part of the program and what happened. `message` is a sentence for a person.
void log_debug(std::string_view event, LogFields fields = {});
void log_debug(std::string_view event, std::string_view message, LogFields fields);
void log_info(std::string_view event, LogFields fields = {});
void log_info(std::string_view event, std::string_view message, LogFields fields);
void log_warning(std::string_view event, LogFields fields = {});
void log_warning(std::string_view event, std::string_view message, LogFields fields);
void log_error(std::string_view event, LogFields fields = {});
void log_error(std::string_view event, std::string_view message, LogFields fields);

/// Sets the lowest level that is written ("debug", "info", "warning" or "error") and the format ("text" or "json").
/// Without this call they are "info" and "text". Throws bad_request for any other word.
///
/// If stderr is the systemd journal, the lines have no time, because the journal adds the time itself. Then each line
/// begins with its priority, such as "<6>", which the journal reads and removes (sd-daemon(3)).
void configure_log(std::string_view level, std::string_view format);

/// Sends all lines, without their newline, to `sink` instead of stderr; an empty `sink` means stderr again. Only tests
/// call this function. Only one thread at a time calls `sink`, which must not log.
void set_log_sink(std::function<void(std::string_view line)> sink);

}  // namespace reprieve
