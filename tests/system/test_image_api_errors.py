"""Rules of every call: errors, methods, unexpected bodies, and the id of the request."""

import pytest
from image_api import UNKNOWN_ID, refused

METHODS = {
    "/": {"GET"},
    "/versions": {"GET"},
    "/v2/images": {"GET", "POST"},
    f"/v2/images/{UNKNOWN_ID}": {"GET", "PATCH", "DELETE"},
    f"/v2/images/{UNKNOWN_ID}/file": {"GET", "PUT"},
    f"/v2/images/{UNKNOWN_ID}/tags/a": {"PUT", "DELETE"},
    f"/v2/images/{UNKNOWN_ID}/actions/deactivate": {"POST"},
    f"/v2/images/{UNKNOWN_ID}/actions/reactivate": {"POST"},
    "/v2/schemas/image": {"GET"},
    "/v2/info/import": {"GET"},
    "/v2/info/stores": {"GET"},
    "/v2/info/usage": {"GET"},
    "/api/events": {"GET"},
    "/healthcheck": {"GET"},
    "/api/trash": {"GET", "DELETE"},
    f"/api/trash/{UNKNOWN_ID}": {"GET", "DELETE"},
    f"/api/trash/{UNKNOWN_ID}/restore": {"POST"},
    f"/api/images/{UNKNOWN_ID}": {"GET"},
    "/api/scrubber": {"GET"},
    "/api/scrubber/run": {"POST"},
    "/api/check": {"GET", "POST"},
}


@pytest.mark.parametrize("path", METHODS)
def test_a_known_path_names_the_methods_that_it_takes(appliance, path):
    expected = METHODS[path] | ({"HEAD"} if "GET" in METHODS[path] else set())
    for method in ("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "PROPFIND"):
        if method in expected:
            continue
        reply = appliance.request(method, path)
        assert reply.status == 405, (method, reply)
        assert {name.strip() for name in reply.headers["Allow"].split(",")} == expected
        if method != "HEAD":
            assert refused(reply, 405, method)


@pytest.mark.parametrize("method, path", [
    ("GET", "/v2/images/{id}"), ("DELETE", "/v2/images/{id}"), ("GET", "/v2/images/{id}/file"),
    ("POST", "/v2/images/{id}/actions/deactivate"), ("POST", "/v2/images/{id}/actions/reactivate"),
    ("PUT", "/v2/images/{id}/tags/a"), ("DELETE", "/v2/images/{id}/tags/a"), ("GET", "/v2/schemas/image"),
    ("GET", "/v2/info/import"), ("GET", "/v2/info/stores")])
def test_a_body_where_none_belongs_is_refused(appliance, method, path):
    image_id = appliance.image_with(b"data")
    path = path.replace("{id}", image_id)
    assert refused(appliance.request(method, path, b"{}"), 400, "body")
    assert refused(appliance.request(method, path, iter([b"{}"])), 400, "body")
    image = appliance.show(image_id)
    assert image["status"] == "active" and image["tags"] == []


@pytest.mark.parametrize("accept", [None, "*/*", "application/json", "text/html", "text/plain"])
def test_an_error_is_json_whatever_the_client_accepts(appliance, accept):
    headers = {"Accept": accept} if accept else {}
    assert refused(appliance.get(f"/v2/images/{UNKNOWN_ID}", headers=headers), 404, UNKNOWN_ID)


def test_every_answer_names_its_request_differently(appliance):
    image_id = appliance.image_with(b"data")
    replies = [appliance.get(path) for path in
               ("/", "/versions", "/v2/images", f"/v2/images/{image_id}", f"/v2/images/{image_id}/file", "/nothing",
                "/api/trash", "/healthz")]
    replies.append(appliance.request("DELETE", f"/v2/images/{image_id}"))
    ids = [reply.headers["X-Openstack-Request-Id"] for reply in replies]
    assert all(request_id.startswith("req-") for request_id in ids)
    assert len(set(ids)) == len(ids)


def test_a_host_that_is_not_this_one_is_refused(appliance):
    reply = appliance.get("/v2/images", headers={"Host": "evil.example.org"})
    assert reply.status == 421
    assert "evil.example.org" in reply.json["message"] and "allowed_hosts" in reply.json["message"]


def test_a_page_of_another_site_changes_nothing(appliance):
    foreign = {"Origin": "https://evil.example.org"}
    assert refused(appliance.request("POST", "/v2/images", {"name": "evil"}, foreign), 403)
    assert refused(appliance.request("POST", "/v2/images", {"name": "evil"}, {"Sec-Fetch-Site": "cross-site"}), 403)
    assert appliance.get("/v2/images").json["images"] == []


def test_a_head_answers_as_a_get_does_without_the_body(appliance):
    image_id = appliance.image_with(b"data")
    for path in ("/", "/versions", "/v2/images", f"/v2/images/{image_id}", f"/v2/images/{image_id}/file",
                 f"/v2/images/{UNKNOWN_ID}", "/v2/schemas/image", "/api/trash", "/healthz", "/nothing"):
        got, head = appliance.get(path), appliance.request("HEAD", path)
        assert head.status == got.status and head.body == b"", path
        for name in ("Content-Type", "Content-Length", "Content-MD5"):
            assert head.headers[name] == got.headers[name], path
