"""Input that is too large, too deep, or that names forbidden places."""

import json

import pytest
from appliance import wait_until
from bin_calls import delete, patch, some_bytes
from deadline import DEADLINE
from process_facts import memory_mb
from raw_http import Wire, ask, head

OCTETS = "Content-Type: application/octet-stream"
JSON = "Content-Type: application/json"
NO_IMAGE = "00000000-0000-4000-8000-000000000000"


def post(appliance, body, *lines):
    return ask(appliance, head("POST", "/v2/images", JSON, f"Content-Length: {len(body)}", *lines) + body)


@pytest.mark.parametrize("image_id", [
    "..", "../../catalog.db", "%2e%2e", "%2e%2e%2fcatalog.db", "..%2f..%2fetc%2fpasswd", "%252e%252e%252fcatalog.db",
    ".partial", "%00", NO_IMAGE + "%00", NO_IMAGE + "/", "%2fetc%2fpasswd", "%", "%zz", "%c0%ae%c0%ae", "*",
    "'%20OR%201=1--", "a" * 5000])
def test_no_id_leads_out_of_the_images(appliance, image_id):
    inside = appliance.data / "images" / ".partial" / "x"
    for method in ("GET", "DELETE", "PUT", "PATCH"):
        for path in ("/v2/images/{}/file", "/v2/images/{}", "/api/trash/{}", "/api/images/{}"):
            lines = [OCTETS, "Content-Length: 1"] if method == "PUT" else []
            request = head(method, path.format(image_id), *lines) + (b"x" if method == "PUT" else b"")
            assert ask(appliance, request).status in (400, 404, 405, 414, 415), (method, path)
    for path in ("/api/trash/{}/restore", "/v2/images/{}/actions/deactivate"):
        assert ask(appliance, head("POST", path.format(image_id))).status in (400, 404, 405), path
    assert not inside.exists() and (appliance.data / "catalog.db").exists()


@pytest.mark.parametrize("image_id", [
    "..", "../x", "a/b", "x", "", " ", NO_IMAGE.upper() + "x", NO_IMAGE[:-1], "\u0000", "{" + NO_IMAGE + "}",
    "urn:uuid:" + NO_IMAGE, 5, None, [], {}, True])
def test_no_image_gets_an_id_that_is_none(appliance, image_id):
    assert appliance.request("POST", "/v2/images", {"id": image_id}).status in (400, 403)
    assert appliance.get("/v2/images").json["images"] == []


@pytest.mark.parametrize("value, status", [
    ("bytes=0-0,1-1", 400), ("bytes=" + ",".join(f"{n}-" for n in range(2000)), 400),
    ("bytes=1000-", 416), ("bytes=4-", 416), ("bytes=18446744073709551615-", 416),
    ("bytes=99999999999999999999999-", 416), ("bytes=-0", 416), ("bytes=2-1", 416), ("bytes=-", 416),
    ("bytes=a-b", 416), ("bytes", 416), ("lines=0-1", 400), ("bytes=0x0-1", 416), ("bytes=--1", 416),
    ("bytes=0-99999999999999999999999999", 206), ("bytes=0-1000", 206), ("bytes=-1000", 206), ("bytes=3-3", 206)])
def test_ranges_are_clamped_or_refused(appliance, value, status):
    image = appliance.image_with(b"data")
    answer = ask(appliance, head("GET", f"/v2/images/{image}/file", f"Range: {value}"))
    assert answer.status == status, answer
    if status == 206:
        first, rest = answer.headers["content-range"].removeprefix("bytes ").split("-")
        last, size = rest.split("/")
        assert answer.body == b"data"[int(first):int(last) + 1] and size == "4"
    if status == 416:
        assert answer.headers["content-range"] == "bytes */4"


@pytest.mark.parametrize("encoding", ["gzip", "deflate", "br", "zstd", "identity, gzip", "x"])
def test_encoded_bodies_are_refused(appliance, encoding):
    image = appliance.create()
    line = f"Content-Encoding: {encoding}"
    assert post(appliance, b"\x1f\x8b\x08\x00", line).status == 415
    put = head("PUT", f"/v2/images/{image}/file", OCTETS, "Content-Length: 4", line)
    assert ask(appliance, put + b"data").status == 415
    assert appliance.show(image)["status"] == "queued"


