"""Clients that use resources without a purpose. They cost little, and delay no other client."""

import resource
import os
from contextlib import ExitStack
from pathlib import Path

import pytest
from appliance import wait_until
from bin_calls import some_bytes
from process_facts import memory_mb, threads
from raw_http import Wire, begin_upload, head

MB = 1 << 20


@pytest.fixture(autouse=True)
def many_files():
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))
    yield
    resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))


def assert_delays_nobody(appliance):
    """Requires that requests are answered. If they waited for the other clients, the test would end first, because
    PATIENT_SERVER keeps those for longer."""
    for _ in range(5):
        assert appliance.get("/v2/images").status == 200


def test_a_thousand_idle_and_two_hundred_half_sent_requests_delay_nobody(appliance):
    before = memory_mb(appliance)
    with ExitStack() as stack:
        idle = [stack.enter_context(Wire(appliance)) for _ in range(1000)]
        for wire in idle[:500]:  # half of them are idle after a request
            wire.send(head("GET", "/healthz"))
            assert wire.answer().status == 200
        for n in range(200):
            wire = stack.enter_context(Wire(appliance))
            wire.send(head("GET", "/v2/images", "X-Long: " + "y" * 10 * n)[:-3 - n])
        assert_delays_nobody(appliance)
        assert threads(appliance) < 250
        assert memory_mb(appliance) < before + 60
        image = appliance.image_with(b"data")
        assert appliance.get(f"/v2/images/{image}/file").body == b"data"


def test_a_thousand_bodies_that_do_not_come_delay_nobody(appliance):
    kind = "Content-Type: application/json"
    image = appliance.create()
    with ExitStack() as stack:
        for n in range(1000):
            wire = stack.enter_context(Wire(appliance))
            size = 500_000 if n % 2 else 5_000
            method, path = [("POST", "/v2/images"), ("PATCH", f"/v2/images/{image}"), ("GET", "/healthz")][n % 3]
            wire.send(head(method, path, kind, f"Content-Length: {size}") + b'{"name": "')
        assert_delays_nobody(appliance)


def test_headers_that_dawdle_are_cut_in_time(make_appliance):
    appliance = make_appliance("[server]\nheader_timeout = '1s'\n").start()
    with ExitStack() as stack:
        wires = [stack.enter_context(Wire(appliance)) for _ in range(50)]
        for wire in wires:
            wire.send(head("GET", "/healthz", "X-Long: ").removesuffix(b"\r\n\r\n"))
        wait_until(lambda: not [wire for wire in wires if wire.send(b"y")], "bytes do not move the deadline")
    assert appliance.get("/v2/images").status == 200


def test_connections_that_ask_nothing_are_closed_in_time(make_appliance):
    appliance = make_appliance("[server]\nidle_timeout = '1s'\n").start()

    def answered():
        """Returns a connection after its first answer; None if it was closed before the request."""
        wire = stack.enter_context(Wire(appliance))
        wire.send(head("GET", "/healthz"))
        return wire.answer() and wire

    with ExitStack() as stack:
        kept = wait_until(answered, "it asks in time")
        silent = stack.enter_context(Wire(appliance))
        assert silent.is_closed() and kept.is_closed()


def test_an_upload_that_stalls_is_ended_and_the_image_is_queued_again(make_appliance):
    appliance = make_appliance().start()
    image = appliance.create()
    appliance.restart("[server]\nstall_timeout = '1s'\n")
    with begin_upload(appliance, image, 10 * MB, some_bytes(MB)) as wire:
        assert wire.answer().status == 408
    wait_until(lambda: appliance.show(image)["status"] == "queued", "the image is queued again")
    assert appliance.get(f"/api/images/{image}").json["status_reason"]


def test_an_upload_that_trickles_is_ended(make_appliance):
    appliance = make_appliance().start()
    image = appliance.create()
    appliance.restart("[server]\nstall_timeout = '2s'\nmin_transfer_rate = '1KiB'\n")
    with begin_upload(appliance, image, 10 * MB, b"x" * 70_000) as wire:
        def has_ended():
            wire.send(b"x")
            return appliance.get(f"/api/images/{image}").json["status_reason"]

        wait_until(has_ended, "bytes do not move the deadline")
    assert appliance.show(image)["status"] == "queued"


