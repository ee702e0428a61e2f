"""The process: start, stop and crash, and which clients it answers."""

import http.client
import json
import os
import signal
import socket
import sqlite3
import stat
import subprocess

import pytest
from appliance import BINARY, wait_until
from bin_calls import delete, restore, some_bytes
from deadline import DEADLINE
from raw_http import ask, begin_upload, head


def wait_until_saving(appliance, image):
    wait_until(lambda: appliance.show(image)["status"] == "saving", "the upload runs")


def wait_until_stopping(appliance):
    wait_until(lambda: "server.stopping" in appliance.log, "the signal was seen")


def test_an_upload_that_runs_ends_well_when_the_appliance_is_told_to_stop(appliance):
    data = some_bytes(4_000_000)
    image = appliance.create()
    with begin_upload(appliance, image, len(data), data[:1_000_000]) as wire:
        wait_until_saving(appliance, image)
        appliance.process.send_signal(signal.SIGTERM)
        wait_until_stopping(appliance)
        wire.send(data[1_000_000:])
        answer = wire.answer()
        assert answer.status == 204 and answer.headers["connection"] == "close"
    assert appliance.process.wait(timeout=DEADLINE) == 0
    appliance.start()
    assert appliance.get(f"/v2/images/{image}/file").body == data


def test_a_download_that_runs_ends_well_when_the_appliance_is_told_to_stop(appliance):
    data = some_bytes(30_000_000)
    image = appliance.image_with(data)
    connection = http.client.HTTPConnection("127.0.0.1", appliance.port, timeout=DEADLINE)
    connection.request("GET", f"/v2/images/{image}/file")
    response = connection.getresponse()
    first = response.read(100_000)
    appliance.process.send_signal(signal.SIGTERM)
    wait_until_stopping(appliance)
    assert first + response.read() == data
    connection.close()
    assert appliance.process.wait(timeout=DEADLINE) == 0


def test_requests_that_do_not_end_are_cut_when_the_time_to_stop_is_over(make_appliance):
    appliance = make_appliance("[server]\nshutdown_timeout = '1s'\n").start()
    image = appliance.create()
    with begin_upload(appliance, image, 4_000_000, b"begin"):
        wait_until_saving(appliance, image)
        assert appliance.stop() == 0
    assert appliance.store.leftovers(appliance) == []
    appliance.start()
    assert appliance.show(image)["status"] == "queued"


def test_no_new_connection_is_taken_while_it_stops(appliance):
    image = appliance.create()
    with begin_upload(appliance, image, 100_000, b"begin") as wire:
        wait_until_saving(appliance, image)
        appliance.process.send_signal(signal.SIGTERM)
        wait_until_stopping(appliance)

        def refused():
            try:
                socket.create_connection(("127.0.0.1", appliance.port), timeout=DEADLINE).close()
            except ConnectionRefusedError:
                return True
            return False

        wait_until(refused, "nobody listens any more")
        wire.send(b"x" * 99_995)
        assert wire.answer().status == 204
    assert appliance.process.wait(timeout=DEADLINE) == 0


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT], ids=["SIGTERM", "SIGINT"])
def test_an_idle_appliance_stops_at_once_with_0(make_appliance, number):
    appliance = make_appliance().start()
    with socket.create_connection(("127.0.0.1", appliance.port)):
        appliance.process.send_signal(number)
        assert appliance.process.wait(timeout=DEADLINE) == 0


def test_an_upload_that_a_crash_cut_off_can_be_sent_again(appliance):
    image, other = appliance.create(), appliance.image_with(b"whole")
    with begin_upload(appliance, image, 10_000_000, some_bytes(3_000_000)):
        wait_until_saving(appliance, image)
        wait_until(lambda: appliance.store.leftovers(appliance), "bytes are being written")
        appliance.kill()
    assert appliance.store.leftovers(appliance)
    appliance.start()
    assert appliance.store.leftovers(appliance) == []
    details = appliance.get(f"/api/images/{image}").json
    assert details["status"] == "queued" and "upload the data again" in details["status_reason"]
    assert details["locations"] == []
    assert appliance.upload(image, b"again").status == 204
    assert appliance.get(f"/v2/images/{image}/file").body == b"again"
    assert appliance.get(f"/v2/images/{other}/file").body == b"whole"
    assert appliance.cli("check").returncode == 0


def test_an_upload_that_its_client_breaks_off_leaves_a_queued_image_with_the_reason(appliance):
    image = appliance.create()
    with begin_upload(appliance, image, 10_000_000, some_bytes(3_000_000)):
        wait_until_saving(appliance, image)
    wait_until(lambda: appliance.show(image)["status"] == "queued", "the image is queued again")
    assert appliance.get(f"/api/images/{image}").json["status_reason"]
    assert appliance.store.leftovers(appliance) == []
    assert appliance.upload(image, b"again").status == 204


def test_a_delete_wins_over_a_running_upload(appliance):
    image = appliance.create()
    with begin_upload(appliance, image, 40_000_000, some_bytes(1_000_000)) as wire:
        wait_until_saving(appliance, image)
        delete(appliance, image)
        assert appliance.get(f"/v2/images/{image}").status == 404
        wire.send(some_bytes(39_000_000))
        assert wire.answer().status == 410
    wait_until(lambda: appliance.store.leftovers(appliance) == [], "nothing is left of it")
    assert appliance.get("/api/trash").json["trash"] == []


