"""The mode "keystone", with a real Keystone: accepted and refused tokens, and a Keystone that fails."""

import concurrent.futures
import secrets
import ssl
import socket
import subprocess
import threading

import pytest
import requests
from appliance import BINARY, wait_until
from deadline import DEADLINE

PROJECT = "demo-a"


def statuses(appliance, token, **headers):
    return appliance.get("/v2/images", headers={"X-Auth-Token": token, **headers}).status


def message(reply):
    return reply.json["message"]


@pytest.fixture
def start(keystone, make_appliance):
    """Returns a function that starts an appliance with further keys of [auth]."""
    return lambda **more: make_appliance(keystone.settings(**more)).start()


@pytest.fixture
def alice(keystone):
    return keystone.token("demo-a", PROJECT)


def test_a_token_says_who_asks_and_no_token_where_to_sign_in(keystone, start, alice):
    appliance = start()
    image = appliance.request("POST", "/v2/images", {"name": "hers"}, {"X-Auth-Token": alice}).json
    assert image["owner"] == keystone.id_of("project", PROJECT)
    for headers in ({}, {"X-Auth-Token": "made-up"}):
        reply = appliance.get("/v2/images", headers=headers)
        assert reply.status == 401, reply
        assert reply.headers["WWW-Authenticate"] == f'Keystone uri="{keystone.url.removesuffix("/v3")}"'
    # A member of another project.
    bob = {"X-Auth-Token": keystone.token("demo-b", "demo-b")}
    assert appliance.get(f"/v2/images/{image['id']}", headers=bob).status == 404
    # A reader of the same project.
    rita = {"X-Auth-Token": keystone.token("reader", PROJECT)}
    assert appliance.get(f"/v2/images/{image['id']}", headers=rita).status == 200
    assert appliance.request("DELETE", f"/v2/images/{image['id']}", headers=rita).status == 403


def test_a_revoked_token_is_refused_at_once_where_nothing_is_kept(keystone, start, alice):
    appliance = start(token_cache_time=0)
    assert statuses(appliance, alice) == 200
    keystone.revoke(alice)
    assert statuses(appliance, alice) == 401


def test_a_revoked_token_is_refused_within_the_cache_time(keystone, start, alice):
    appliance = start(token_cache_time="3s")
    assert statuses(appliance, alice) == 200
    keystone.revoke(alice)
    wait_until(lambda: statuses(appliance, alice) == 401, "the token is refused")


def test_the_end_of_a_user_ends_his_tokens(keystone, start):
    keystone.passwords["mallory"] = "x" * 12
    user = keystone.id_of("user", "mallory", domain_id="default", password="x" * 12)
    project = keystone.id_of("project", PROJECT)
    keystone.call("PUT", f"/projects/{project}/users/{user}/roles/{keystone.id_of('role', 'member')}")
    token = keystone.token("mallory", PROJECT)
    appliance = start(token_cache_time=0)
    assert statuses(appliance, token) == 200
    keystone.call("DELETE", f"/users/{user}")
    assert statuses(appliance, token) == 401


def test_a_scope_that_is_no_project_sees_nothing(keystone, start):
    """Not even with the role admin, of the whole system or of a domain."""
    appliance = start()
    assert statuses(appliance, keystone.token("demo-a")) == 403
    password = {"user": {"name": "admin", "domain": {"id": "default"}, "password": keystone.passwords["admin"]}}
    answer = requests.post(keystone.url + "/auth/tokens", timeout=DEADLINE, json={"auth": {
        "identity": {"methods": ["password"], "password": password}, "scope": {"system": {"all": True}}}})
    assert answer.status_code == 201, answer.text
    assert statuses(appliance, answer.headers["X-Subject-Token"]) == 403
    assert statuses(appliance, keystone.token("admin", "admin")) == 200


@pytest.mark.parametrize("token", ["x", "gAAAAA" + "B" * 200, "é", "a b", "%00", "x" * 9000, "../../auth", "'\"\\"])
def test_garbage_for_a_token_is_refused(start, keystone, token):
    appliance = start()
    assert appliance.get("/v2/images", headers={"X-Auth-Token": token.encode()}).status in (400, 401)
    truncated = keystone.token("demo-a", PROJECT)[:-3]
    assert statuses(appliance, truncated) == 401


def test_a_service_token_counts_beside_the_users(keystone, start, alice):
    appliance = start()
    service = keystone.token("reprieve", "service")
    assert statuses(appliance, alice, **{"X-Service-Token": service}) == 200
    assert statuses(appliance, alice, **{"X-Service-Token": "made-up"}) == 401
    # A service token alone identifies no user.
    assert appliance.get("/v2/images", headers={"X-Service-Token": service}).status == 401


