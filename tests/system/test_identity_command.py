"""`reprieve user`, `project` and `token`, with a running and a stopped appliance, for people and for programs."""

import json
import os
import pty
import subprocess
import time

import pytest
import yaml
from appliance import BINARY, wait_until
from clients import Client
from deadline import DEADLINE

LOCAL = '[auth]\nmode = "local"\n'
PASSWORD = "a long pass phrase"


@pytest.fixture
def local(make_appliance):
    return make_appliance(LOCAL).start()


def create(appliance, name, *options, password=PASSWORD):
    done = appliance.cli("user", "create", name, "--password-stdin", "--json", *options, input=password + "\n")
    return json.loads(done.stdout)


def sign_in(appliance, name, password=PASSWORD, project=None):
    identity = {"methods": ["password"], "password": {"user": {"name": name, "password": password}}}
    scope = {"scope": {"project": {"name": project}}} if project else {}
    return appliance.request("POST", "/v3/auth/tokens", {"auth": {"identity": identity, **scope}})


def listed(appliance, what, *options):
    return json.loads(appliance.cli(what, "list", "--json", *options).stdout)


def refused(appliance, *arguments, status=1, **more):
    done = appliance.cli(*arguments, check=False, **more)
    assert done.returncode == status, done
    assert done.stdout == "" and done.stderr.startswith("reprieve: ") or status == 2, done
    return done.stderr


def test_a_user_is_made_with_a_role_and_signs_in(local):
    said = local.cli("user", "create", "alice", "--password-stdin", input=PASSWORD + "\n").stdout
    assert said.startswith("created alice (")
    token = sign_in(local, "alice").json["token"]
    assert token["project"]["id"] == "default" and [role["id"] for role in token["roles"]] == ["member", "reader"]
    assert PASSWORD not in local.log


def test_users_are_kept_while_the_appliance_is_stopped_too(make_appliance):
    appliance = make_appliance(LOCAL).start()
    appliance.stop()
    appliance.cli("project", "create", "lab")
    create(appliance, "alice", "--project", "lab", "--role", "reader")
    assert "alice" in appliance.cli("user", "list").stdout
    appliance.start()
    assert [role["id"] for role in sign_in(appliance, "alice").json["token"]["roles"]] == ["reader"]


def test_a_mistake_leaves_nothing_half_made(local):
    before = listed(local, "user")
    assert "there is no project 'nowhere'" in refused(local, "user", "create", "eve", "--project", "nowhere",
                                                      "--password-stdin", input=PASSWORD)
    assert "password" in refused(local, "user", "create", "eve", "--password-stdin", input="short\n")
    assert "no password was given" in refused(local, "user", "create", "eve", "--password-stdin", input="")
    assert "--password-stdin" in refused(local, "user", "create", "eve", start_new_session=True)
    refused(local, "user", "create", "eve", "--role", "king", status=2)
    refused(local, "user", "create", "eve", "--password", PASSWORD, status=2)
    assert listed(local, "user") == before


class Terminal:
    """A command that runs on a terminal."""

    def __init__(self, appliance, *arguments):
        self.output = b""
        pid, self.terminal = pty.fork()
        if pid == 0:
            os.execv(BINARY, [BINARY, *arguments, "--config", str(appliance.config), "--data", str(appliance.data)])
        self.pid = pid

    def answer(self, question, text):
        def asked():
            self.output += os.read(self.terminal, 4096)
            return question in self.output
        wait_until(asked, question)
        time.sleep(0.1)  # the command reads the answer shortly after it has printed the question
        self.output = b""
        os.write(self.terminal, text)

    def end(self):
        try:
            while data := os.read(self.terminal, 4096):
                self.output += data
        except OSError:
            pass  # the terminal ended with the command
        return os.waitstatus_to_exitcode(os.waitpid(self.pid, 0)[1])


def test_a_password_is_asked_for_twice_and_not_shown(local):
    terminal = Terminal(local, "user", "create", "alice")
    terminal.answer(b"Password for alice:", PASSWORD.encode() + b"\n")
    terminal.answer(b"Repeat the password:", PASSWORD.encode() + b"\n")
    assert terminal.end() == 0
    assert b"created alice" in terminal.output and PASSWORD.encode() not in terminal.output
    assert sign_in(local, "alice").status == 201
    terminal = Terminal(local, "user", "set", "alice", "--password")
    terminal.answer(b"Password for alice:", b"one pass phrase\n")
    terminal.answer(b"Repeat the password:", b"another pass phrase\n")
    assert terminal.end() == 1 and b"differ" in terminal.output
    terminal = Terminal(local, "user", "set", "alice", "--password")
    terminal.answer(b"Password for alice:", b"half\x03")
    assert terminal.end() == 1 and b"interrupted" in terminal.output
    assert sign_in(local, "alice").status == 201


