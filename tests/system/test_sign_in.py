"""Sign-in without a Keystone: the first start, the modes, and the sessions of browsers."""

import os
import pty
import shutil
import stat
import subprocess
from concurrent.futures import ThreadPoolExecutor

import pytest
from appliance import BINARY, wait_until
from deadline import DEADLINE
from process_facts import memory_mb
from raw_http import Wire, ask, head

LOCAL = '[auth]\nmode = "local"\n[log]\nlevel = "debug"\n'
PASSWORD = "the password of the admin"


@pytest.fixture
def local(make_appliance):
    """A running appliance in the mode "local", after its first start."""
    return make_appliance(LOCAL).start()


def first_secret(appliance):
    text = (appliance.data / "first-sign-in").read_text()
    return text.split('"one_time": "')[1].split('"')[0]


def begin(appliance, **fields):
    return appliance.request("POST", "/api/session", fields)


def cookie_of(reply):
    return reply.headers["Set-Cookie"].split(";")[0]


class Browser:
    """Browser with the page of the appliance, after a sign-in."""

    def __init__(self, appliance, reply):
        assert reply.status == 200, reply
        self.appliance = appliance
        self.cookie = cookie_of(reply)

    def request(self, method, path, body=None, **headers):
        headers = {"Cookie": self.cookie, "Origin": self.appliance.url, **headers}
        return self.appliance.request(method, path, body, {name: value for name, value in headers.items() if value})


@pytest.fixture
def admin(local):
    """A browser of the admin, who has set PASSWORD after the first sign-in."""
    browser = Browser(local, begin(local, one_time=first_secret(local)))
    reply = browser.request("PUT", "/api/session/password", {"new": PASSWORD})
    assert reply.status == 204, reply
    browser.cookie = cookie_of(reply)
    return browser


# The first start.

def test_the_first_start_leaves_the_secret_to_the_owner_and_the_sign_in_works_once(local):
    file = local.data / "first-sign-in"
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    secret = first_secret(local)
    assert secret not in local.log and "one_time" not in local.log
    reply = begin(local, one_time=secret)
    assert reply.status == 200, reply
    assert reply.json["user"]["name"] == "admin" and reply.json["project"]["id"] == "default"
    assert reply.json["roles"] == ["admin", "member", "reader"] and reply.json["needs_password"] is True
    assert not file.exists()
    again = begin(local, one_time=secret)
    assert again.status == 401 and "one-time" in again.json["message"]
    assert "Set-Cookie" not in again.headers


def test_the_admin_chooses_a_password_and_signs_in_with_it(local, admin):
    assert admin.request("GET", "/api/session").json["needs_password"] is False
    reply = begin(local, name="admin", password=PASSWORD, project="default")
    assert reply.status == 200 and reply.json["mode"] == "local", reply
    assert Browser(local, reply).request("GET", "/v2/images").status == 200
    local.stop()
    local.start()
    assert not (local.data / "first-sign-in").exists()
    assert begin(local, name="admin", password=PASSWORD).status == 200


def test_a_start_makes_a_new_secret_as_long_as_there_is_no_password(local):
    first = first_secret(local)
    begin(local, one_time=first)
    local.kill()
    local.start()
    second = first_secret(local)
    assert second != first
    assert begin(local, one_time=first).status == 401
    assert begin(local, one_time=second).status == 200


def test_the_secret_works_once_for_many_who_try_at_the_same_time(local):
    secret = first_secret(local)
    with ThreadPoolExecutor(16) as pool:
        replies = list(pool.map(lambda _: begin(local, one_time=secret), range(16)))
    assert sorted(reply.status for reply in replies) == [200] + 15 * [401]


def test_the_terminal_shows_the_secret_and_a_log_does_not(make_appliance):
    appliance = make_appliance(LOCAL)
    ours, theirs = pty.openpty()
    process = subprocess.Popen([BINARY, "serve", "--config", appliance.config, "--data", appliance.data, "--listen",
                                "127.0.0.1:0"], stdin=subprocess.DEVNULL, stdout=theirs, stderr=theirs)
    appliance.process = process
    os.close(theirs)
    shown = b""

    def is_shown():
        nonlocal shown
        shown += os.read(ours, 65536)
        return b"api/session/password" in shown

    try:
        wait_until(is_shown, "the terminal shows what to do")
        assert first_secret(appliance) in shown.decode()
        assert not [line for line in shown.decode().splitlines()
                    if first_secret(appliance) in line and "level" in line or " info " in line and "one_time" in line]
    finally:
        appliance.kill()
        os.close(ours)


