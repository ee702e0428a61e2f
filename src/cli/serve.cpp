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
    if (sigaction(number, &action, nullptr) != 0) throw_errno("cannot set a signal handler", errno);
}

/// Blocks the signals that stop the appliance or reload its certificate, in this thread and in all threads that it
/// starts later, so that only sigwait() receives them. Returns these signals.
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

/// Raises the limit of open files to the maximum, because every connection and every open image needs a file
/// descriptor.
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
    // The number of threads rises and falls with the load. Without this limit, glibc keeps memory arenas for many
    // threads that have ended.
    mallopt(M_ARENA_MAX, 2);
    raise_file_limit();
    const sigset_t signals = block_signals();

    const SystemClock clock;
    const app::DataFolder folder(app::choose_data_folder(options.data, config.server.data));
    app::Appliance appliance(config, folder, clock, app::Mode::serve);
    appliance.start();
    // Print the secret of the first sign-in only on a terminal. Otherwise stderr may be a file that is kept as a log.
    if (appliance.first_sign_in() && ::isatty(STDERR_FILENO) != 0)
        std::cerr << *appliance.first_sign_in() << std::flush;

    int received = 0;
    while (sigwait(&signals, &received) == 0 && received == SIGHUP) appliance.reload();
    // A second signal ends the process at once, for users who do not want to wait.
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
