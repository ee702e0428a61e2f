#include "app/data_folder.hpp"

#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <boost/test/unit_test.hpp>
#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <optional>

#include "tests/error_of.hpp"
#include "tests/scratch_folder.hpp"

using namespace reprieve;
using app::choose_data_folder;
using app::DataFolder;
using tests::error_of;
using tests::ScratchFolder;

BOOST_AUTO_TEST_SUITE(data_folder)

namespace {

/// Sets the variables that decide which folder is used. The destructor restores them.
class Environment {
public:
    Environment(const char* state, const char* xdg, const char* home) : values_{state, xdg, home} { exchange(); }
    Environment(const Environment&) = delete;
    Environment& operator=(const Environment&) = delete;
    ~Environment() { exchange(); }

private:
    void exchange() {
        constexpr std::array names{"STATE_DIRECTORY", "XDG_DATA_HOME", "HOME"};
        for (std::size_t i = 0; i < names.size(); ++i) {
            const char* now = std::getenv(names[i]);
            const std::string wanted = values_[i];
            values_[i] = now == nullptr ? "" : now;
            if (wanted.empty())
                ::unsetenv(names[i]);
            else
                ::setenv(names[i], wanted.c_str(), 1);
        }
    }

    std::array<std::string, 3> values_;
};

std::string text_of(const std::string& file) {
    std::string text;
    std::getline(std::ifstream(file), text);
    return text;
}

}  // namespace

BOOST_AUTO_TEST_CASE(the_choice_goes_from_the_argument_to_the_home_folder) {
    const Environment environment("/state/a:/state/b", "/xdg", "/home/ann");
    BOOST_TEST(choose_data_folder("/arg", "/conf") == "/arg");
    BOOST_TEST(choose_data_folder("", "/conf") == "/conf");
    BOOST_TEST(choose_data_folder("", "") == "/state/a");
    {
        const Environment without_systemd("", "/xdg", "/home/ann");
        BOOST_TEST(choose_data_folder("", "") == "/xdg/reprieve");
    }
    {
        const Environment relative_xdg("", "xdg", "/home/ann");
        BOOST_TEST(choose_data_folder("", "") == "/home/ann/.local/share/reprieve");
    }
    const Environment nothing("", "", "");
    BOOST_TEST(error_of(ErrorKind::bad_request, [] { choose_data_folder("", ""); }).find("--data DIR") !=
               std::string::npos);
}

BOOST_AUTO_TEST_CASE(the_folder_is_created_for_its_owner_alone) {
    const ScratchFolder scratch;
    const DataFolder folder(scratch.path() + "/new/data/");
    BOOST_TEST(folder.path() == scratch.path() + "/new/data");
    BOOST_TEST(folder.catalog_folder() == folder.path());
    BOOST_TEST(folder.admin_socket() == folder.path() + "/admin.sock");
    struct stat status {};
    BOOST_REQUIRE_EQUAL(::stat(folder.path().c_str(), &status), 0);
    BOOST_TEST((status.st_mode & 0777) == 0700U);
}

BOOST_AUTO_TEST_CASE(a_folder_in_use_is_refused_with_the_process_that_has_it) {
    const ScratchFolder scratch;
    std::optional<DataFolder> first(std::in_place, scratch.path());
    const std::string expected = "the data folder " + scratch.path() + " is in use by process " +
                                 std::to_string(::getpid()) +
                                 " (reprieve); stop it first, or choose another with --data";
    BOOST_TEST(error_of(ErrorKind::unavailable, [&] { DataFolder second(scratch.path()); }) == expected);
    BOOST_TEST(error_of(ErrorKind::unavailable, [&] { DataFolder second(scratch.path() + "/."); }) == expected);
    first.reset();
    BOOST_CHECK_NO_THROW(DataFolder(scratch.path()));
}

BOOST_AUTO_TEST_CASE(another_process_is_refused_until_the_first_one_dies) {
    const ScratchFolder scratch;
    std::array<int, 2> ready{};
    std::array<int, 2> end{};
    BOOST_REQUIRE_EQUAL(::pipe(ready.data()), 0);
    BOOST_REQUIRE_EQUAL(::pipe(end.data()), 0);
    std::fflush(nullptr);  // otherwise the child writes the buffered output a second time
    const pid_t child = ::fork();
    BOOST_REQUIRE(child >= 0);
    if (child == 0) {
        ::close(end[1]);
        const DataFolder folder(scratch.path());
        char byte = 'x';
        if (::write(ready[1], &byte, 1) == 1) [[maybe_unused]]
            const ssize_t ended = ::read(end[0], &byte, 1);
        ::_exit(0);  // like a crash: no destructor runs
    }
    char byte = 0;
    BOOST_REQUIRE_EQUAL(::read(ready[0], &byte, 1), 1);
    BOOST_TEST(error_of(ErrorKind::unavailable, [&] {
                   DataFolder second(scratch.path());
               }).find("process " + std::to_string(child) + " (reprieve)") != std::string::npos);
    ::close(end[1]);
    BOOST_REQUIRE_EQUAL(::waitpid(child, nullptr, 0), child);
    BOOST_CHECK_NO_THROW(DataFolder(scratch.path()));
    for (const int fd : {ready[0], ready[1], end[0]}) ::close(fd);
}

BOOST_AUTO_TEST_CASE(a_lock_file_of_a_dead_process_is_no_lock_though_its_pid_lives) {
    const ScratchFolder scratch;
    std::ofstream(scratch.path() + "/lock") << "1 reprieve, and more text than the next owner writes\n";
    const DataFolder folder(scratch.path());
    BOOST_TEST(text_of(scratch.path() + "/lock") == std::to_string(::getpid()) + " reprieve");
}

BOOST_AUTO_TEST_CASE(a_path_too_long_for_the_socket_is_explained) {
    const ScratchFolder scratch;
    const std::string longest = scratch.path() + '/' + std::string(107 - 12 - scratch.path().size(), 'd');
    BOOST_TEST(DataFolder(longest).admin_socket().size() == 107U);
    const std::string message = error_of(ErrorKind::bad_request, [&] { DataFolder folder(longest + "d"); });
    BOOST_TEST(message.find("has 108 bytes, and a Unix socket's can have 107") != std::string::npos, message);
    BOOST_TEST(!std::filesystem::exists(longest + "d"));
}

BOOST_AUTO_TEST_SUITE_END()