def test_what_was_made_without_a_sign_in_is_the_admins_afterwards(make_appliance):
    appliance = make_appliance().start()
    image = appliance.image_with(b"made before")
    assert not (appliance.data / "first-sign-in").exists()
    appliance.stop()
    appliance.configure(LOCAL)
    appliance.start()
    assert appliance.get(f"/v2/images/{image}").status == 401
    browser = Browser(appliance, begin(appliance, one_time=first_secret(appliance)))
    assert browser.request("GET", f"/v2/images/{image}").json["owner"] == "default"
    assert browser.request("DELETE", f"/v2/images/{image}").status == 204
    assert browser.request("GET", "/api/trash").json["trash"][0]["deleted_by"] == "admin"


# The modes.

def test_without_a_sign_in_everybody_is_the_admin(appliance):
    reply = appliance.get("/api/session")
    assert reply.status == 200
    assert reply.json == {"mode": "none", "user": {"id": "admin", "name": "admin"},
                          "project": {"id": "default", "name": "default"}, "roles": ["admin"], "expires_at": None,
                          "needs_password": False}
    assert begin(appliance, name="admin", password="whatever").status == 409
    assert appliance.request("DELETE", "/api/session").status == 204


@pytest.mark.parametrize("listen", ["0.0.0.0:0", "[::]:0", "192.0.2.1:0"])
def test_nobody_serves_beyond_loopback_without_a_sign_in(tmp_path, listen):
    config = tmp_path / "config.toml"
    config.write_text(f'[server]\nlisten = "{listen}"\n[auth]\nmode = "none"\n')
    served, checked = (subprocess.run([BINARY, command, "--config", config, "--data", tmp_path / "data"],
                                      capture_output=True, text=True, timeout=DEADLINE)
                       for command in ("serve", "check-config"))
    for done in (served, checked):
        assert done.returncode == 1
        assert listen in done.stderr and 'auth.mode to "local"' in done.stderr
    assert served.stderr == checked.stderr
    config.write_text(f'[server]\nlisten = "{listen}"\n')
    assert subprocess.run([BINARY, "check-config", "--config", config], capture_output=True).returncode == 0


def test_beyond_loopback_a_sign_in_is_asked_for(make_appliance):
    """The appliance runs in its own network namespace, so that nobody else can reach it."""
    alone = ["unshare", "--user", "--map-root-user", "--net"]
    if not shutil.which("unshare") or subprocess.run([*alone, "true"], capture_output=True).returncode != 0:
        pytest.skip("this machine gives no network namespace")
    appliance = make_appliance()
    with open(appliance.log_file, "wb") as log:
        appliance.process = subprocess.Popen(
            [*alone, BINARY, "serve", "--config", appliance.config, "--data", appliance.data, "--listen", "0.0.0.0:0"],
            stdout=log, stderr=log, stdin=subprocess.DEVNULL)
    wait_until(lambda: "server.listening" in appliance.log, "the appliance listens")
    assert "auth=local" in appliance.log
    assert (appliance.data / "first-sign-in").exists()


# Refused sign-ins and tokens.

def test_a_request_without_a_token_is_told_where_to_get_one(local):
    for headers in ({}, {"X-Auth-Token": "f" * 64}, {"X-Auth-Token": ""}, {"Cookie": "reprieve_session=" + "f" * 64}):
        reply = local.get("/v2/images", headers=headers)
        assert reply.status == 401, reply
        assert reply.headers["WWW-Authenticate"] == f'Keystone uri="{local.url}/v3"'
        assert reply.json["code"] == "401 Unauthorized"


