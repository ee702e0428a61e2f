"""https with a certificate of the site: what clients see, and what hostile ones cannot do."""

import http.client
import os
import signal
import socket
import ssl
import stat
import subprocess
import threading
from contextlib import ExitStack

import pytest
from appliance import BINARY, wait_until
from clients import Client
from deadline import DEADLINE
from process_facts import memory_mb, threads
from raw_http import Wire, head

MB = 1 << 20
DATA = os.urandom(3 * MB + 12345)


@pytest.fixture
def site(make_appliance):
    return make_appliance(https=True).start()


def fingerprint(site):
    pem = ssl.get_server_certificate(("127.0.0.1", site.port), timeout=DEADLINE)
    done = subprocess.run(["openssl", "x509", "-noout", "-fingerprint", "-sha256"], input=pem, capture_output=True,
                          text=True, check=True)
    return done.stdout.strip().partition("=")[2]


def s_client(site, *options):
    return subprocess.run(["openssl", "s_client", "-connect", f"127.0.0.1:{site.port}", "-CAfile", site.cacert,
                           *options], input="", capture_output=True, text=True, timeout=DEADLINE)


def test_a_client_that_trusts_the_certificate_is_served(site):
    curl = ["curl", "-sS", "--fail", "--cacert", site.cacert]
    for host in ["127.0.0.1", "localhost"]:
        assert subprocess.check_output([*curl, f"https://{host}:{site.port}/healthz"])
    done = subprocess.run(["curl", "-sS", f"{site.url}/healthz"], capture_output=True, text=True)
    assert done.returncode == 60, done  # curl does not trust the certificate by default


def test_links_say_https(site):
    link = site.get("/versions").json["versions"][0]["links"][0]["href"]
    assert link == f"https://127.0.0.1:{site.port}/v2/"


def test_openstack_works_over_https(site, tmp_path):
    openstack = Client("openstack", ["--os-auth-type", "none", "--os-endpoint", site.url, "--os-cacert",
                                     str(site.cacert)], tmp_path / "home")
    file = tmp_path / "disk"
    file.write_bytes(DATA)
    openstack.run("image", "create", "--file", file, "--disk-format", "raw", "--container-format", "bare", "disk")
    openstack.run("image", "save", "--file", tmp_path / "saved", "disk")
    assert (tmp_path / "saved").read_bytes() == DATA
    assert [image["Name"] for image in openstack.json("image", "list")] == ["disk"]


def test_data_goes_in_and_out_byte_for_byte(site, tmp_path):
    image = site.create()
    source = tmp_path / "source"
    source.write_bytes(DATA)
    curl = ["curl", "-sS", "--fail", "--cacert", site.cacert]
    address = f"{site.url}/v2/images/{image}/file"
    # curl asks before it sends the data, because of Expect: 100-continue.
    done = subprocess.run([*curl, "-v", "-T", source, "-H", "Content-Type: application/octet-stream",
                           "-H", "Expect: 100-continue", "--expect100-timeout", str(DEADLINE), address],
                          capture_output=True, text=True, check=True)
    assert "HTTP/1.1 100 Continue" in done.stderr
    assert subprocess.check_output([*curl, address]) == DATA
    for begin, end in [(0, 0), (16383, 16385), (1, MB), (len(DATA) - 1, len(DATA) - 1)]:
        assert subprocess.check_output([*curl, "-r", f"{begin}-{end}", address]) == DATA[begin:end + 1]


def test_one_connection_serves_many_requests(site):
    connection = site.connection()
    connection.connect()
    used = connection.sock
    image = site.image_with(b"data")
    for _ in range(200):
        connection.request("GET", f"/v2/images/{image}/file")
        assert connection.getresponse().read() == b"data"
        assert connection.sock is used
    connection.close()


def test_pipelined_requests_in_one_record_are_all_answered(site):
    with Wire(site) as wire:
        wire.send(head("GET", "/healthz") * 100)
        for _ in range(100):
            assert wire.answer().status == 200