def test_multipart_bodies_are_refused(appliance):
    image = appliance.create()
    body = b'--b\r\nContent-Disposition: form-data; name="a"\r\n\r\nx\r\n--b--\r\n'
    kind = "Content-Type: multipart/form-data; boundary=b"
    for method, path in (("POST", "/v2/images"), ("PUT", f"/v2/images/{image}/file"), ("PATCH", f"/v2/images/{image}"),
                         ("POST", "/api/scrubber/run"), ("POST", "/api/check")):
        answer = ask(appliance, head(method, path, kind, f"Content-Length: {len(body)}") + body)
        assert answer.status in (400, 415), (path, answer)
    assert appliance.show(image)["status"] == "queued"


def test_json_that_is_too_large_is_refused_whether_it_says_so_or_not(appliance):
    body = json.dumps({"name": "x" * 20_000_000}).encode()
    answer = post(appliance, body)
    assert answer.status == 413 and b"1048576" in answer.body
    chunks = b"%x\r\n" % len(body) + body + b"\r\n0\r\n\r\n"
    assert ask(appliance, head("POST", "/v2/images", JSON, "Transfer-Encoding: chunked") + chunks).status == 413
    assert appliance.get("/v2/images").json["images"] == []


@pytest.mark.parametrize("opening, closing", [("[", "]"), ('{"a":', "}"), ('[{"a":[', "]}]")],
                         ids=["list", "map", "both"])
def test_json_that_is_nested_deeply_is_refused_or_harmless(appliance, opening, closing):
    depth = 100_000
    image = appliance.create()
    whole = opening * depth + "1" + closing * depth
    for body in (opening * depth, whole, '{"x": ' + whole + "}"):
        assert appliance.request("POST", "/v2/images", body.encode()).status in (400, 413)
        assert appliance.request("POST", "/api/scrubber/run", body.encode()).status in (400, 413)
        reply = appliance.request("PATCH", f"/v2/images/{image}", body.encode(),
                                  {"Content-Type": "application/openstack-images-v2.1-json-patch"})
        assert reply.status in (400, 413)
    assert appliance.process.poll() is None


@pytest.mark.parametrize("body", [
    b"", b"null", b"1", b'"x"', b"[]", b"{", b"{}x", b'{"name": "\xff"}', b"\xef\xbb\xbf{", b'{"name": NaN}',
    b'{"min_disk": 1e999}', b'{"min_disk": 99999999999999999999999}', b'{"min_disk": -1}', b'{"name": {"a": 1}}',
    b'{"tags": "x"}', b'{"tags": [1]}', b'{"owner": 1}', b'{"name": "\\ud800"}', b'{"status": "active"}',
    b'{"size": 1}', b'{"checksum": "x"}', b'{"self": "x"}', b'{"id": "x"}', b'{"disk_format": "nonsense"}'])
def test_a_body_that_is_no_image_is_refused_with_a_message(appliance, body):
    reply = appliance.request("POST", "/v2/images", body)
    assert reply.status in (400, 403) and reply.json["message"]


def test_a_query_that_is_too_long_or_malformed_is_refused(appliance):
    assert ask(appliance, head("GET", "/v2/images?name=" + "x" * 100_000)).status == 414
    assert ask(appliance, head("GET", "/v2/images?" + "a=b&" * 50_000)).status == 414
    assert ask(appliance, head("GET", "/v2/images?" + "a=b&" * 1900)).status in (200, 400)
    assert ask(appliance, head("GET", "/v2/images?" + "&".join(f"k{n}=v" for n in range(900)))).status in (200, 400)
    assert ask(appliance, head("GET", "/v2/images?name=in:" + ",".join("x" * 2000))).status in (200, 400)
    assert ask(appliance, head("GET", "/v2/images?sort=" + ",".join(["name:asc"] * 700))).status in (200, 400)
    for query in ("limit=-1", "limit=99999999999999999999", "limit=1e3", "marker=x", "marker=" + NO_IMAGE, "sort=x:asc",
                  "sort_dir=up", "size_min=-1", "created_at=gt:yesterday", "visibility=x", "name=in:%22", "%zz=1",
                  "sort_key=id;DROP%20TABLE%20images"):
        answer = ask(appliance, head("GET", f"/v2/images?{query}"))
        assert answer.status == 400 and json.loads(answer.body)["message"], query