def test_a_refused_upload_is_not_read(local):
    path = "/v2/images/0f1e2d3c-4b5a-4678-8899-aabbccddeeff/file"
    with Wire(local) as wire:
        wire.send(head("PUT", path, "Content-Type: application/octet-stream", "Content-Length: 1000000000",
                       "Expect: 100-continue"))
        answer = wire.answer()
        assert answer.status == 401 and answer.headers["connection"] == "close", answer
    answer = ask(local, head("PUT", path, "Content-Type: application/octet-stream", "Content-Length: 1000000000"))
    assert answer.status == 401


def test_a_wrong_user_and_a_wrong_password_are_told_the_same(local, admin):
    for name, password in (("admin", "wrong password"), ("nobody", PASSWORD), ("", ""), ("admin", ""),
                           ("admin' --", PASSWORD)):
        reply = begin(local, name=name, password=password)
        assert reply.status == 401 and reply.json["message"] == "the user or the password is wrong"
        assert "WWW-Authenticate" in reply.headers and "Set-Cookie" not in reply.headers


@pytest.mark.parametrize("body", [
    b"", b"null", b"[]", b"{}", b'"x"', b"{", b'{"name": "admin"}', b'{"name": 1, "password": "x"}', b"\xff",
    b'{"name": "admin", "password": "SECRET", "more": "x"}',
    b'{"name": "admin", "password": "SECRET", "one_time": "x"}',
    b'{"one_time": null}', b"[" * 10_000])
def test_a_malformed_sign_in_is_refused_and_not_repeated(local, body):
    reply = local.request("POST", "/api/session", body)
    assert reply.status == 400, reply
    assert b"SECRET" not in reply.body


def test_a_sign_in_beyond_its_size_is_refused(local):
    assert begin(local, name="admin", password="x" * 70_000).status == 413


def test_ten_thousand_attempts_neither_get_in_nor_take_the_memory(local, admin):
    def attempt(number):
        # Some attempts use their own user name, because the throttle would stop scrypt for the others.
        name = f"user {number}" if number % 100 == 0 else "admin"
        return begin(local, name=name, password="wrong password").status

    with ThreadPoolExecutor(32) as pool:
        answers = list(pool.map(attempt, range(10_000)))
    assert set(answers) == {401, 429}
    assert answers.count(401) <= 150
    assert memory_mb(local) < 150
    assert admin.request("GET", "/v2/images").status == 200, "whoever is in stays in"


# Sessions.

def test_the_cookie_is_for_the_browser_and_this_site_alone(local, admin):
    reply = begin(local, name="admin", password=PASSWORD)
    parts = reply.headers["Set-Cookie"].split("; ")
    assert {"HttpOnly", "SameSite=Strict", "Path=/", "Max-Age=28800"} <= set(parts) and "Secure" not in parts
    assert cookie_of(reply).split("=")[1] not in reply.body.decode()
    local.stop()
    local.configure(LOCAL + '[server]\npublic_url = "https://images.example.org"\n')
    local.start()
    assert "Secure" in begin(local, name="admin", password=PASSWORD).headers["Set-Cookie"].split("; ")


def test_who_am_i(local, admin):
    reply = admin.request("GET", "/api/session", Origin=None)
    assert reply.status == 200
    facts = reply.json
    assert facts.pop("expires_at").endswith("Z")
    assert facts == {"mode": "local", "user": {"id": "admin", "name": "admin"},
                     "project": {"id": "default", "name": "default"},
                     "roles": ["admin", "member", "reader"], "needs_password": False}
    assert local.get("/api/session").status == 401


def test_a_session_ends_when_it_is_told_to(local, admin):
    other = Browser(local, begin(local, name="admin", password=PASSWORD))
    reply = admin.request("DELETE", "/api/session")
    assert reply.status == 204 and "Max-Age=0" in reply.headers["Set-Cookie"]
    assert admin.request("GET", "/api/session").status == 401
    assert other.request("GET", "/api/session").status == 200