def test_a_keystone_that_is_down_is_neither_open_nor_a_refusal(keystone, start, alice):
    appliance = start()
    assert statuses(appliance, alice) == 200
    other = keystone.token("demo-b", "demo-b")
    keystone.stop()
    try:
        reply = appliance.get("/v2/images", headers={"X-Auth-Token": other})
        assert reply.status == 503 and "try again later" in message(reply), reply
        assert int(reply.headers["Retry-After"]) > 0
        assert statuses(appliance, "made-up") == 503
        # A token in the cache stays valid, and the commands work.
        assert statuses(appliance, alice) == 200
        appliance.cli("trash", "list")
    finally:
        keystone.start()
    assert statuses(appliance, other) == 200
    assert "keystone.unavailable" in appliance.log and "keystone.back" in appliance.log


def test_it_starts_while_keystone_is_down(keystone, start, alice):
    keystone.stop()
    try:
        appliance = start()
        assert "keystone.unavailable" in appliance.log
        assert statuses(appliance, alice) == 503
        assert appliance.get("/healthz").status == 200
    finally:
        keystone.start()
    assert statuses(appliance, alice) == 200


def test_a_keystone_that_hangs_costs_its_timeout_and_not_the_workers(keystone, start, alice):
    appliance = start(keystone_timeout="5s", token_cache_time="1h")
    # On a busy machine the first answer can take longer than this timeout.
    wait_until(lambda: statuses(appliance, alice) == 200, "Keystone answers in time")
    keystone.freeze()
    try:
        assert statuses(appliance, "made-up") == 503
        with concurrent.futures.ThreadPoolExecutor(200) as flood:
            made_up = [flood.submit(statuses, appliance, secrets.token_hex(20)) for _ in range(400)]
            for _ in range(20):
                assert statuses(appliance, alice) == 200
            assert {future.result() for future in made_up} == {503}
    finally:
        keystone.thaw()
    wait_until(lambda: statuses(appliance, "made-up") == 401, "Keystone is asked again")


def test_a_wrong_service_password_is_a_clear_error_at_the_start(keystone, make_appliance, tmp_path):
    wrong = tmp_path / "password"
    wrong.write_text("not-the-password\n")
    wrong.chmod(0o600)
    right = f"{keystone.folder}/service-password"
    appliance = make_appliance(keystone.settings().replace(right, str(wrong)))
    done = appliance.cli("serve", "--listen", "127.0.0.1:0", check=False)
    assert done.returncode == 1
    for key in ("auth.keystone_user", "auth.keystone_password", "auth.keystone_project"):
        assert key in done.stderr, done.stderr
    assert "not-the-password" not in done.stderr + done.stdout


def test_a_wrong_address_is_a_clear_error_at_the_start(keystone, make_appliance):
    appliance = make_appliance(keystone.settings().replace(keystone.url, keystone.url + "/nothing"))
    done = appliance.cli("serve", "--listen", "127.0.0.1:0", check=False)
    assert done.returncode == 1 and "auth.keystone_url" in done.stderr, done.stderr


def test_a_password_file_that_everybody_can_read_is_refused(keystone, make_appliance, tmp_path):
    file = tmp_path / "password"
    file.write_text(keystone.passwords["reprieve"])
    file.chmod(0o644)
    appliance = make_appliance(keystone.settings().replace(f"{keystone.folder}/service-password", str(file)))
    done = appliance.cli("serve", "--listen", "127.0.0.1:0", check=False)
    assert done.returncode == 1 and "chmod" in done.stderr, done.stderr


def test_the_identity_api_is_keystones(keystone, start):
    appliance = start()
    address = keystone.url.removesuffix("/v3")
    for method, path in (("GET", "/v3"), ("POST", "/v3/auth/tokens")):
        reply = appliance.request(method, path, {"auth": {}} if method == "POST" else None)
        assert reply.status == 404 and address in reply.body.decode(), reply
    assert "identity" not in appliance.get("/").body.decode()
    assert address in appliance.cli("user", "list", check=False).stderr


