"""Server-sent events: changes are reported at once, to many listeners, at little cost."""

import os
import time
from contextlib import ExitStack

import pytest
from accounts import LOCAL, PASSWORD, Person, add_person
from appliance import wait_until
from process_facts import threads
from raw_http import Wire, ask, head
from test_proxies import PROXY


HEARTBEATS = 20  # of 15 s each; only ends a test that hangs


class Listener(Wire):
    """Client that listens for changes."""

    def __init__(self, appliance, *lines):
        super().__init__(appliance)
        self.messages = []  # the messages that changes() has read
        self.send(head("GET", "/api/live", *lines))
        self.reply = self.answer()

    def changes(self):
        """Reads the next message. Returns its topics."""
        for _ in range(HEARTBEATS):
            while b"\n\n" not in self.input:
                assert self._more(), "the stream has ended"
            message, _, rest = bytes(self.input).partition(b"\n\n")
            self.input = bytearray(rest)
            lines = message.decode().split("\n")
            if lines[0] == "event: changed":
                assert len(lines) == 2
                self.messages.append(message)
                return set(lines[1].removeprefix("data: ").split(" "))
            assert lines[0] == ":" or lines[0].startswith("retry: "), message
        raise AssertionError("nothing has changed for long")

    def hear(self, topic):
        """Waits until a message has this topic."""
        wait_until(lambda: topic in self.changes(), f"{topic} is told")

    def end(self):
        """Reads until the end of the stream."""
        wait_until(lambda: not self._more(), "the stream ends")


def open_files(appliance):
    return len(os.listdir(f"/proc/{appliance.process.pid}/fd"))


@pytest.mark.parametrize("appliance", ["http", "https"], indirect=True)
def test_what_others_change_is_told(appliance):
    with Listener(appliance) as listener:
        assert listener.reply.status == 200
        assert listener.reply.headers["content-type"] == "text/event-stream"
        assert listener.reply.headers["cache-control"] == "no-store"
        image_id = appliance.create()
        listener.hear("images")
        appliance.upload(image_id, b"data")
        listener.hear("uploads")
        appliance.cli("project", "create", "lab")  # through the admin socket
        listener.hear("people")
        appliance.request("DELETE", f"/v2/images/{image_id}")
        listener.hear("images")
        appliance.cli("scrub")
        listener.hear("scrubber")
        appliance.cli("project", "create", "last")
        listener.hear("people")
        assert any(b"scrubber" in message and b"events" in message for message in listener.messages)


def test_no_name_and_no_id_is_told(appliance):
    with Listener(appliance) as listener:
        image_id = appliance.image_with(b"data", name="very secret")
        listener.hear("images")
        appliance.cli("project", "create", "lab")
        listener.hear("people")  # events come in order, so those of the image came before
        told = b"".join(listener.messages)
        assert b"images" in told and b"secret" not in told and image_id.encode() not in told


def test_many_changes_are_told_together(appliance):
    begin = time.monotonic()  # before the first message, so a slow client only raises the limit
    with Listener(appliance) as listener:
        for _ in range(200):
            appliance.create()
        appliance.cli("project", "create", "last")
        listener.hear("people")
        assert len(listener.messages) <= 2 * (time.monotonic() - begin) + 1  # one each half second, plus the first


def test_two_hundred_listeners_take_no_thread_and_leave_nothing_behind(appliance):
    assert appliance.get("/v2/images").status == 200
    threads_before, files_before = threads(appliance), open_files(appliance)
    with ExitStack() as stack:
        listeners = [stack.enter_context(Listener(appliance)) for _ in range(200)]
        assert {listener.reply.status for listener in listeners} == {200}
        image_id = appliance.image_with(b"data")
        assert appliance.get(f"/v2/images/{image_id}/file").body == b"data"
        for listener in listeners:
            listener.hear("images")
        wait_until(lambda: threads(appliance) <= threads_before + 4, "only the first few workers are left")
        assert open_files(appliance) >= files_before + 190
        wait_until(lambda: threads(appliance) <= threads_before, "the workers have ended")
        # No worker is left, but each request still gets one.
        assert appliance.get("/v2/images").status == 200
    wait_until(lambda: open_files(appliance) <= files_before + 2, "the connections are closed")


def test_who_does_not_read_disturbs_nobody(appliance):
    with Listener(appliance) as deaf, Listener(appliance) as keen:
        assert deaf.reply.status == 200
        for _ in range(8):
            appliance.create()
            keen.hear("images")


def test_a_stop_does_not_wait_for_listeners(make_appliance):
    appliance = make_appliance().start()
    with ExitStack() as stack:
        listeners = [stack.enter_context(Listener(appliance)) for _ in range(50)]
        assert appliance.stop() == 0
        for listener in listeners:
            listener.end()


@pytest.fixture
def local(make_appliance):
    appliance = make_appliance(LOCAL).start()
    appliance.cli("project", "create", "lab")
    add_person(appliance, "alice", "lab", "reader")
    return appliance


def test_a_stream_ends_with_what_let_it_in(local):
    alice = Person(local, "alice", "lab")
    with Listener(local, f"X-Auth-Token: {alice.token}") as by_token:
        assert by_token.reply.status == 200
        assert alice.request("DELETE", "/v3/auth/tokens", headers={"X-Subject-Token": alice.token}).status == 204
        by_token.end()
    reply = local.request("POST", "/api/session", {"name": "alice", "password": PASSWORD})
    cookie = "Cookie: " + reply.headers["Set-Cookie"].split(";")[0]
    token = Person(local, "alice").token
    with Listener(local, cookie) as signed_out, Listener(local, f"X-Auth-Token: {token}") as other:
        assert (signed_out.reply.status, other.reply.status) == (200, 200)
        gone = ask(local, head("DELETE", "/api/session", cookie, "Sec-Fetch-Site: same-origin"))
        assert gone.status == 204
        signed_out.end()
        local.cli("user", "delete", "alice", "--yes")
        other.end()


@pytest.mark.parametrize("lines", [[], ["X-Auth-Token: forged"], ["Cookie: reprieve_session=forged"]])
def test_nobody_listens_without_a_sign_in(local, lines):
    assert ask(local, head("GET", "/api/live", *lines)).status == 401


def test_listeners_are_bounded_in_all_and_of_one_address(make_appliance):
    limits = "max_connections = 20\nconnections_per_address = 8\n"
    appliance = make_appliance(PROXY + limits).start()
    with ExitStack() as stack:
        def listen(address):
            return stack.enter_context(Listener(appliance, f"X-Forwarded-For: {address}")).reply

        assert [listen("192.0.2.7").status for _ in range(3)] == [200, 200, 429]
        assert [listen(f"192.0.2.{n}").status for n in range(10, 18)] == [200] * 8
        refused = listen("192.0.2.30")
        assert refused.status == 503
        assert appliance.get("/v2/images").status == 200
