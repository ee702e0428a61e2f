"""Requests that two servers could understand differently have one meaning, or are refused."""

import pytest
from raw_http import Wire, ask, head

NO_IMAGE = "00000000-0000-4000-8000-000000000000"
OCTETS = "Content-Type: application/octet-stream"
JSON = "Content-Type: application/json"
pytestmark = pytest.mark.parametrize("appliance", ["http", "https"], indirect=True)


def alone(appliance, data):
    """Sends the bytes, and returns the answer. Requires that there is only one: later requests in them must not run."""
    with Wire(appliance) as wire:
        wire.send(data)
        answer = wire.answer()
        assert wire.is_closed(), wire.input
        return answer


def smuggled(appliance):
    """Returns a request that creates an image, so that a test notices if it ran."""
    return head("POST", "/v2/images", JSON, "Content-Length: 19") + b'{"name":"smuggled"}'


def was_smuggled(appliance):
    return appliance.get("/v2/images?name=smuggled").json["images"] != []


def test_a_body_that_comes_after_its_answer_is_not_run_as_a_request(appliance):
    for first in (head("PUT", f"/v2/images/{NO_IMAGE}/file", OCTETS, "Content-Length: 5000000"),
                  head("PATCH", f"/v2/images/{NO_IMAGE}", JSON, "Content-Length: 500"),
                  head("GET", f"/v2/images/{NO_IMAGE}", "Content-Length: 5000000"),
                  head("POST", "/v2/images", JSON, "Content-Length: 500", host="evil.example")):
        with Wire(appliance) as wire:
            wire.send(first)
            if b"500\r" not in first:  # the server waits for a small body before it answers
                assert wire.answer().status >= 400
            wire.send(smuggled(appliance) * 3 + b"x" * 500)
            wire.end()
            while wire._more():
                pass
    assert not was_smuggled(appliance)


@pytest.mark.parametrize("length", ["-1", "abc", "5, 5", "0x10", "+5", "", " ", "5 5", "1e3", "18446744073709551616",
                                    "99999999999999999999999", "５"])
def test_a_length_that_is_no_number_is_refused(appliance, length):
    request = head("POST", "/v2/images", JSON).replace(b"\r\n\r\n", f"\r\nContent-Length: {length}\r\n\r\n".encode())
    assert alone(appliance, request + smuggled(appliance)).status == 400
    assert not was_smuggled(appliance)


@pytest.mark.parametrize("lines", [
    ["Content-Length: 5", "Content-Length: 5"], ["Content-Length: 5", "Content-Length: 6"],
    ["Content-Length: 5", "content-length: 50"],
    ["Content-Length: 5", "Transfer-Encoding: chunked"], ["Transfer-Encoding: chunked", "Content-Length: 5"],
    ["Transfer-Encoding: chunked", "Transfer-Encoding: chunked"], ["Transfer-Encoding: gzip, chunked"],
    ["Transfer-Encoding: chunked, identity"], ["Transfer-Encoding: xchunked"], ["Transfer-Encoding: \x0bchunked"],
    ["Transfer-Encoding : chunked"], ["Transfer-Encoding:", "Content-Length: 5"], [" Transfer-Encoding: chunked"],
    ["X: y", " folded: z"], ["X\x00: y"], ["X: a\x00b"], ["X: a\rb"], [": no name"], ["no colon"],
    ["Host: localhost"]], ids=str)
def test_framing_that_can_be_read_in_two_ways_is_refused(appliance, lines):
    request = head("PUT", f"/v2/images/{NO_IMAGE}/file", OCTETS, *lines) + b"0\r\n\r\n"
    assert alone(appliance, request + smuggled(appliance)).status == 400
    assert not was_smuggled(appliance)


@pytest.mark.parametrize("line", [
    b"GET /v2/images\r\n\r\n", b"GET  /v2/images HTTP/1.1\r\n\r\n", b"\x16\x03\x01\x02\x00\r\n\r\n",
    b"GET /v2/images HTTP/2.0\r\n\r\n", b"GET /v2/images HTTP/1.1\nHost: localhost\n\n",
    b"GET /v2/ima ges HTTP/1.1\r\n\r\n", b"GET v2/images HTTP/1.1\r\nHost: localhost\r\n\r\n",
    b"GET /\xff HTTP/1.1\r\nHost: localhost\r\n\r\n", b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n",
    b"GET / HTTP/1.1\r\n\r\n", b"G" * 1000 + b" / HTTP/1.1\r\nHost: localhost\r\n\r\n",
    b"CONNECT localhost:22 HTTP/1.1\r\nHost: localhost\r\n\r\n"], ids=lambda b: str(b[:30]))