def test_a_download_that_nobody_reads_is_ended(make_appliance):
    appliance = make_appliance().start()
    image = appliance.image_with(some_bytes(50_000_000))
    appliance.restart("[server]\nstall_timeout = '1s'\nmax_transfers = 1\n")
    with Wire(appliance) as wire:
        wire.send(head("GET", f"/v2/images/{image}/file"))
        wire._more()  # the answer has begun, so the only place is taken
        file = f"/v2/images/{image}/file"
        wait_until(lambda: appliance.request("HEAD", file).status == 200, "the place is free again")
        answer_is_whole = True
        try:
            wire.answer()
        except AssertionError:
            answer_is_whole = False
        assert not answer_is_whole


def test_slow_uploads_block_nobody(appliance):
    before = memory_mb(appliance)
    images = [appliance.create() for _ in range(60)]
    with ExitStack() as stack:
        wires = [stack.enter_context(begin_upload(appliance, image, 5 * MB, some_bytes(2 * MB, n)))
                 for n, image in enumerate(images)]
        wait_until(lambda: all(appliance.show(image)["status"] == "saving" for image in images), "all uploads run")
        assert_delays_nobody(appliance)
        data = some_bytes(10 * MB)
        other = appliance.image_with(data)
        assert appliance.get(f"/v2/images/{other}/file").body == data
        assert memory_mb(appliance) < before + 150
        for wire in wires:
            wire.send(b"x" * 3 * MB)
        assert [wire.answer().status for wire in wires] == [204] * 60
    for n, image in list(enumerate(images))[::20]:
        assert appliance.get(f"/v2/images/{image}/file").body == some_bytes(2 * MB, n) + b"x" * 3 * MB


def test_one_upload_more_than_may_run_is_asked_to_come_again(make_appliance):
    appliance = make_appliance("[server]\nmax_transfers = 4\n").start()
    images = [appliance.create() for _ in range(10)]
    with ExitStack() as stack:
        wires = [stack.enter_context(begin_upload(appliance, image, 100_000, b"x")) for image in images[:4]]
        wait_until(lambda: all(appliance.show(image)["status"] == "saving" for image in images[:4]), "all uploads run")
        for image in images[4:]:
            reply = appliance.upload(image, b"data")
            assert reply.status in (429, 503) and "max_transfers" in reply.json["message"]
            assert appliance.show(image)["status"] == "queued"
        assert_delays_nobody(appliance)
        for wire in wires:
            wire.send(b"x" * 99_999)
        assert [wire.answer().status for wire in wires] == [204] * 4
    assert wait_until(lambda: appliance.upload(images[5], b"data").status == 204, "a place is free again")


def open_sockets(appliance):
    links = []
    for entry in Path(f"/proc/{appliance.process.pid}/fd").iterdir():
        try:
            links.append(os.readlink(entry))
        except FileNotFoundError:
            pass  # closed after it was listed
    return sum(link.startswith("socket:") for link in links)


def test_one_connection_more_than_may_be_open_finds_a_place_or_is_told(make_appliance):
    appliance = make_appliance("[server]\nmax_connections = 16\n").start()
    without_clients = open_sockets(appliance)
    with ExitStack() as stack:
        for _ in range(100):
            stack.enter_context(Wire(appliance))
        # The server closes idle connections to make room for one with a request.
        assert_delays_nobody(appliance)
    with ExitStack() as stack:
        images = [appliance.create() for _ in range(16)]
        wait_until(lambda: open_sockets(appliance) == without_clients, "the server has seen its clients go")
        wires = [stack.enter_context(begin_upload(appliance, image, 100_000, b"x")) for image in images]
        wait_until(lambda: len(appliance.store.leftovers(appliance)) == 16, "all places are taken")
        with Wire(appliance) as wire:
            answer = wire.answer()
            assert answer.status == 503 and b"max_connections" in answer.body
        for wire in wires:
            wire.send(b"x" * 99_999)
        assert [wire.answer().status for wire in wires] == [204] * 16


def test_memory_stays_bounded_under_many_large_transfers(appliance):
    data = some_bytes(30 * MB)
    image = appliance.image_with(data)
    before = memory_mb(appliance)
    with ExitStack() as stack:
        wires = [stack.enter_context(Wire(appliance)) for _ in range(60)]
        for wire in wires:
            wire.send(head("GET", f"/v2/images/{image}/file"))
        for wire in wires[:4]:
            assert wire.answer().body == data
        assert memory_mb(appliance) < before + 120
    wait_until(lambda: memory_mb(appliance) < before + 100, "the memory is given back")