def test_old_versions_and_weak_ciphers_are_refused(site):
    for version in ["-tls1", "-tls1_1"]:
        done = s_client(site, version, "-cipher", "ALL:@SECLEVEL=0")
        assert done.returncode != 0
        assert "Cipher is (NONE)" in done.stdout, done.stdout
    for cipher in ["AES128-SHA", "ECDHE-ECDSA-AES128-SHA", "NULL:@SECLEVEL=0"]:
        assert s_client(site, "-tls1_2", "-cipher", cipher).returncode != 0, cipher
    for version in ["-tls1_2", "-tls1_3"]:
        done = s_client(site, version, "-verify_return_error")
        assert done.returncode == 0, done.stderr
        assert "Verify return code: 0 (ok)" in done.stdout


def test_http_1_1_is_the_protocol_and_sessions_are_resumed(site, tmp_path):
    assert "ALPN protocol: http/1.1" in s_client(site, "-alpn", "h2,http/1.1").stdout
    session = tmp_path / "session"
    s_client(site, "-tls1_2", "-sess_out", str(session))
    assert "Reused, TLSv1.2" in s_client(site, "-tls1_2", "-sess_in", str(session)).stdout


def test_renegotiation_is_refused(site):
    with subprocess.Popen(["openssl", "s_client", "-connect", f"127.0.0.1:{site.port}", "-tls1_2"],
                          stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.STDOUT) as client:
        client.stdin.write(b"R\n")
        client.stdin.flush()
        end = threading.Timer(DEADLINE, client.kill)
        end.daemon = True
        end.start()
        output = b""
        while b"no renegotiation" not in output:
            line = client.stdout.readline()
            assert line, output
            output += line
        client.kill()
        end.cancel()
    assert site.get("/healthz").status == 200


def test_plain_http_is_told_to_speak_https(site):
    for method in ["GET", "PATCH", "DELETE"]:
        connection = http.client.HTTPConnection("127.0.0.1", site.port, timeout=DEADLINE)
        connection.request(method, "/v2/images")
        answer = connection.getresponse()
        assert answer.status == 400
        assert b"https://" in answer.read()
        connection.close()


NO_HANDSHAKES = {
    "a zero": b"\0",
    "half a record's head": b"\x16",
    "a record longer than any": b"\x16\x03\x01\x40\x00" + b"A" * 20000,
    "SSL 2": b"\x80\x2e\x01\x03\x01",
    "random bytes": os.urandom(4096),
    "an alert": b"\x15\x03\x01\x00\x02\x02\x28",
}


@pytest.mark.parametrize("bytes_sent", NO_HANDSHAKES.values(), ids=NO_HANDSHAKES.keys())
def test_what_is_no_handshake_harms_nobody(site, bytes_sent):
    for _ in range(20):
        with socket.create_connection(("127.0.0.1", site.port), timeout=DEADLINE) as client:
            client.sendall(bytes_sent)
    assert site.get("/healthz").status == 200


SLOW_HANDSHAKES = [b"", b"\x16", b"\x16\x03\x01\x02\x00\x01\x00"]


def test_hundreds_of_slow_handshakes_delay_nobody(make_appliance):
    """A request that waited for them would fail at the deadline of the test."""
    site = make_appliance(https=True).start()
    before = threads(site)
    with ExitStack() as stack:
        clients = [stack.enter_context(socket.create_connection(("127.0.0.1", site.port), timeout=DEADLINE))
                   for _ in range(600)]
        for n, client in enumerate(clients):
            client.sendall(SLOW_HANDSHAKES[n % 3])
        for _ in range(5):
            assert site.get("/v2/images").status == 200
        assert threads(site) <= before + 8
        assert memory_mb(site) < 200


@pytest.mark.parametrize("sent", SLOW_HANDSHAKES)
def test_a_slow_handshake_ends_in_time(make_appliance, sent):
    site = make_appliance("[server]\nheader_timeout = '1s'\n", https=True).start()
    with socket.create_connection(("127.0.0.1", site.port), timeout=DEADLINE) as client:
        client.sendall(sent)
        assert client.recv(10) == b""