def test_a_request_line_that_is_none_is_refused(appliance, line):
    assert alone(appliance, line + smuggled(appliance)).status in (400, 405, 414)
    assert not was_smuggled(appliance)


@pytest.mark.parametrize("body", [
    b"-5\r\nhello\r\n0\r\n\r\n", b"0x5\r\nhello\r\n0\r\n\r\n", b"5\nhello\n0\n\n", b"5\r\nhello0\r\n\r\n",
    b"ffffffffffffffff\r\nhello\r\n0\r\n\r\n", b"10000000000000005\r\nhello\r\n0\r\n\r\n",
    b"5;" + b"x" * 100_000 + b"\r\nhello\r\n0\r\n\r\n", b"\r\n\r\n",
    b"5\r\nhello\r\n0\r\n" + b"X: y\r\n" * 1000 + b"\r\n"], ids=lambda b: str(b[:20]))
def test_chunks_that_are_none_are_refused_and_store_nothing(appliance, body):
    image = appliance.create()
    request = head("PUT", f"/v2/images/{image}/file", OCTETS, "Transfer-Encoding: chunked")
    assert alone(appliance, request + body).status == 400
    assert appliance.show(image)["status"] == "queued"


def test_pipelined_requests_are_all_answered_in_order(appliance):
    image = appliance.image_with(b"data")
    with Wire(appliance) as wire:
        wire.send(head("GET", f"/v2/images/{image}/file") * 50 + smuggled(appliance) + head("GET", "/nowhere") +
                  head("GET", f"/v2/images/{image}", "Connection: close") + head("GET", "/healthz"))
        assert [wire.answer().body for _ in range(50)] == [b"data"] * 50
        assert [wire.answer().status for _ in range(3)] == [201, 404, 200]
        assert wire.is_closed()


def test_pipelined_bodies_stay_with_their_requests(appliance):
    images = [appliance.create() for _ in range(10)]
    with Wire(appliance) as wire:
        for n, image in enumerate(images):
            chunks = b"4\r\n%04d\r\n0\r\n\r\n" % n
            wire.send(head("PUT", f"/v2/images/{image}/file", OCTETS, "Transfer-Encoding: chunked") + chunks)
        assert [wire.answer().status for _ in images] == [204] * 10
    assert [appliance.get(f"/v2/images/{image}/file").body for image in images] == [b"%04d" % n for n in range(10)]


def test_a_post_with_neither_length_nor_chunks_is_answered_at_once(appliance):
    image = appliance.image_with(b"data")
    with Wire(appliance) as wire:
        for action in ("deactivate", "reactivate"):
            wire.send(head("POST", f"/v2/images/{image}/actions/{action}"))
            assert wire.answer().status == 204
        wire.send(head("POST", "/v2/images"))
        assert wire.answer().status == 400


def test_a_request_that_comes_byte_by_byte_is_understood(appliance):
    with Wire(appliance) as wire:
        for byte in head("GET", "/v2/images?limit=1"):
            wire.send(bytes([byte]))
        assert wire.answer().status == 200


def test_what_a_client_sends_never_becomes_a_header(appliance):
    image = appliance.create(name="a\r\nX-Injected: 1")
    for request in (head("GET", "/v2/images?name=a%0d%0aX-Injected:%201"), head("GET", "/v2/x%0d%0aX-Injected:%201"),
                    head("GET", "/v2/images", "X-Test: a%0d%0aX-Injected: 1"),
                    head("GET", "/v2/images", host="localhost%0d%0aX-Injected:1"),
                    head("POST", "/v2/images", "Content-Length: 2", host="localhost:1%0d%0aX-Injected:1") + b"{}",
                    head("PUT", f"/v2/images/{image}/tags/a%0d%0aX-Injected:%201")):
        answer = ask(appliance, request)
        assert "x-injected" not in answer.headers, answer


def test_headers_cannot_pose_as_what_the_server_knows_itself(appliance):
    for line in ("REMOTE_ADDR: 1.2.3.4", "EXCEPTION_WHAT: x", "LOCAL_ADDR: 1.2.3.4", "X-Forwarded-For: 1.2.3.4"):
        answer = ask(appliance, head("GET", "/v2/images", line))
        assert answer.status == 200 and "exception_what" not in answer.headers


def test_no_answer_tells_what_went_wrong_inside(appliance):
    image = appliance.image_with(b"data")
    file = appliance.data / "images" / image
    file.unlink()
    file.mkdir()
    answer = ask(appliance, head("GET", f"/v2/images/{image}/file"))
    assert answer.status >= 400
    assert str(appliance.data).encode() not in answer.body and "exception_what" not in answer.headers
