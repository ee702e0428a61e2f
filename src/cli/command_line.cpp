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
  reprieve user create alice   let somebody sign in

The clients of the OpenStack Image API work with it as they are:

  openstack --os-auth-type none --os-endpoint http://127.0.0.1:9292 image list)";

const std::vector<std::string> roles{"admin", "member", "reader", "service"};

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
        app_.add_option("--web-dir", options_.web_dir, "Folder to serve the web page from, for work on it")
            ->type_name("DIR");
        app_.add_flag("--json", options_.json, "Print JSON for programs instead of text for people");
        command_ = [this] { return serve(options_); };

        add(app_, "serve", "Run the appliance (also without any command)", [this] { return serve(options_); });
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
        CLI::App* trash = add_group(app_, "trash", "The recycle bin: look into it, take back, scrub",
                                    "Images are named by id, or by a name that only one image in the bin has.");
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
        for (auto* sub : {purge, empty}) add_yes(*sub);
    }

    /// A word that has commands of its own.
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
            app_, "user", "Who may sign in",
            "Users, projects and roles are those of OpenStack: a user has roles in projects, and images belong\n"
            "to projects. An admin does everything, a member writes the project's images, a reader reads them,\n"
            "a service is Nova or the like. Users and projects are named by name or id.\n\n"
            "  reprieve user create alice                               asks for the password\n"
            "  reprieve user role add alice --project lab --role reader");
        auto* create = add(*users, "create", "Make a user, with a role in a project; asks for the password",
                           [this] { return user_create(options_, user_); });
        auto* set = add(*users, "set", "Change a user; a new password ends what is signed in with the old one",
                        [this] { return user_set(options_, user_); });
        auto* remove = add(*users, "delete", "Delete a user, and end what is signed in as it",
                           [this] { return user_delete(options_, user_.name); });
        add(*users, "list", "All users, and their roles", [this] { return user_list(options_); });
        auto* show = add(*users, "show", "One user", [this] { return user_show(options_, user_.name); });
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
        set->add_option("--project", user_.project, "Project of a sign-in that names none");
        auto* ask = set->add_flag("--password", user_.ask_password, "Ask for a new password");
        add_enable(*set, user_.enabled, "Whether the user may sign in");
        for (auto* sub : {create, set}) {
            sub->add_option("--description", user_.description, "A few words about the user");
            auto* feed = sub->add_flag("--password-stdin", user_.password_from_stdin,
                                       "Take the password from the first line of the standard input");
            if (sub == set) feed->excludes(ask);
        }
        add_yes(*remove);
    }

    void add_projects() {
        CLI::App* projects = add_group(app_, "project", "Whose images are whose",
                                       "  reprieve project create lab\n"
                                       "  reprieve project delete lab --heir default    its images are default's then");
        auto* create =
            add(*projects, "create", "Make a project", [this] { return project_create(options_, project_); });
        auto* set = add(*projects, "set", "Change a project", [this] { return project_set(options_, project_); });
        auto* remove = add(*projects, "delete", "Delete a project; one that owns images needs an heir for them",
                           [this] { return project_delete(options_, project_); });
        add(*projects, "list", "All projects", [this] { return project_list(options_); });
        for (auto* sub : {create, set, remove})
            sub->add_option("PROJECT", project_.name, sub == create ? "Name of the new project" : "Name or id")
                ->required();
        for (auto* sub : {create, set})
            sub->add_option("--description", project_.description, "A few words about the project");
        set->add_option("--name", project_.new_name, "A new name");
        add_enable(*set, project_.enabled, "Whether somebody may sign in to it");
        remove->add_option("--heir", project_.heir, "Project that gets the images, those in the bin too");
        add_yes(*remove);
    }

    void add_tokens() {
        CLI::App* tokens = add_group(
            app_, "token", "Sign-ins for robots",
            "A token here is what OpenStack calls an application credential: an id and a secret with which a\n"
            "program signs in as a user, in one project, without the user's password.\n\n"
            "  reprieve token create --user alice --project lab --role reader --expires 30d");
        auto* create = add(*tokens, "create", "Make one; its secret is shown this once",
                           [this] { return token_create(options_, token_); });
        create->add_option("--user", token_.user, "User that it signs in as")->required();
        create->add_option("--project", token_.project, "Project that it is for; 'default' unless given");
        create->add_option("--role", token_.roles, "Roles of it; all that the user has there unless given; repeatable")
            ->check(CLI::IsMember(roles));
        create->add_option("--expires", token_.expires, "When it ends, such as 12h or 30d; never unless given");
        create->add_option("--name", token_.name, "A name for it, of which the user has no other");
        auto* list =
            add(*tokens, "list", "All of them, without the secrets", [this] { return token_list(options_, token_); });
        auto* remove = add(*tokens, "delete", "End one, and what is signed in with it",
                           [this] { return token_delete(options_, token_); });
        remove->alias("revoke");
        remove->add_option("TOKEN", token_.name, "Id, or a name that only one has")->required();
        for (auto* sub : {list, remove}) sub->add_option("--user", token_.user, "Only those of this user");
        add_yes(*remove);
    }

    void add_yes(CLI::App& sub) { sub.add_flag("--yes,-y", options_.yes, "Do not ask"); }

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

    void add_locations() {
        CLI::App* locations = add_group(app_, "locations", "Where the data of images is, as the catalog keeps it",
                                        "  openssl rand -hex 32 > new.key && chmod 600 new.key\n"
                                        "  reprieve locations rotate-key --new-key-file $PWD/new.key");
        auto* rotate = add(*locations, "rotate-key", "Encrypt it with another key, on a stopped appliance",
                           [this] { return locations_rotate_key(options_, new_key_file_); });
        auto* file = rotate->add_option("--new-key-file", new_key_file_, "File with the new key: 64 hexadecimal digits")
                         ->type_name("FILE");
        auto* none = rotate->add_flag("--no-key", flag_, "Do not encrypt it any more");
        none->excludes(file);
        rotate->require_option(1);
    }

    void add_tls() {
        CLI::App* tls = app_.add_subcommand("tls", "The certificate of this service");
        tls->fallthrough();
        tls->require_subcommand(1);
        auto* init = add(*tls, "init", "Make a self-signed certificate and its key in the data folder",
                         [this] { return tls_init(options_, hosts_, days_); });
        init->add_option("--host", hosts_, "A name or address that clients use; may be given again")->type_name("NAME");
        init->add_option("--days", days_, "How long it holds")->check(CLI::Range(1, 36'500))->capture_default_str();
        init->add_flag("--yes,-y", options_.yes, "Replace the certificate and the key that are there");
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
    std::vector<std::string> hosts_;
    std::string new_key_file_;
    int days_ = 825;  // the longest that most clients take
    UserOptions user_;
    ProjectOptions project_;
    TokenOptions token_;
    bool flag_ = false;
    std::function<int()> command_;
};

}  // namespace

int run(int argument_count, const char* const* arguments) { return CommandLine().run(argument_count, arguments); }

}  // namespace reprieve::cli
