"""The page over HTTP. Its behaviour in a browser is tested in tests/page."""

import gzip
import re

import pytest
from accounts import LOCAL, people

BROWSER = {"Accept": "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"}


def test_a_browser_finds_the_page_at_the_bare_address_and_a_client_the_versions(appliance):
    sent = appliance.get("/", headers=BROWSER)
    assert (sent.status, sent.headers["Location"], sent.headers["Vary"]) == (303, "/ui/", "Accept")
    assert appliance.get("/ui").headers["Location"] == "/ui/"
    for headers in ({}, {"Accept": "*/*"}, {"Accept": "application/json"}):
        reply = appliance.get("/", headers=headers)
        assert reply.status == 300 and reply.json["versions"]


def test_the_page_and_all_that_it_names_is_there(appliance):
    page = appliance.get("/ui/", headers={"Accept-Encoding": "gzip"})
    assert page.status == 200 and page.headers["Content-Encoding"] == "gzip"
    names = re.findall(r'(?:href|src)="([^"]+)"', gzip.decompress(page.body).decode())
    assert len(names) == 3
    for name in names:
        reply = appliance.get(f"/ui/{name}", headers={"Accept-Encoding": "gzip"})
        assert reply.status == 200 and "immutable" in reply.headers["Cache-Control"], name
        again = {"If-None-Match": reply.headers["ETag"], "Accept-Encoding": "gzip"}
        assert appliance.get(f"/ui/{name}", headers=again).status == 304
    assert appliance.get("/ui/main.js", headers={"Accept-Encoding": "gzip"}).status == 404


@pytest.mark.parametrize("path", ["/ui/../config.toml", "/ui/..%2f..%2fconfig.toml", "/ui/%2e%2e", "/ui/a/b"])
def test_nothing_but_the_page_is_below_it(appliance, path):
    assert appliance.get(path).status == 404


def test_the_status_tells_an_admin_how_much_there_is(appliance):
    appliance.image_with(b"12345")
    binned = appliance.image_with(b"123")
    appliance.create()
    assert appliance.request("DELETE", f"/v2/images/{binned}").status == 204
    status = appliance.get("/api/status").json
    assert status["totals"] == {"images": 2, "bytes": 5, "bin_images": 1, "bin_bytes": 3}
    assert status["by_status"] == {"active": 1, "queued": 1}
    assert status["delayed_delete"] is True and status["scrub_time"] == 7 * 86400
    [store] = status["stores"]
    assert store["name"] == "local" and store["default"] and 0 < store["available"] < store["total"]
    workers = {worker["name"]: worker for worker in status["workers"]}
    assert workers.keys() == {"scrubber", "upload_mender", "upload_sweeper", "audit_trail", "space_history", "checker",
                              "live_feed"}
    assert workers["checker"]["next_turn_at"] is None
    assert all(worker["failures"] == 0 and worker["last_error_at"] is None for worker in workers.values())


def test_the_status_tells_nobody_else_what_there_is(make_appliance):
    known = people(make_appliance(LOCAL).start())
    known["lab-member"].image_with(b"12345")
    for name, caller in known.items():
        status = caller.request("GET", "/api/status").json
        assert status["version"] and (status["totals"] is not None) == (name == "boss"), name
        for what in ("totals", "by_status", "stores", "workers"):
            assert (status[what] is None) == (name != "boss"), (name, what)


def test_a_search_finds_a_part_of_a_name_an_id_or_a_tag(appliance):
    first = appliance.create(name="Debian 12 cloud", tags=["golden"])
    second = appliance.create(name="100% <b>_x\\", tags=["lab~7"])

    def found(text, path="/v2/images"):
        reply = appliance.get(f"{path}?search={text}")
        assert reply.status == 200, reply
        return {image["id"] for image in reply.json.get("images", reply.json.get("trash"))}

    assert found("bian%2012") == found("DEBIAN") == found("olde") == found(first[4:20]) == {first}
    assert found("%25") == found("_") == found("%5C") == found("%3Cb%3E") == found("b~7") == {second}
    assert found("") == {first, second}
    assert found("nothing") == set()
    appliance.upload(first, b"x")
    appliance.request("DELETE", f"/v2/images/{first}")
    assert found("debian") == set() and found("debian", "/api/trash") == {first}
    assert appliance.get("/v2/images?search=" + "x" * 1021).status == 400
