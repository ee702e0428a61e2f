#include "base/log.hpp"

#include <spdlog/logger.h>
#include <spdlog/sinks/sink.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <atomic>
#include <cstdlib>
#include <memory>
#include <string>
#include <utility>

#include "base/error.hpp"
#include "base/hex.hpp"
#include "base/mutex.hpp"
#include "base/timestamp.hpp"
#include "base/utf8.hpp"

namespace reprieve {
namespace {

struct LevelName {
    std::string_view name;
    std::string_view padded;
    std::string_view priority;  ///< priority of syslog in the form of sd-daemon(3)
    spdlog::level::level_enum level;
};

constexpr std::array<LevelName, 4> levels{{{"debug", "debug", "<7>", spdlog::level::debug},
                                           {"info", "info ", "<6>", spdlog::level::info},
                                           {"warning", "warn ", "<4>", spdlog::level::warn},
                                           {"error", "error", "<3>", spdlog::level::err}}};

const LevelName& name_of(spdlog::level::level_enum level) {
    const auto* found =
        std::find_if(levels.begin(), levels.end(), [&](const LevelName& l) { return l.level == level; });
    return found == levels.end() ? levels.back() : *found;
}

/// Appends `text` as a JSON string. The log format "text" quotes values in the same way.
void append_quoted(std::string& out, std::string_view text) {
    const std::size_t whole = text.size();
    text = text.substr(0, max_log_value_bytes);
    out += '"';
    for (std::string_view rest = text; !rest.empty();) {
        const auto [code, size] = first_character(rest).value_or(Utf8Character{0xFFFD, 1});
        if (code == '"' || code == '\\') {
            out += '\\';
            out += static_cast<char>(code);
        } else if (code == '\n') {
            out += "\\n";
        } else if (steers_output(code)) {
            out += "\\u";
            append_hex(out, static_cast<unsigned char>(code >> 8));
            append_hex(out, static_cast<unsigned char>(code & 0xFF));
        } else if (code == 0xFFFD) {
            out += "\xEF\xBF\xBD";
        } else {
            out += rest.substr(0, size);
        }
        rest.remove_prefix(size);
    }
    if (whole > text.size()) out += "…";
    out += '"';
}

bool needs_quotes(std::string_view text) {
    const auto plain = [](unsigned char c) { return c > ' ' && c < 0x7F && c != '"' && c != '\\' && c != '='; };
    return text.empty() || text.size() > max_log_value_bytes || !std::all_of(text.begin(), text.end(), plain);
}

void append_value(std::string& out, const LogField& field, bool json) {
    std::visit(
        [&](const auto& value) {
            using Value = std::decay_t<decltype(value)>;
            if constexpr (std::is_same_v<Value, std::string_view>) {
                if (json || needs_quotes(value))
                    append_quoted(out, value);
                else
                    out += value;
            } else if constexpr (std::is_same_v<Value, bool>) {
                out += value ? "true" : "false";
            } else {
                out += std::to_string(value);
            }
        },
        field.value);
}

void append_field(std::string& out, const LogField& field, bool json) {
    if (json) {
        out += ",\"";
        out += field.key;
        out += "\":";
    } else {
        out += ' ';
        out += field.key;
        out += '=';
    }
    append_value(out, field, json);
}

std::string format_time(spdlog::log_clock::time_point time) {
    const std::int64_t us = std::chrono::duration_cast<std::chrono::microseconds>(time.time_since_epoch()).count();
    std::string text = format_timestamp(us);
    text.pop_back();
    const std::string ms = std::to_string(us / 1000 % 1000);
    return text + '.' + std::string(3 - ms.size(), '0') + ms + 'Z';
}

/// Returns true if stderr is the systemd journal: the variable JOURNAL_STREAM (systemd.exec(5)) holds the device and
/// inode of stderr. That the variable is set does not suffice, because a process can inherit it with stderr redirected.
bool stderr_is_journal() {
    const char* stream = std::getenv("JOURNAL_STREAM");
    struct stat status {};
    if (stream == nullptr || ::fstat(STDERR_FILENO, &status) != 0) return false;
    return stream == std::to_string(status.st_dev) + ':' + std::to_string(status.st_ino);
}

/// Sink of spdlog that adds time and level to each line and writes the line. Any thread may use it.
class LineSink final : public spdlog::sinks::sink {
public:
    std::atomic<bool> json{false};