def test_a_browser_signs_in_and_out_through_keystone(keystone, start):
    appliance = start()
    page = {"Origin": appliance.url}
    person = {"name": "demo-a", "password": keystone.passwords["demo-a"], "project": PROJECT}
    made = appliance.request("POST", "/api/session", person, page)
    assert made.status == 200, made
    assert made.json["mode"] == "keystone" and made.json["project"]["name"] == PROJECT
    assert made.json["needs_password"] is False
    cookie = made.headers["Set-Cookie"]
    assert "HttpOnly" in cookie and "SameSite=Strict" in cookie
    session = {"Cookie": cookie.split(";")[0], **page}
    assert appliance.get("/v2/images", headers=session).status == 200
    assert appliance.get("/api/session", headers=session).json["user"]["name"] == "demo-a"
    assert appliance.request("DELETE", "/api/session", headers=session).status == 204
    assert appliance.get("/v2/images", headers=session).status == 401
    assert appliance.request("PUT", "/api/session/password", {"old": "a", "new": "b"},
                             {"X-Auth-Token": keystone.token("demo-a", PROJECT)}).status == 409


def test_a_browsers_wrong_password_is_refused_and_then_waits(keystone, start):
    appliance = start()

    def attempt(**other):
        person = {"name": "nobody", "password": "wrong", "project": PROJECT, **other}
        return appliance.request("POST", "/api/session", person, {"Origin": appliance.url}).status

    assert attempt() == 401
    assert attempt(domain="no such domain") == 401
    wait_until(lambda: attempt() == 429, "it has to wait: each time longer")
    assert attempt(name="demo-a", password=keystone.passwords["demo-a"]) == 200


def test_no_secret_is_shown(keystone, start, alice):
    password = keystone.passwords["reprieve"]
    appliance = start()
    statuses(appliance, alice)
    inline = keystone.settings().replace("keystone_password_file", "#") + f'keystone_password = "{password}"\n'
    appliance.configure(inline)
    shown = appliance.cli("print-config").stdout
    assert password not in shown and "keystone_password = " in shown
    assert password not in appliance.log and alice not in appliance.log
    processes = subprocess.run(["ps", "axww", "-o", "args"], capture_output=True, text=True).stdout
    assert BINARY in processes and password not in processes and alice not in processes


class TlsFront:
    """Proxy that accepts TLS on its own port, and forwards the decrypted bytes to Keystone."""

    def __init__(self, folder, port, name):
        self.certificate = folder / "certificate.pem"
        key = folder / "key.pem"
        subprocess.run(["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes",
                        "-days", "1", "-subj", "/CN=keystone", "-addext", f"subjectAltName={name}", "-keyout", key,
                        "-out", self.certificate], check=True, capture_output=True)
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(self.certificate, key)
        self.target = port
        self.listener = socket.create_server(("127.0.0.1", 0))
        self.url = f"https://127.0.0.1:{self.listener.getsockname()[1]}/v3"
        threading.Thread(target=self.accept, args=(context,), daemon=True).start()

    def accept(self, context):
        while True:
            try:
                connection = self.listener.accept()[0]
            except OSError:
                return
            threading.Thread(target=self.serve, args=(context, connection), daemon=True).start()

    def serve(self, context, connection):
        try:
            with context.wrap_socket(connection, server_side=True) as client, \
                    socket.create_connection(("127.0.0.1", self.target)) as server:
                back = threading.Thread(target=self.copy, args=(server, client), daemon=True)
                back.start()
                self.copy(client, server)
                back.join()
        except OSError:
            pass

    def close(self):
        # Without shutdown(), close() would leave the thread in accept().
        self.listener.shutdown(socket.SHUT_RDWR)
        self.listener.close()

    @staticmethod
    def copy(source, target):
        try:
            while data := source.recv(65536):
                target.sendall(data)
            target.shutdown(socket.SHUT_WR)
        except OSError:
            pass


@pytest.mark.parametrize("name, is_trusted, complaint", [
    ("IP:127.0.0.1", True, None),
    ("IP:127.0.0.1", False, "self-signed certificate"),
    ("DNS:elsewhere.example.org", True, "IP address mismatch"),
])
def test_the_certificate_of_keystone_is_checked(keystone, make_appliance, tmp_path, alice, name, is_trusted, complaint):
    front = TlsFront(tmp_path, int(keystone.url.rsplit(":")[-1].split("/")[0]), name)
    more = {"keystone_ca_file": str(front.certificate)} if is_trusted else {}
    settings = keystone.settings(**more).replace(keystone.url, front.url)
    appliance = make_appliance(settings).start()
    reply = appliance.get("/v2/images", headers={"X-Auth-Token": alice})
    if complaint is None:
        assert reply.status == 200, reply
    else:
        assert reply.status == 503 and complaint in message(reply), reply
        assert complaint in appliance.log
    front.close()