def test_a_user_is_changed(local):
    create(local, "alice")
    local.cli("project", "create", "lab")
    local.cli("user", "set", "alice", "--name", "alicia", "--description", "has married", "--project", "lab")
    local.cli("user", "role", "add", "alicia", "--project", "lab", "--role", "reader")
    assert sign_in(local, "alicia").json["token"]["project"]["name"] == "lab"
    shown = local.cli("user", "show", "alicia").stdout
    assert "default: member; lab: reader" in shown and "has married" in shown
    local.cli("user", "role", "remove", "alicia", "--project", "lab", "--role", "reader")
    left = json.loads(local.cli("user", "show", "alicia", "--json").stdout)["role_assignments"]
    assert [one["role"]["id"] for one in left] == ["member"]
    local.cli("user", "set", "alicia", "--password-stdin", input="another pass phrase\n")
    assert sign_in(local, "alicia").status == 401
    assert sign_in(local, "alicia", "another pass phrase").status == 201
    local.cli("user", "set", "alicia", "--disable")
    assert sign_in(local, "alicia", "another pass phrase").status == 401
    local.cli("user", "set", "alicia", "--enable")
    assert sign_in(local, "alicia", "another pass phrase").status == 201
    assert "say what to change" in refused(local, "user", "set", "alicia")
    assert "lacks the role" in refused(local, "user", "role", "remove", "alicia", "--role", "admin")


def test_a_delete_asks_first(local):
    user = create(local, "alice")
    local.cli("project", "create", "lab")
    for command in (["user", "delete", "alice"], ["project", "delete", "lab"]):
        done = local.cli(*command, check=False, input="n\n")
        assert done.returncode == 1 and "[y/N]" in done.stderr and "nothing was changed" in done.stderr
    assert "deleted alice" in local.cli("user", "delete", "alice", input="y\n").stdout
    assert "deleted lab" in local.cli("project", "delete", "lab", "--yes").stdout
    assert user["id"] not in local.cli("user", "list").stdout
    assert "there is no user 'alice'" in refused(local, "user", "delete", "alice", "--yes")
    assert "is empty" in refused(local, "user", "delete", "", "--yes")


def test_projects_are_kept(local):
    made = json.loads(local.cli("project", "create", "lab", "--description", "of tests", "--json").stdout)
    assert (made["name"], made["description"]) == ("lab", "of tests")
    local.cli("project", "set", "lab", "--name", "yard", "--disable")
    yard = [project for project in listed(local, "project")["projects"] if project["name"] == "yard"][0]
    assert yard["id"] == made["id"] and yard["enabled"] is False
    assert "of tests" in local.cli("project", "list").stdout
    local.cli("project", "set", made["id"], "--enable")
    assert "already" in refused(local, "project", "create", "yard")
    create(local, "alice", "--project", "yard")
    token = sign_in(local, "alice").headers["X-Subject-Token"]
    image = local.request("POST", "/v2/images", {"name": "inherited"}, {"X-Auth-Token": token}).json["id"]
    assert "1 image" in refused(local, "project", "delete", "yard", "--yes")
    local.cli("project", "delete", "yard", "--heir", "default", "--yes")
    create(local, "root", "--role", "admin")
    token = sign_in(local, "root").headers["X-Subject-Token"]
    assert local.get(f"/v2/images/{image}", headers={"X-Auth-Token": token}).json["owner"] == "default"


def test_a_robot_gets_its_own_sign_in(make_appliance, tmp_path):
    appliance = make_appliance(LOCAL).start()
    create(appliance, "alice")
    appliance.configure(LOCAL + f'[server]\npublic_url = "{appliance.url}"\n')
    said = appliance.cli("token", "create", "--user", "alice", "--role", "member", "--expires", "30d", "--name",
                         "ci").stdout
    clouds = yaml.safe_load(said[said.index("clouds:"):])
    robot = clouds["clouds"]["reprieve"]["auth"]
    assert robot["application_credential_id"] in said.split("\n")[0]
    assert robot["application_credential_secret"] in said.split("\n")[1]
    # The printed text, unchanged, is a valid clouds.yaml.
    client = Client("openstack", ["--os-cloud", "reprieve"], tmp_path / "home", {},
                    {"clouds.yaml": said[said.index("clouds:"):]})
    assert client.json("image", "list") == []
    table = appliance.cli("token", "list").stdout
    assert "ci" in table and "alice" in table and "member" in table and "never" not in table
    assert robot["application_credential_secret"] not in table + appliance.log
    made = json.loads(appliance.cli("token", "create", "--user", "alice", "--json").stdout)
    assert made["expires_at"] is None and made["secret"]
    assert len(listed(appliance, "token", "--user", "alice")["application_credentials"]) == 2
    assert "deleted ci" in appliance.cli("token", "revoke", "ci", "--yes").stdout
    assert "401" in client.refused("image", "list")
    appliance.cli("token", "delete", made["id"], "--user", "alice", "--yes")
    assert "No tokens" in appliance.cli("token", "list").stdout
    assert "there is no token 'ci'" in refused(appliance, "token", "delete", "ci", "--yes")
    assert "expires" in refused(appliance, "token", "create", "--user", "alice", "--expires", "0s")
    assert "lacks" in refused(appliance, "token", "create", "--user", "alice", "--role", "admin")


def test_no_secret_is_ever_in_the_list_of_processes(local):
    """A password must appear neither in the arguments nor in the environment of a process, which others can read."""
    process = subprocess.Popen([BINARY, "user", "create", "alice", "--password-stdin", "--config", local.config,
                                "--data", local.data], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    process.stdin.write(PASSWORD)
    process.stdin.flush()
    line = open(f"/proc/{process.pid}/cmdline").read()
    surroundings = open(f"/proc/{process.pid}/environ").read()
    process.communicate("\n", timeout=DEADLINE)
    assert process.returncode == 0 and PASSWORD not in line + surroundings
    assert sign_in(local, "alice").status == 201