    void set_output(std::function<void(std::string_view)> output) {
        const MutexLock lock(mutex_);
        output_ = std::move(output);
    }

    void set_journal(bool journal) {
        const MutexLock lock(mutex_);
        journal_ = journal;
    }

    void log(const spdlog::details::log_msg& message) override {
        const MutexLock lock(mutex_);
        const LevelName& level = name_of(message.level);
        // Use the format in which the payload was made, because the setting may have changed since then.
        const bool as_json = message.payload.size() > 0 && message.payload.data()[0] == ',';
        line_.clear();
        if (journal_) line_ += level.priority;
        if (as_json) line_ += '{';
        if (!journal_) {
            const std::string time = format_time(message.time);
            line_ += as_json ? "\"time\":\"" + time + "\"," : time + ' ';
        }
        if (as_json)
            line_ += "\"level\":\"" + std::string(level.name) + '"';
        else
            line_ += level.padded;
        line_.append(message.payload.data(), message.payload.size());
        if (as_json) line_ += '}';
        if (output_) return output_(line_);
        line_ += '\n';
        [[maybe_unused]] const ssize_t written = ::write(STDERR_FILENO, line_.data(), line_.size());
    }

    void flush() override {}
    void set_pattern(const std::string&) override {}
    void set_formatter(std::unique_ptr<spdlog::formatter>) override {}

private:
    Mutex mutex_;
    std::function<void(std::string_view)> output_ GUARDED_BY(mutex_);
    bool journal_ GUARDED_BY(mutex_) = stderr_is_journal();
    std::string line_ GUARDED_BY(mutex_);
};

struct Log {
    std::shared_ptr<LineSink> sink = std::make_shared<LineSink>();
    spdlog::logger logger{"reprieve", sink};
};

Log& the_log() {
    static Log log;
    return log;
}

void write(spdlog::level::level_enum level, std::string_view event, const std::string_view* message, LogFields fields) {
    Log& log = the_log();
    if (!log.logger.should_log(level)) return;
    const bool json = log.sink->json;
    std::string line;
    if (json) {
        append_field(line, LogField("event", event), true);
    } else {
        line += ' ';
        line += event;
    }
    if (message != nullptr) append_field(line, LogField("message", *message), json);
    for (const LogField& field : fields) append_field(line, field, json);
    log.logger.log(level, spdlog::string_view_t(line.data(), line.size()));
}

}  // namespace

void log_debug(std::string_view event, LogFields fields) { write(spdlog::level::debug, event, nullptr, fields); }
void log_info(std::string_view event, LogFields fields) { write(spdlog::level::info, event, nullptr, fields); }
void log_warning(std::string_view event, LogFields fields) { write(spdlog::level::warn, event, nullptr, fields); }
void log_error(std::string_view event, LogFields fields) { write(spdlog::level::err, event, nullptr, fields); }

void log_debug(std::string_view event, std::string_view message, LogFields fields) {
    write(spdlog::level::debug, event, &message, fields);
}
void log_info(std::string_view event, std::string_view message, LogFields fields) {
    write(spdlog::level::info, event, &message, fields);
}
void log_warning(std::string_view event, std::string_view message, LogFields fields) {
    write(spdlog::level::warn, event, &message, fields);
}
void log_error(std::string_view event, std::string_view message, LogFields fields) {
    write(spdlog::level::err, event, &message, fields);
}

void configure_log(std::string_view level, std::string_view format) {
    const auto* found = std::find_if(levels.begin(), levels.end(), [&](const LevelName& l) { return l.name == level; });
    if (found == levels.end())
        throw Error(ErrorKind::bad_request,
                    "the log level '" + std::string(level) + "' is unknown: use debug, info, warning or error");
    if (format != "text" && format != "json")
        throw Error(ErrorKind::bad_request,
                    "the log format '" + std::string(format) + "' is unknown: use text or json");
    Log& log = the_log();
    log.logger.set_level(found->level);
    log.sink->json = format == "json";
    log.sink->set_journal(stderr_is_journal());
}

void set_log_sink(std::function<void(std::string_view line)> sink) { the_log().sink->set_output(std::move(sink)); }

}  // namespace reprieve