def test_headers_without_end_are_refused(appliance):
    for lines in (["X-Flood: y"] * 200, ["X: " + "y" * 100_000], [f"X-{n}: y" for n in range(5000)]):
        assert ask(appliance, head("GET", "/v2/images", *lines)).status == 431
    before = memory_mb(appliance)
    with Wire(appliance) as wire:
        wire.send(b"GET / HTTP/1.1\r\nHost: localhost\r\nX: ")
        while wire.send(b"y" * 65536) and len(wire.input) == 0:
            wire.socket.settimeout(0.001)
            try:
                wire._more()
            except TimeoutError:
                pass
            wire.socket.settimeout(DEADLINE)
        assert wire.answer().status == 431
    assert memory_mb(appliance) < before + 20


def test_the_counts_of_an_image_are_limited(appliance):
    reply = appliance.request("POST", "/v2/images", {f"key{n}": "v" for n in range(5000)})
    assert reply.status == 413 and "128" in reply.json["message"]
    reply = appliance.request("POST", "/v2/images", {"tags": [f"tag{n}" for n in range(5000)]})
    assert reply.status == 413 and "128" in reply.json["message"]
    image = appliance.create()
    adds = [{"op": "add", "path": f"/key{n}", "value": "v"} for n in range(129)]
    assert patch(appliance, image, *adds).status == 413
    assert patch(appliance, image, *adds[:128]).status == 200
    assert patch(appliance, image, adds[128]).status == 413
    for n in range(128):
        assert appliance.request("PUT", f"/v2/images/{image}/tags/{n}").status == 204
    assert appliance.request("PUT", f"/v2/images/{image}/tags/one-more").status == 413
    assert appliance.request("PUT", f"/v2/images/{image}/tags/5").status == 204
    for fields in ({"name": "x" * 256}, {"k" * 256: "v"}, {"tags": ["t" * 256]}, {"owner": "o" * 256}):
        assert appliance.request("POST", "/v2/images", fields).status in (400, 413), fields


@pytest.mark.parametrize("reason", ["too large", "has data", "deleted", "unknown"])
def test_a_large_upload_that_is_refused_early_still_tells_why(make_appliance, reason):
    appliance = make_appliance("[limits]\nimage_size_cap = '10MiB'\n" if reason == "too large" else "").start()
    data = some_bytes(50_000_000)
    image, status, word = {"too large": lambda: (appliance.create(), 413, "image_size_cap"),
                           "has data": lambda: (appliance.image_with(b"data"), 409, ""),
                           "deleted": lambda: (appliance.image_with(b"data"), 404, "No image"),
                           "unknown": lambda: (NO_IMAGE, 404, NO_IMAGE)}[reason]()
    if reason == "deleted":
        delete(appliance, image)

    def put(image, *lines, encode=lambda data: data):
        with Wire(appliance) as wire:
            wire.send(head("PUT", f"/v2/images/{image}/file", OCTETS, *lines))
            wire.send(encode(data))
            return wire.answer()

    for lines, encode in (((f"Content-Length: {len(data)}",), lambda data: data),
                          (("Transfer-Encoding: chunked",), lambda data: b"%x\r\n" % len(data) + data + b"\r\n")):
        answer = put(image, *lines, encode=encode)
        assert answer.status == status and word in json.loads(answer.body)["message"], (lines, answer)
    if reason == "too large":
        wait_until(lambda: appliance.show(image)["status"] == "queued", "the image is queued again")
    if reason == "has data":
        assert appliance.get(f"/v2/images/{image}/file").body == b"data"


def test_an_upload_that_waits_for_a_go_ahead_is_refused_without_one(appliance):
    with Wire(appliance) as wire:
        wire.send(head("PUT", f"/v2/images/{NO_IMAGE}/file", OCTETS, "Content-Length: 50000000",
                       "Expect: 100-continue"))
        assert wire.answer().status == 404
    image = appliance.create()
    with Wire(appliance) as wire:
        wire.send(head("PUT", f"/v2/images/{image}/file", OCTETS, "Content-Length: 4", "Expect: 100-continue"))
        assert wire.answer().status == 100
        wire.send(b"data")
        assert wire.answer().status == 204
