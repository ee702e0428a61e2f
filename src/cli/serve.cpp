#include <malloc.h>
#include <pthread.h>
#include <sys/resource.h>
#include <unistd.h>

#include <cerrno>
#include <csignal>
#include <cstring>
#include <iostream>

#include "app/appliance.hpp"
#include "app/data_folder.hpp"
#include "base/clock.hpp"
#include "base/error.hpp"
#include "base/log.hpp"
#include "cli/commands.hpp"

namespace reprieve::cli {
namespace {

void set_signal(int number, void (*handler)(int)) {
    struct sigaction action {};
    action.sa_handler = handler;
    if (sigaction(number, &action, nullptr) != 0) throw_errno("cannot set what a signal does", errno);
}

/// The signals that end the appliance or have it read its certificate anew, blocked in every thread so that sigwait()
/// alone sees them.
sigset_t block_signals() {
    sigset_t signals;
    sigemptyset(&signals);
    sigaddset(&signals, SIGTERM);
    sigaddset(&signals, SIGINT);
    sigaddset(&signals, SIGHUP);
    pthread_sigmask(SIG_BLOCK, &signals, nullptr);
    set_signal(SIGPIPE, SIG_IGN);
    return signals;
}

/// Every connection and every open image takes a file: as many as the system allows.
void raise_file_limit() {
    rlimit limit{};
    if (getrlimit(RLIMIT_NOFILE, &limit) != 0) return;
    limit.rlim_cur = limit.rlim_max;
    setrlimit(RLIMIT_NOFILE, &limit);
}

}  // namespace

int serve(const Options& options) {
    const Config config = load(options);
    configure_log(config.log.level, config.log.format);
    // Threads come and go with the load; without this glibc keeps an arena of memory for each that ever was.
    mallopt(M_ARENA_MAX, 2);
    raise_file_limit();
    const sigset_t signals = block_signals();

    const SystemClock clock;
    const app::DataFolder folder(app::choose_data_folder(options.data, config.server.data));
    app::Appliance appliance(config, folder, clock, app::Mode::serve);
    appliance.start();
    // A secret is for eyes, not for files: a stderr that is no terminal may be kept as a log.
    if (appliance.first_sign_in() && ::isatty(STDERR_FILENO) != 0)
        std::cerr << *appliance.first_sign_in() << std::flush;

    int received = 0;
    while (sigwait(&signals, &received) == 0 && received == SIGHUP) appliance.reload();
    // A second signal, from somebody who will not wait, ends the process at once.
    set_signal(SIGTERM, SIG_DFL);
    set_signal(SIGINT, SIG_DFL);
    set_signal(SIGHUP, SIG_IGN);
    pthread_sigmask(SIG_UNBLOCK, &signals, nullptr);
    log_info("server.stopping", {{"signal", strsignal(received)}});
    appliance.stop();
    log_info("server.stopped");
    return 0;
}

}  // namespace reprieve::cli
