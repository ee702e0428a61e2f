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

constexpr const char* about = R"(An image service in one file, with a recycle bin that really restores images.

  reprieve                     serve on http://127.0.0.1:9292, without any configuration
  reprieve trash list          list deleted images, and when each is scrubbed (removed for good)
  reprieve trash restore NAME  restore a deleted image, complete
  reprieve user create alice   create a user who can sign in

The clients of the OpenStack Image API work with it unchanged:

  openstack --os-auth-type none --os-endpoint http://127.0.0.1:9292 image list)";

const std::vector<std::string> roles{"admin", "member", "reader", "service"};

constexpr const char* exit_codes = "\nExit status: 0 done, 1 failed, 2 wrong use.";

/// The command line: defines the commands and options, parses the arguments, and runs the command.
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
        app_.add_option("--listen", options_.listen, "Address to serve on, instead of server.listen")
            ->type_name("ADDRESS:PORT");
        app_.add_option("--web-dir", options_.web_dir, "Folder to serve the web page from, for developers")
            ->type_name("DIR");
        app_.add_flag("--json", options_.json, "Print JSON for programs instead of text for people");
        command_ = [this] { return serve(options_); };

        add(app_, "serve", "Run the appliance (the default command)", [this] { return serve(options_); });
        add_trash();
        add_users();
        add_projects();
        add_tokens();
        add_maintenance();
        add_locations();
        add_tls();
        add_configuration();
    }

    int run(int count, const char* const* arguments) {
        try {
            app_.parse(count, arguments);
        } catch (const CLI::ParseError& error) {
            return app_.exit(error) == 0 ? 0 : exit_wrong_use;
        }
        try {
            // Only the owner of this process may read the files that it creates, even in a folder that is open to
            // others.
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
        CLI::App* trash = add_group(app_, "trash", "The recycle bin: list, restore and scrub images",
                                    "Give an image by its id, or by a name that only one image in the bin has.");
        add(*trash, "list", "List the images in the bin", [this] { return trash_list(options_); });
        auto* show =
            add(*trash, "show", "Show one image in detail", [this] { return trash_show(options_, images_.front()); });
        show->add_option("IMAGE", images_, "Id or name")->required()->expected(1);
        auto* restore = add(*trash, "restore", "Restore images as they were before the deletion",
                            [this] { return trash_restore(options_, images_); });
        restore->add_option("IMAGE", images_, "Ids or names")->required();
        auto* purge = add(*trash, "purge", "Scrub images now: remove them for good",
                          [this] { return trash_purge(options_, images_); });
        purge->add_option("IMAGE", images_, "Ids or names")->required();
        auto* empty = add(*trash, "empty", "Scrub all images in the bin now: remove them for good",
                          [this] { return trash_empty(options_); });
        for (auto* sub : {purge, empty}) add_yes(*sub);
    }

    /// Adds a command that has subcommands. `more` is printed at the end of the command's help.
    CLI::App* add_group(CLI::App& parent, const std::string& name, const std::string& text, const std::string& more) {
        CLI::App* group = parent.add_subcommand(name, text);
        group->fallthrough();
        group->require_subcommand(1);
        group->footer(more);
        return group;
    }

    static CLI::Option* add_role(CLI::App& sub, std::optional<std::string>& role, const std::string& text) {
        return sub.add_option("--role", role, text)->check(CLI::IsMember(roles));
    }

    static void add_enable(CLI::App& sub, std::optional<bool>& enabled, const std::string& text) {
        sub.add_flag_function(
            "--enable,!--disable", [&enabled](std::int64_t count) { enabled = count > 0; }, text);
    }

    void add_users() {
        CLI::App* users = add_group(
            app_, "user", "Users, who may sign in",
            "Users, projects and roles are those of OpenStack: a user has roles in projects, and images belong\n"
            "to projects. An admin does everything, a member writes the project's images, a reader reads them,\n"
            "and a service is a program such as Nova. Give users and projects by name or id.\n\n"
            "  reprieve user create alice                               asks for the password\n"
            "  reprieve user role add alice --project lab --role reader");
        auto* create = add(*users, "create", "Create a user with a role in a project; asks for the password",
                           [this] { return user_create(options_, user_); });
        auto* set = add(*users, "set", "Change a user; a new password ends all sign-ins of the user",
                        [this] { return user_set(options_, user_); });
        auto* remove = add(*users, "delete", "Delete a user, and end all sign-ins of the user",
                           [this] { return user_delete(options_, user_.name); });
        add(*users, "list", "List the users and their roles", [this] { return user_list(options_); });
        auto* show = add(*users, "show", "Show one user", [this] { return user_show(options_, user_.name); });
        auto* role = add_group(*users, "role", "Give a user a role in a project, or take it away",
                               "  reprieve user role add alice --project lab --role reader");
        auto* give = add(*role, "add", "Give a role", [this] { return user_role(options_, user_, true); });
        auto* take = add(*role, "remove", "Take a role away", [this] { return user_role(options_, user_, false); });
        for (auto* sub : {create, set, remove, show, give, take})
            sub->add_option("USER", user_.name, sub == create ? "Name of the new user" : "Name or id")->required();
        for (auto* sub : {create, give, take}) {
            sub->add_option("--project", user_.project, "Project that the role is in; 'default' unless given");
            add_role(*sub, user_.role, "admin, member, reader or service; 'member' unless given");
        }
        set->add_option("--name", user_.new_name, "A new name");
        set->add_option("--project", user_.project, "Default project: of a sign-in that names none");
        auto* ask = set->add_flag("--password", user_.ask_password, "Ask for a new password");
        add_enable(*set, user_.enabled, "Whether the user may sign in");
        for (auto* sub : {create, set}) {
            sub->add_option("--description", user_.description, "A few words about the user");
            auto* feed = sub->add_flag("--password-stdin", user_.password_from_stdin,
                                       "Read the password from the first line of standard input");
            if (sub == set) feed->excludes(ask);
        }
        add_yes(*remove);
    }

    void add_projects() {
        CLI::App* projects = add_group(app_, "project", "Projects, which own the images",
                                       "  reprieve project create lab\n"
                                       "  reprieve project delete lab --heir default    gives its images to default");
        auto* create =
            add(*projects, "create", "Create a project", [this] { return project_create(options_, project_); });
        auto* set = add(*projects, "set", "Change a project", [this] { return project_set(options_, project_); });
        auto* remove = add(*projects, "delete", "Delete a project; if it owns images, name an heir for them",
                           [this] { return project_delete(options_, project_); });
        add(*projects, "list", "List the projects", [this] { return project_list(options_); });
        for (auto* sub : {create, set, remove})
            sub->add_option("PROJECT", project_.name, sub == create ? "Name of the new project" : "Name or id")
                ->required();
        for (auto* sub : {create, set})
            sub->add_option("--description", project_.description, "A few words about the project");
        set->add_option("--name", project_.new_name, "A new name");
        add_enable(*set, project_.enabled, "Whether users may sign in to the project");
        remove->add_option("--heir", project_.heir, "Project that gets the images, also those in the bin");
        add_yes(*remove);
    }

    void add_tokens() {
        CLI::App* tokens = add_group(
            app_, "token", "Tokens, with which programs sign in",
            "A token here is what OpenStack calls an application credential: an id and a secret with which a\n"
            "program signs in as a user, in one project, without the user's password.\n\n"
            "  reprieve token create --user alice --project lab --role reader --expires 30d");
        auto* create = add(*tokens, "create", "Create a token; its secret is shown only once",
                           [this] { return token_create(options_, token_); });
        create->add_option("--user", token_.user, "User as which the token signs in")->required();
        create->add_option("--project", token_.project, "Project of the token; 'default' unless given");
        create->add_option("--role", token_.roles, "Role of the token; repeatable; all roles of the user unless given")
            ->check(CLI::IsMember(roles));
        create->add_option("--expires", token_.expires, "Time until the token ends, as 12h or 30d; never unless given");
        create->add_option("--name", token_.name, "A name that no other token of the user has");
        auto* list = add(*tokens, "list", "List the tokens, without the secrets",
                         [this] { return token_list(options_, token_); });
        auto* remove = add(*tokens, "delete", "Delete a token, and end all sign-ins with it",
                           [this] { return token_delete(options_, token_); });
        remove->alias("revoke");
        remove->add_option("TOKEN", token_.name, "Id, or a name that only one token has")->required();
        for (auto* sub : {list, remove}) sub->add_option("--user", token_.user, "Only tokens of this user");
        add_yes(*remove);
    }

    void add_yes(CLI::App& sub) { sub.add_flag("--yes,-y", options_.yes, "Do not ask for confirmation"); }

    void add_maintenance() {
        auto* scrubs =
            add(app_, "scrub", "Scrub now all images that are due", [this] { return scrub(options_, flag_); });
        scrubs->add_flag("--dry-run", flag_, "Only show what would be scrubbed");
        auto* checks =
            add(app_, "check", "Compare the catalog with the stores", [this] { return check(options_, flag_); });
        checks->add_flag(
            "--repair", flag_,
            "Remove leftovers of deleted images, move data without an image to the bin, and note on images that their "
            "data is missing");
    }

    void add_locations() {
        CLI::App* locations = add_group(app_, "locations", "The locations of image data, as the catalog stores them",
                                        "  openssl rand -hex 32 > new.key && chmod 600 new.key\n"
                                        "  reprieve locations rotate-key --new-key-file $PWD/new.key");
        auto* rotate = add(*locations, "rotate-key", "Encrypt the locations with another key, on a stopped appliance",
                           [this] { return locations_rotate_key(options_, new_key_file_); });
        auto* file = rotate->add_option("--new-key-file", new_key_file_, "File with the new key: 64 hexadecimal digits")
                         ->type_name("FILE");
        auto* none = rotate->add_flag("--no-key", flag_, "Store the locations unencrypted");
        none->excludes(file);
        rotate->require_option(1);
    }

    void add_tls() {
        CLI::App* tls = app_.add_subcommand("tls", "The certificate of this service");
        tls->fallthrough();
        tls->require_subcommand(1);
        auto* init = add(*tls, "init", "Create a self-signed certificate and its key in the data folder",
                         [this] { return tls_init(options_, hosts_, days_); });
        init->add_option("--host", hosts_, "A name or address that clients use; can be repeated")->type_name("NAME");
        init->add_option("--days", days_, "Days of validity")->check(CLI::Range(1, 36'500))->capture_default_str();
        init->add_flag("--yes,-y", options_.yes, "Replace an existing certificate and key");
    }

    void add_configuration() {
        add(app_, "check-config", "Check the configuration for errors", [this] { return check_config(options_); });
        add(app_, "print-config", "Print the configuration that is in effect",
            [this] { return print_config(options_); });
        add(app_, "version", "Print the version", [this] { return version(options_); });
    }

    CLI::App app_;
    Options options_;
    std::vector<std::string> images_;
    std::vector<std::string> hosts_;
    std::string new_key_file_;
    int days_ = 825;  // the longest validity that most clients accept
    UserOptions user_;
    ProjectOptions project_;
    TokenOptions token_;
    bool flag_ = false;
    std::function<int()> command_;
};

}  // namespace

int run(int argument_count, const char* const* arguments) { return CommandLine().run(argument_count, arguments); }

}  // namespace reprieve::cli