def test_a_change_with_a_cookie_has_to_come_from_our_own_page(local, admin):
    def answer(**headers):
        return admin.request("POST", "/v2/images", {"name": "x"}, **headers).status

    assert answer() == 201
    assert answer(**{"Origin": None, "Sec-Fetch-Site": "same-origin"}) == 201
    assert answer(Origin=None) == 403
    for origin in ("https://evil.example", "null", local.url + "0", "http://localhost.evil.example"):
        assert answer(Origin=origin) == 403
    assert answer(**{"Origin": None, "Sec-Fetch-Site": "cross-site"}) == 403
    assert answer(Host="evil.example") == 421
    assert admin.request("GET", "/v2/images", Host="evil.example").status == 421
    # A token in a header needs no Origin, because no browser sends it by itself.
    token = admin.cookie.split("=")[1]
    assert local.request("POST", "/v2/images", {"name": "x"}, {"X-Auth-Token": token}).status == 201
    assert local.request("POST", "/v2/images", {"name": "x"},
                         {"X-Auth-Token": token, "Origin": "https://evil.example"}).status == 403


def test_a_page_of_another_site_signs_nobody_in(local, admin):
    reply = local.request("POST", "/api/session", {"name": "admin", "password": PASSWORD},
                          {"Origin": "https://evil.example"})
    assert reply.status == 403 and "Set-Cookie" not in reply.headers


def test_a_token_goes_before_a_cookie(admin):
    assert admin.request("GET", "/v2/images", **{"X-Auth-Token": "f" * 64}).status == 401


@pytest.mark.parametrize("cookie", ["reprieve_session", "reprieve_session=", 'reprieve_session="{}"',
                                    "reprieve_session={}; reprieve_session={}", "reprieve_session={}x",
                                    "Reprieve_session={}", "reprieve_session=%00{}", "x" * 8000])
def test_a_cookie_that_is_none_lets_nobody_in(local, admin, cookie):
    token = admin.cookie.split("=")[1]
    assert local.get("/v2/images", headers={"Cookie": cookie.replace("{}", token)}).status == 401


def test_a_changed_password_ends_every_other_session(local, admin):
    other = Browser(local, begin(local, name="admin", password=PASSWORD))
    assert admin.request("PUT", "/api/session/password", {"new": "without the old one"}).status == 400
    assert admin.request("PUT", "/api/session/password", {"old": "wrong password", "new": "another one"}).status == 401
    assert admin.request("PUT", "/api/session/password", {"old": PASSWORD, "new": "short"}).status == 400
    reply = admin.request("PUT", "/api/session/password", {"old": PASSWORD, "new": "another password"})
    assert reply.status == 204
    assert other.request("GET", "/api/session").status == 401
    assert admin.request("GET", "/api/session").status == 401, "the cookie of before"
    admin.cookie = cookie_of(reply)
    assert admin.request("GET", "/api/session").status == 200
    assert begin(local, name="admin", password=PASSWORD).status == 401
    assert begin(local, name="admin", password="another password").status == 200


def test_a_session_and_a_token_survive_a_crash(local, admin):
    local.kill()
    local.start()
    assert admin.request("GET", "/api/session").status == 200


# Secrets.

def test_no_secret_is_in_the_log_the_list_of_processes_or_a_file_for_others(local):
    secret = first_secret(local)
    browser = Browser(local, begin(local, one_time=secret))
    cookies = [browser.cookie]
    browser.request("PUT", "/api/session/password", {"new": PASSWORD})
    reply = begin(local, name="admin", password=PASSWORD)
    cookies.append(cookie_of(reply))
    begin(local, name=PASSWORD, password="typed into the wrong field")
    local.get("/v2/images", headers={"X-Auth-Token": cookies[1].split("=")[1]})
    secrets = [secret, PASSWORD, *(cookie.split("=")[1] for cookie in cookies)]
    with open(f"/proc/{local.process.pid}/cmdline", "rb") as command:
        seen = local.log + command.read().decode()
    for word in secrets:
        assert word not in seen
    local.stop()
    assert stat.S_IMODE(local.data.stat().st_mode) == 0o700
    for file in local.data.rglob("*"):
        if not file.is_file():
            continue
        assert stat.S_IMODE(file.stat().st_mode) & 0o077 == 0, file
        content = file.read_bytes()
        for word in secrets:
            assert word.encode() not in content, file