def test_a_handshake_byte_by_byte_is_understood(site):
    inner, outer = ssl.MemoryBIO(), ssl.MemoryBIO()
    tls = ssl.create_default_context(cafile=site.cacert).wrap_bio(inner, outer, server_hostname="localhost")
    with socket.create_connection(("127.0.0.1", site.port), timeout=DEADLINE) as client:
        client.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)

        def step(call):
            while True:
                try:
                    return call()
                except ssl.SSLWantReadError:
                    for byte in outer.read():
                        client.sendall(bytes([byte]))
                    inner.write(client.recv(65536))

        step(tls.do_handshake)
        tls.write(head("GET", "/healthz"))
        assert step(lambda: tls.read(65536)).startswith(b"HTTP/1.1 200")


def test_clients_that_vanish_leave_nothing(site):
    files = f"/proc/{site.process.pid}/fd"
    before = len(os.listdir(files))
    context = ssl.create_default_context(cafile=site.cacert)
    for n in range(200):
        client = socket.create_connection(("127.0.0.1", site.port), timeout=DEADLINE)
        client.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, b"\1\0\0\0\0\0\0\0")  # close() resets
        if n % 2:
            client = context.wrap_socket(client, server_hostname="localhost")
            client.sendall(head("GET", "/v2/images")[:n % 40])
        else:
            client.sendall(b"\x16\x03\x01\x02\x00\x01")
        client.close()
    wait_until(lambda: len(os.listdir(files)) <= before + 2, "the connections are gone")
    assert site.get("/healthz").status == 200


def test_an_upload_that_breaks_off_stores_nothing(site):
    image = site.create()
    with Wire(site) as wire:
        wire.send(head("PUT", f"/v2/images/{image}/file", "Content-Type: application/octet-stream",
                       "Content-Length: 9000000") + b"x" * MB)
    wait_until(lambda: site.show(image)["status"] == "queued", "the upload is undone")


def renewed(site, *more):
    site.cli("tls", "init", "--yes", *more)


def test_a_renewed_certificate_is_taken_on_sighup_while_others_go_on(site):
    first = fingerprint(site)
    image = site.image_with(DATA)
    kept = site.connection()
    kept.request("GET", "/healthz")
    kept.getresponse().read()
    failures, stop = [], threading.Event()

    def load():
        trust = ssl._create_unverified_context()
        while not stop.is_set():
            try:
                connection = http.client.HTTPSConnection("127.0.0.1", site.port, timeout=DEADLINE, context=trust)
                connection.request("GET", f"/v2/images/{image}/file")
                if connection.getresponse().read() != DATA:
                    failures.append("other bytes")
                connection.close()
            except OSError as error:
                failures.append(error)

    clients = [threading.Thread(target=load) for _ in range(3)]
    for client in clients:
        client.start()
    seen = {first}
    for _ in range(5):
        renewed(site)
        site.reload()
        wait_until(lambda: fingerprint(site) not in seen, "the new certificate is used")
        seen.add(fingerprint(site))
    stop.set()
    for client in clients:
        client.join()
    assert not failures
    kept.request("GET", "/healthz")
    assert kept.getresponse().status == 200
    assert site.get("/healthz").status == 200  # with the new certificate


@pytest.mark.parametrize("spoil", ["nonsense", "", None])
def test_a_bad_renewal_changes_nothing_but_the_log(site, spoil):
    first = fingerprint(site)
    good = site.cacert.read_text()
    site.cacert.unlink()
    if spoil is not None:
        site.cacert.write_text(spoil)
    site.reload()
    wait_until(lambda: "tls.reload_failed" in site.log, "the log says so")
    assert "the old certificate stays" in site.log
    assert fingerprint(site) == first
    site.cacert.write_text(good)
    assert site.get("/healthz").status == 200


def test_sighup_without_tls_ends_nothing(appliance):
    appliance.process.send_signal(signal.SIGHUP)
    wait_until(lambda: "tls.not_used" in appliance.log, "the log says so")
    assert appliance.get("/healthz").status == 200