def test_a_port_that_is_taken_is_a_clear_error(appliance, tmp_path):
    address = f"127.0.0.1:{appliance.port}"
    done = subprocess.run([BINARY, "serve", "--data", tmp_path / "other", "--listen", address],
                          capture_output=True, text=True, timeout=DEADLINE)
    assert done.returncode == 1
    assert f"{address}: address already in use" in done.stderr and "server.listen" in done.stderr


@pytest.mark.parametrize("listen", ["127.0.0.1", "localhost:0", "127.0.0.1:70000", ":0", ""])
def test_an_address_that_is_none_is_refused(tmp_path, listen):
    done = subprocess.run([BINARY, "serve", "--data", tmp_path / "data", f"--listen={listen}"],
                          capture_output=True, text=True, timeout=DEADLINE)
    assert done.returncode in (1, 2) and done.stderr
    assert not (tmp_path / "data").exists()


def test_a_name_that_a_page_elsewhere_made_up_is_not_answered(appliance):
    for host in ("evil.example", f"evil.example:{appliance.port}", "localhost.evil.example", "127.0.0.1.evil.example"):
        for method in ("GET", "POST", "DELETE"):
            answer = ask(appliance, head(method, "/v2/images", host=host))
            assert answer.status == 421, answer
            assert b"allowed_hosts" in answer.body
    for host in ("localhost", f"LOCALHOST:{appliance.port}", "127.0.0.1", f"[::1]:{appliance.port}"):
        assert ask(appliance, head("GET", "/v2/images", host=host)).status == 200


def test_a_page_elsewhere_changes_nothing(appliance):
    image = appliance.image_with(b"data")
    for origin in ("http://evil.example", "null", "https://localhost.evil.example", "file://",
                   "http://localhost@evil.example"):
        answer = ask(appliance, head("DELETE", f"/v2/images/{image}", f"Origin: {origin}"))
        assert answer.status == 403, (origin, answer)
    assert ask(appliance, head("DELETE", f"/v2/images/{image}", "Sec-Fetch-Site: cross-site")).status == 403
    assert appliance.show(image)["status"] == "active"
    neighbour = ask(appliance, head("DELETE", f"/v2/images/{image}", f"Origin: http://localhost:{appliance.port}"))
    assert neighbour.status == 403, "another port is another site"
    assert ask(appliance, head("DELETE", f"/v2/images/{image}", "Origin: http://localhost")).status == 204


def test_further_host_names_can_be_allowed(make_appliance):
    appliance = make_appliance(
        "[server]\nallowed_hosts = ['images.lan']\npublic_url = 'https://pub.example/x'\n").start()
    for host in ("images.lan", "IMAGES.LAN:80", "pub.example"):
        assert ask(appliance, head("GET", "/v2/images", host=host)).status == 200
    assert ask(appliance, head("GET", "/v2/images", host="other.lan")).status == 421


def test_nobody_can_forge_a_line_of_the_log(make_appliance):
    appliance = make_appliance("[log]\nlevel = 'debug'\n").start()
    forged = "x\n2026-01-01T00:00:00.000Z info  image.purged forged=yes\r\n\u2028\x1b[2K"
    image = appliance.create(name=forged, tags=["t"])
    appliance.upload(image, b"data")
    delete(appliance, image)
    restore(appliance, image)
    for path in ("/v2/images/x%0aforged=yes", "/v2/images?name=%0d%0aforged", f"/v2/images/{image}%00"):
        appliance.get(path)
    ask(appliance, head("GET", "/v2/images", "X-Test: a", host="a%0aforged"))
    appliance.stop()
    for line in appliance.log_file.read_bytes().split(b"\n"):
        assert line == b"" or line.startswith(b"20"), line
        assert b"\x1b" not in line and b"\r" not in line and "\u2028".encode() not in line
        assert b" image.purged " not in line[24:45]


def test_a_log_in_json_is_an_object_a_line(make_appliance):
    appliance = make_appliance("[log]\nlevel = 'debug'\nformat = 'json'\n")
    log = open(appliance.log_file, "ab")
    appliance.process = subprocess.Popen([BINARY, "--config", appliance.config, "--data", appliance.data,
                                          "--listen", "127.0.0.1:0"], stderr=log, stdout=log)
    log.close()
    wait_until(lambda: "server.listening" in appliance.log, "the appliance listens")
    appliance.stop()
    for line in appliance.log.splitlines():
        assert {"time", "level", "event"} <= set(json.loads(line))


def test_the_data_is_for_its_owner_alone(appliance):
    appliance.image_with(b"data")
    modes = {path: stat.S_IMODE(os.stat(appliance.data / path).st_mode) for path in ("", "admin.sock", "images")}
    assert modes == {"": 0o700, "admin.sock": 0o600, "images": 0o700}
    for folder, _, names in os.walk(appliance.data):
        for name in names:
            assert stat.S_IMODE(os.stat(os.path.join(folder, name)).st_mode) & 0o077 == 0, name


def test_the_socket_of_an_appliance_that_crashed_is_no_hindrance(appliance):
    appliance.kill()
    assert (appliance.data / "admin.sock").exists()
    appliance.start()
    assert appliance.cli("trash", "list").returncode == 0


def test_a_catalog_of_a_newer_version_is_refused(appliance):
    appliance.stop()
    with sqlite3.connect(appliance.data / "catalog.db") as db:
        db.execute("PRAGMA user_version = 99999")
    db.close()
    done = appliance.cli("serve", "--listen", "127.0.0.1:0", check=False)
    assert done.returncode == 1 and "newer" in done.stderr
