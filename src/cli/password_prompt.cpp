#include "cli/password_prompt.hpp"

#include <fcntl.h>
#include <termios.h>
#include <unistd.h>

#include <iostream>
#include <optional>

#include "base/error.hpp"
#include "base/file.hpp"

namespace reprieve::cli {
namespace {

// A limit that is higher than the appliance's limit for passwords. The appliance checks its own limit, and names it in
// the error.
constexpr std::size_t max_line_bytes = 4096;

/// Terminal that shows no typed characters until the object is destroyed. The interrupt key (Ctrl-C) ends the line
/// instead of the process, so that the destructor always runs and turns the echo on again.
class SilentTerminal {
public:
    explicit SilentTerminal(int terminal) : terminal_(terminal) {
        if (::tcgetattr(terminal_, &before_) != 0) return;
        termios silent = before_;
        silent.c_lflag &= ~static_cast<tcflag_t>(ECHO | ISIG);
        silent.c_lflag |= ECHONL;
        silent.c_cc[VEOL] = before_.c_cc[VINTR];
        is_set_ = ::tcsetattr(terminal_, TCSAFLUSH, &silent) == 0;
    }
    ~SilentTerminal() {
        if (is_set_) ::tcsetattr(terminal_, TCSAFLUSH, &before_);
    }
    SilentTerminal(const SilentTerminal&) = delete;
    SilentTerminal& operator=(const SilentTerminal&) = delete;

    bool is_silent() const { return is_set_; }
    char interrupt() const { return static_cast<char>(before_.c_cc[VINTR]); }

private:
    int terminal_;
    termios before_{};
    bool is_set_ = false;
};

/// Reads a line and returns it without its line end. Throws bad_request if the line is empty or too long, or contains
/// the character `interrupt`. Reads byte by byte, because the bytes after the line may be for another program.
std::string read_line(int from, std::optional<char> interrupt = {}) {
    std::string line;
    char c = 0;
    while (::read(from, &c, 1) == 1 && c != '\n') {
        if (c == interrupt) throw Error(ErrorKind::bad_request, "interrupted; nothing was changed");
        line += c;
        if (line.size() > max_line_bytes) throw Error(ErrorKind::bad_request, "the password is too long");
    }
    if (line.ends_with('\r')) line.pop_back();
    if (line.empty()) throw Error(ErrorKind::bad_request, "no password was given; nothing was changed");
    return line;
}

std::string ask(int terminal, const std::string& question) {
    const SilentTerminal silent(terminal);
    if (!silent.is_silent())
        throw Error(ErrorKind::bad_request, "the terminal cannot hide a password: use --password-stdin");
    std::cerr << question << std::flush;
    return read_line(terminal, silent.interrupt());
}

}  // namespace

std::string read_new_password(const std::string& who, bool from_stdin) {
    if (from_stdin) return read_line(STDIN_FILENO);
    const FileDescriptor terminal(::open("/dev/tty", O_RDWR | O_CLOEXEC | O_NOCTTY));
    if (!terminal)
        throw Error(ErrorKind::bad_request, "there is no terminal to ask for a password on: use --password-stdin");
    std::string password = ask(terminal.get(), "Password for " + who + ": ");
    if (ask(terminal.get(), "Repeat the password: ") != password)
        throw Error(ErrorKind::bad_request, "the two passwords differ; nothing was changed");
    return password;
}

}  // namespace reprieve::cli