def start_fails(appliance):
    done = subprocess.run([BINARY, "serve", "--config", appliance.config, "--data", appliance.data, "--listen",
                           "127.0.0.1:0"], capture_output=True, text=True, timeout=DEADLINE)
    assert done.returncode == 1
    return done.stderr


def test_files_that_are_of_no_use_are_named_at_the_start(make_appliance):
    site = make_appliance(https=True)
    key = site.data / "tls/key.pem"
    good = key.read_text()
    encrypted = subprocess.run(["openssl", "pkey", "-aes128", "-passout", "pass:hidden"], input=good, text=True,
                               capture_output=True, check=True).stdout
    other = subprocess.run(["openssl", "genpkey", "-algorithm", "ed25519"], text=True, capture_output=True,
                           check=True).stdout
    for text, words in [(encrypted, "is encrypted"), (other, "is not that of the certificate"), ("", "no private key")]:
        key.write_text(text)
        assert words in (error := start_fails(site)), error
        assert str(key) in error
        assert "hidden" not in error
    key.unlink()
    assert "No such file" in start_fails(site)
    key.write_text(good)
    site.start()


def test_an_expired_certificate_is_used_with_a_warning(make_appliance):
    site = make_appliance(https=True)
    ask = ["openssl", "req", "-new", "-key", site.data / "tls/key.pem", "-subj", "/CN=a"]
    request = subprocess.check_output(ask)
    sign = ["openssl", "x509", "-req", "-signkey", site.data / "tls/key.pem", "-days", "-1", "-out", site.cacert]
    subprocess.run(sign, input=request, check=True, capture_output=True)
    site.start()
    assert "tls.expired" in site.log


def test_a_certificate_without_its_key_is_refused(make_appliance):
    appliance = make_appliance('[server]\ntls_certificate = "/nowhere/certificate.pem"\n')
    assert "server.tls_key" in start_fails(appliance)


def test_tls_init_makes_a_private_pair_and_replaces_none_unasked(make_appliance):
    appliance = make_appliance()
    told = appliance.cli("tls", "init", "--host", "images.example.org", "--host", "10.0.0.7", "--days", "30").stdout
    folder = appliance.data / "tls"
    assert stat.S_IMODE(os.stat(folder / "key.pem").st_mode) == 0o600
    assert stat.S_IMODE(os.stat(folder).st_mode) == 0o700
    assert sorted(os.listdir(folder)) == ["certificate.pem", "key.pem"]
    text = subprocess.check_output(["openssl", "x509", "-in", folder / "certificate.pem", "-noout", "-text",
                                    "-fingerprint", "-sha256"], text=True)
    for part in ["CN = images.example.org", "DNS:images.example.org", "IP Address:10.0.0.7", "DNS:localhost",
                 f"DNS:{socket.gethostname()}", "IP Address:127.0.0.1", "IP Address:0:0:0:0:0:0:0:1", "prime256v1"]:
        assert part in text, text
    assert text.strip().rpartition("=")[2] in told
    assert f'tls_certificate = "{folder}/certificate.pem"' in told
    assert "--os-cacert" in told
    assert (folder / "key.pem").read_text() not in told

    before = (folder / "key.pem").read_bytes()
    done = appliance.cli("tls", "init", check=False)
    assert done.returncode == 1 and "--yes" in done.stderr
    assert (folder / "key.pem").read_bytes() == before
    done = appliance.cli("tls", "init", "--yes", "--host", "a b", check=False)
    assert done.returncode == 1
    assert (folder / "key.pem").read_bytes() == before
    appliance.cli("tls", "init", "--yes")
    assert (folder / "key.pem").read_bytes() != before


def test_the_admin_socket_stays_plain(site):
    site.image_with(b"data", name="gone")
    image = site.get("/v2/images").json["images"][0]["id"]
    assert site.request("DELETE", f"/v2/images/{image}").status == 204
    assert "gone" in site.cli("trash", "list").stdout
