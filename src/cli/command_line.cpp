#include "cli/command_line.hpp"

#include <sys/stat.h>

#include <CLI/CLI.hpp>
#include <functional>
#include <iostream>

#include "base/error.hpp"
#include "cli/commands.hpp"
#include "cli/console.hpp"

namespace reprieve::cli {
namespace {

constexpr int exit_failed = 1;
constexpr int exit_wrong_use = 2;

constexpr const char* about = R"(An image service in one file, with a recycle bin that really gives back.

  reprieve                     serve on http://127.0.0.1:9292, nothing to configure
  reprieve trash list          what was deleted, and when it will be scrubbed
  reprieve trash restore NAME  take it back, whole

The clients of the OpenStack Image API work with it as they are:

  openstack --os-auth-type none --os-endpoint http://127.0.0.1:9292 image list)";

constexpr const char* exit_codes = "\nExit status: 0 done, 1 failed, 2 wrong use.";

/// The command line: which words there are, what they mean, and what runs.
class CommandLine {
public:
    CommandLine() : app_(about, "reprieve") {
        app_.footer(exit_codes);
        app_.fallthrough();
        app_.require_subcommand(0, 1);
        app_.set_version_flag("--version", "reprieve " REPRIEVE_VERSION);
        app_.add_option("--config", options_.config_file, "Configuration file (TOML); every key is in config.toml")
            ->type_name("FILE");
        app_.add_option("--data", options_.data, "Data folder: catalog, images and admin socket")->type_name("DIR");
        app_.add_option("--listen", options_.listen, "Where to serve, over server.listen")->type_name("ADDRESS:PORT");
        app_.add_flag("--json", options_.json, "Print JSON for programs instead of text for people");
        command_ = [this] { return serve(options_); };

        add(app_, "serve", "Run the appliance (also without any command)", [this] { return serve(options_); });
        add_trash();
        add_maintenance();
        add_configuration();
    }

    int run(int count, const char* const* arguments) {
        try {
            app_.parse(count, arguments);
        } catch (const CLI::ParseError& error) {
            return app_.exit(error) == 0 ? 0 : exit_wrong_use;
        }
        try {
            // What this process writes is for its owner alone, whatever the folder above it allows.
            ::umask(0077);
            return command_();
        } catch (const std::exception& error) {
            std::cerr << "reprieve: " << printable_lines(error.what()) << '\n';
            return exit_failed;
        }
    }

private:
    CLI::App* add(CLI::App& parent, const std::string& name, const std::string& text,
                  const std::function<int()>& command) {
        CLI::App* sub = parent.add_subcommand(name, text);
        sub->fallthrough();
        sub->callback([this, command] { command_ = command; });
        return sub;
    }

    void add_trash() {
        CLI::App* trash = app_.add_subcommand("trash", "The recycle bin: look into it, take back, scrub");
        trash->fallthrough();
        trash->require_subcommand(1);
        trash->footer("Images are named by id, or by a name that only one image in the bin has.");
        add(*trash, "list", "What is in the bin", [this] { return trash_list(options_); });
        auto* show = add(*trash, "show", "All of one image", [this] { return trash_show(options_, images_.front()); });
        show->add_option("IMAGE", images_, "Id or name")->required()->expected(1);
        auto* restore = add(*trash, "restore", "Take images back, as they were deleted",
                            [this] { return trash_restore(options_, images_); });
        restore->add_option("IMAGE", images_, "Ids or names")->required();
        auto* purge =
            add(*trash, "purge", "Scrub images now, for good", [this] { return trash_purge(options_, images_); });
        purge->add_option("IMAGE", images_, "Ids or names")->required();
        auto* empty = add(*trash, "empty", "Scrub all that is in the bin now, for good",
                          [this] { return trash_empty(options_); });
        for (auto* sub : {purge, empty}) sub->add_flag("--yes,-y", options_.yes, "Do not ask");
    }

    void add_maintenance() {
        auto* scrubs = add(app_, "scrub", "Scrub now what is due", [this] { return scrub(options_, flag_); });
        scrubs->add_flag("--dry-run", flag_, "Only say what would be scrubbed");
        auto* checks =
            add(app_, "check", "Compare the catalog with the stores", [this] { return check(options_, flag_); });
        checks->add_flag(
            "--repair", flag_,
            "Remove what deleted images left, put bytes that no image owns into the bin, and note on images "
            "what they miss");
    }

    void add_configuration() {
        add(app_, "check-config", "Say what is wrong with the configuration",
            [this] { return check_config(options_); });
        add(app_, "print-config", "Print the configuration that is in effect",
            [this] { return print_config(options_); });
        add(app_, "version", "Print the version", [this] { return version(options_); });
    }

    CLI::App app_;
    Options options_;
    std::vector<std::string> images_;
    bool flag_ = false;
    std::function<int()> command_;
};

}  // namespace

int run(int argument_count, const char* const* arguments) { return CommandLine().run(argument_count, arguments); }

}  // namespace reprieve::cli
