#pragma once

#include <concepts>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <initializer_list>
#include <string_view>
#include <variant>

namespace reprieve {

/// The structured log: one line an event, on stderr, as text or as JSON.
///
///     log_info("image.deleted", {{"image", id}, {"by", user}, {"bytes", size}});
///     log_error("store.failed", error.what(), {{"store", name}});
///
///     2026-11-23T07:00:00.123Z info  image.deleted image=4c1a… by="Ann Smith" bytes=1024
///     {"time":"2026-11-23T07:00:00.123Z","level":"info","event":"image.deleted","image":"4c1a…",…}
///
/// It is process-wide, the one exception to "no global state": every part logs, nothing reads the log
/// back, and a logger handed through each constructor would say nothing about the thing constructed.
/// Any thread may call any of this. A line is written with one write() and is whole; no value can
/// break out of its line, or out of its quotes. What cannot be written is dropped: a log never stops work.

/// One key and its value, alive until the call returns. The key is a literal of the program: letters,
/// digits and underscores, and none of time, level, event and message. The value may be anything, also
/// what a client sent: control characters are escaped, what is not UTF-8 becomes U+FFFD, and what is beyond
/// max_log_value_bytes is cut.
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

constexpr std::size_t max_log_value_bytes = 4096;

/// `event` is a literal of the program, "part.what_happened"; `message` a sentence for a person.
void log_debug(std::string_view event, LogFields fields = {});
void log_debug(std::string_view event, std::string_view message, LogFields fields);
void log_info(std::string_view event, LogFields fields = {});
void log_info(std::string_view event, std::string_view message, LogFields fields);
void log_warning(std::string_view event, LogFields fields = {});
void log_warning(std::string_view event, std::string_view message, LogFields fields);
void log_error(std::string_view event, LogFields fields = {});
void log_error(std::string_view event, std::string_view message, LogFields fields);

/// `level`: "debug", "info", "warning" or "error": what is below it is not written. `format`: "text"
/// or "json". Before the first call it is info and text. Throws bad_request on another word.
///
/// Where stderr is the systemd journal, lines carry no time, which the journal has, and begin with the
/// priority that it takes off again (sd-daemon(3)).
void configure_log(std::string_view level, std::string_view format);

/// For tests: lines, without their newline, go to `sink` instead; an empty one means stderr again. The sink
/// is called by one thread at a time and must not log.
void set_log_sink(std::function<void(std::string_view line)> sink);

}  // namespace reprieve
