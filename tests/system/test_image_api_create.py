"""POST /v2/images."""

import re

import pytest
from image_api import UNKNOWN_ID, refused


def post(appliance, body, **headers):
    return appliance.request("POST", "/v2/images", body, headers)


def test_a_created_image_is_answered_whole(appliance):
    reply = post(appliance, {"name": "Debian", "disk_format": "qcow2", "container_format": "bare", "tags": ["b", "a"],
                             "min_ram": 512, "min_disk": 3, "visibility": "private", "protected": True,
                             "os_hidden": True, "os_distro": "debian"})
    assert reply.status == 201, reply
    image = reply.json
    assert re.fullmatch("[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", image["id"])
    assert reply.headers["Location"] == f"{appliance.url}/v2/images/{image['id']}"
    assert reply.headers["OpenStack-image-store-ids"] == "local"
    time = image.pop("created_at")
    assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ", time)
    assert image.pop("updated_at") == time
    path = "/v2/images/" + image.pop("id")
    assert image == {
        "name": "Debian", "disk_format": "qcow2", "container_format": "bare", "tags": ["a", "b"], "min_ram": 512,
        "min_disk": 3, "visibility": "private", "protected": True, "os_hidden": True, "os_distro": "debian",
        "status": "queued", "size": None, "virtual_size": None, "checksum": None, "os_hash_algo": None,
        "os_hash_value": None, "owner": "default", "self": path, "file": path + "/file",
        "schema": "/v2/schemas/image"}
    shown = appliance.show(path.split("/")[-1])
    assert shown["os_distro"] == "debian" and shown["tags"] == ["a", "b"]


def test_an_image_needs_nothing_at_all(appliance):
    image = post(appliance, {}).json
    assert image["name"] is None
    assert image["disk_format"] is None and image["container_format"] is None
    assert image["visibility"] == "shared"
    assert image["protected"] is False and image["os_hidden"] is False
    assert image["min_ram"] == 0 and image["min_disk"] == 0 and image["tags"] == []


def test_an_image_takes_the_id_that_the_client_chose(appliance):
    reply = post(appliance, {"id": UNKNOWN_ID})
    assert reply.status == 201
    assert reply.json["id"] == UNKNOWN_ID
    assert refused(post(appliance, {"id": UNKNOWN_ID}), 409, UNKNOWN_ID)


def test_the_id_of_a_deleted_image_is_never_given_again(appliance):
    queued = appliance.create()
    in_bin = appliance.image_with(b"data")
    scrubbed = appliance.image_with(b"data")
    for image_id in (queued, in_bin, scrubbed):
        assert appliance.request("DELETE", f"/v2/images/{image_id}").status == 204
    assert appliance.request("DELETE", f"/api/trash/{scrubbed}").status == 204
    for image_id in (queued, in_bin, scrubbed):
        assert refused(post(appliance, {"id": image_id}), 409, image_id)


def test_the_content_type_of_a_new_image_does_not_matter(appliance):
    assert post(appliance, b'{"name": "plain"}', **{"Content-Type": "text/plain"}).status == 201
    assert post(appliance, b'{"name": "none"}').status == 201


@pytest.mark.parametrize("body", [
    b"", b"{", b"[]", b'"text"', b"null", b'{"name": "\xff"}', {"id": "not-a-uuid"}, {"id": 5}, {"name": 5},
    {"name": "x" * 256}, {"name": "a\0b"}, {"disk_format": "floppy"}, {"container_format": "box"},
    {"visibility": "secret"}, {"visibility": None}, {"protected": "yes"}, {"protected": None}, {"os_hidden": 1},
    {"min_ram": -1}, {"min_ram": "1"}, {"min_disk": -1}, {"min_disk": 2**31}, {"min_disk": 1.5}, {"tags": "one"},
    {"tags": [1]}, {"tags": ["x" * 256]}, {"tags": [""]}, {"owner": 1}, {"extra": 5}, {"extra": None},
    {"extra": True}, {"extra": ["a"]}, {"extra": {"a": "b"}}, {"x" * 256: "too long a name"}, {"": "no name"},
    {"extra": "x" * 65536}], ids=lambda body: repr(body)[:40])
def test_a_body_that_is_no_image_is_refused(appliance, body):
    assert refused(post(appliance, body), 400)
    assert appliance.get("/v2/images").json["images"] == []


@pytest.mark.parametrize("body", [
    b"[" * 500_000, b'{"a":' * 100_000, b'{"min_ram": 1e999}', b'{"min_ram": ' + b"9" * 5000,
    b'{"min_ram": 99999999999999999999}', b'{"a": "\\ud800"}'], ids=lambda body: str(body[:12]))
def test_a_body_made_to_overwhelm_is_refused(appliance, body):
    assert refused(post(appliance, body), 400)
    assert appliance.get("/healthz").status == 200


@pytest.mark.parametrize("attribute, value", [
    ("status", "active"), ("size", 5), ("virtual_size", 5), ("checksum", "0" * 32), ("os_hash_algo", "md5"),
    ("os_hash_value", "00"), ("created_at", "2026-01-01T00:00:00Z"), ("updated_at", "2026-01-01T00:00:00Z"),
    ("self", "/"), ("file", "/"), ("schema", "/"), ("direct_url", "file:///etc/passwd"), ("stores", "local"),
    ("deleted", False), ("deleted_at", None), ("location", "file:///etc/passwd"),
    ("locations", [{"url": "file:///etc/passwd", "metadata": {}}]), ("os_glance_import_task", "x")])
def test_an_attribute_that_is_not_the_clients_is_forbidden(appliance, attribute, value):
    assert refused(post(appliance, {attribute: value}), 403, attribute.split("s")[0])


def test_the_ids_of_a_kernel_and_a_ramdisk_may_be_null(appliance):
    image = post(appliance, {"kernel_id": None, "ramdisk_id": None}).json
    assert "kernel_id" not in image and "ramdisk_id" not in image


def test_more_properties_or_tags_than_the_quota_are_refused(make_appliance):
    appliance = make_appliance("[limits]\nimage_property_quota = 2\nimage_tag_quota = 2\n").start()
    assert post(appliance, {"a": "1", "b": "2", "tags": ["a", "b", "a"]}).status == 201
    assert refused(post(appliance, {"a": "1", "b": "2", "c": "3"}), 413, "3 properties", "2")
    assert refused(post(appliance, {"tags": ["a", "b", "c"]}), 413, "3 tags", "2")


def test_a_body_larger_than_the_limit_is_refused(make_appliance):
    appliance = make_appliance('[limits]\nrequest_body = "4KiB"\n').start()
    assert refused(post(appliance, {"a": "x" * 8192}), 413, "4096")
