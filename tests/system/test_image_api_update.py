"""PATCH /v2/images/{id}, in both of its media types."""

import pytest
from image_api import UNKNOWN_ID, V2_0_PATCH, V2_1_PATCH, add, patch, refused, remove, replace


def test_base_attributes_are_replaced(appliance):
    image_id = appliance.create(name="before")
    reply = patch(appliance, image_id, [
        replace("/name", "after"), replace("/visibility", "public"), replace("/protected", True),
        replace("/os_hidden", True), replace("/min_ram", 64), replace("/min_disk", 2), replace("/tags", ["b", "a"]),
        replace("/disk_format", "iso"), replace("/container_format", "ovf"), replace("/owner", "other")])
    assert reply.status == 200, reply
    expected = {"name": "after", "visibility": "public", "protected": True, "os_hidden": True, "min_ram": 64,
                "min_disk": 2, "tags": ["a", "b"], "disk_format": "iso", "container_format": "ovf", "owner": "other"}
    for image in (reply.json, appliance.show(image_id)):
        assert {name: image[name] for name in expected} == expected


def test_properties_are_added_replaced_and_removed(appliance):
    image_id = appliance.create(kept="1", changed="1", removed="1")
    reply = patch(appliance, image_id, [add("/new", "1"), replace("/changed", "2"), remove("/removed"),
                                        add("/kept", "over")])
    assert reply.status == 200, reply
    image = appliance.show(image_id)
    assert (image["new"], image["changed"], image["kept"]) == ("1", "2", "over")
    assert "removed" not in image


def test_a_pointer_can_escape_slashes_and_tildes(appliance):
    image_id = appliance.create()
    assert patch(appliance, image_id, [add("/a~1b~0c", "x")]).json["a/b~c"] == "x"


def test_later_operations_see_what_earlier_ones_did(appliance):
    image_id = appliance.create()
    reply = patch(appliance, image_id, [add("/x", "1"), replace("/x", "2"), remove("/x"), add("/y", "3")])
    assert reply.status == 200, reply
    assert "x" not in reply.json and reply.json["y"] == "3"


def test_a_patch_is_applied_whole_or_not_at_all(appliance):
    image_id = appliance.create(name="before")
    assert refused(patch(appliance, image_id, [replace("/name", "after"), remove("/nothing")]), 409)
    assert appliance.show(image_id)["name"] == "before"


def test_an_empty_patch_changes_nothing(appliance):
    image_id = appliance.create()
    before = appliance.show(image_id)
    reply = patch(appliance, image_id, [])
    assert reply.status == 200
    assert reply.json == before


def test_the_older_media_type_is_understood(appliance):
    image_id = appliance.create(removed="1", changed="1")
    reply = patch(appliance, image_id, [{"add": "/new", "value": "1"}, {"replace": "/changed", "value": "2"},
                                        {"remove": "/removed"}], V2_0_PATCH)
    assert reply.status == 200, reply
    assert reply.json["new"] == "1" and reply.json["changed"] == "2" and "removed" not in reply.json


@pytest.mark.parametrize("operation", [
    {"op": "add", "path": "/x", "value": "1"}, {"add": "/x", "remove": "/y", "value": "1"}, {"add": "/x"},
    {"add": 5, "value": "1"}, {"value": "1"}], ids=repr)
def test_an_operation_that_the_older_media_type_does_not_know_is_refused(appliance, operation):
    assert refused(patch(appliance, appliance.create(), [operation], V2_0_PATCH), 400)


@pytest.mark.parametrize("media", ["application/json", "application/json-patch+json", "", "text/plain"])
def test_another_media_type_is_told_which_ones_there_are(appliance, media):
    reply = patch(appliance, appliance.create(), [], media)
    assert refused(reply, 415, V2_1_PATCH)
    assert V2_1_PATCH in reply.headers["Accept-Patch"]


def test_parameters_of_the_media_type_do_not_matter(appliance):
    assert patch(appliance, appliance.create(), [], V2_1_PATCH + "; charset=utf-8").status == 200


@pytest.mark.parametrize("body", [
    b"", b"[", {}, "x", [5], [{}], [{"op": "add"}], [{"op": "add", "path": "/x"}], [{"path": "/x", "value": "1"}],
    [{"op": "copy", "path": "/x", "value": "1"}], [{"op": "test", "path": "/x", "value": "1"}],
    [{"op": 1, "path": "/x", "value": "1"}], [add("x", "1")], [add("", "1")], [add("/", "1")], [add("//x", "1")],
    [add("/x/", "1")], [add("/x~", "1")], [add("/x~2", "1")], [add("/x/y", "1")], [add(5, "1")]],
    ids=lambda body: repr(body)[:60])
def test_a_body_that_is_no_patch_is_refused(appliance, body):
    if isinstance(body, str):
        body = f'"{body}"'.encode()
    assert refused(patch(appliance, appliance.create(), body), 400)


@pytest.mark.parametrize("path, value", [
    ("/name", 5), ("/name", "x" * 256), ("/visibility", "secret"), ("/visibility", None), ("/protected", "yes"),
    ("/os_hidden", "no"), ("/min_ram", -1), ("/min_disk", -1), ("/min_ram", "64"), ("/min_ram", None), ("/tags", "a"),
    ("/tags", [1]), ("/tags", ["x" * 256]), ("/disk_format", "floppy"), ("/container_format", "box"), ("/extra", 5),
    ("/extra", None), ("/extra", ["a"]), ("/extra", "x" * 65536), ("/" + "x" * 256, "1")],
    ids=lambda value: repr(value)[:30])
def test_a_value_that_does_not_fit_its_attribute_is_refused(appliance, path, value):
    assert refused(patch(appliance, appliance.create(), [add(path, value)]), 400)


@pytest.mark.parametrize("name", [
    "id", "status", "size", "virtual_size", "checksum", "os_hash_algo", "os_hash_value", "created_at", "updated_at",
    "self", "file", "schema", "direct_url", "deleted", "deleted_at", "location", "os_glance_import_task"])
@pytest.mark.parametrize("operation", ["add", "replace", "remove"])
def test_an_attribute_that_is_not_the_clients_is_forbidden(appliance, name, operation):
    step = {"op": operation, "path": "/" + name, "value": "x"}
    assert refused(patch(appliance, appliance.create(), [step]), 403)


def test_locations_are_not_changed_where_they_are_not_shown(appliance):
    location = {"url": "http://127.0.0.1/disk", "metadata": {}}
    for step in (add("/locations/-", location), replace("/locations", [location]), remove("/locations/0")):
        assert refused(patch(appliance, appliance.create(), [step]), 403, "images.show_multiple_locations")
    for step in (add("/locations", location), remove("/locations"), replace("/locations/0", location)):
        assert refused(patch(appliance, appliance.create(), [step]), 400, "Invalid JSON pointer")


@pytest.mark.parametrize("name", ["name", "visibility", "protected", "tags", "min_ram", "min_disk", "disk_format",
                                  "container_format", "owner", "os_hidden"])
def test_a_base_attribute_cannot_be_removed(appliance, name):
    assert refused(patch(appliance, appliance.create(), [remove("/" + name)]), 403, name)


def test_a_missing_property_can_neither_be_replaced_nor_removed(appliance):
    image_id = appliance.create()
    assert refused(patch(appliance, image_id, [replace("/nothing", "1")]), 409, "nothing")
    assert refused(patch(appliance, image_id, [remove("/nothing")]), 409, "nothing")


def test_the_formats_are_fixed_once_there_is_data(appliance):
    image_id = appliance.image_with(b"data")
    assert refused(patch(appliance, image_id, [replace("/disk_format", "qcow2")]), 403, "queued")
    assert refused(patch(appliance, image_id, [replace("/container_format", "ovf")]), 403, "queued")
    assert patch(appliance, image_id, [replace("/name", "still free")]).status == 200


def test_quotas_hold_for_updates(make_appliance):
    appliance = make_appliance("[limits]\nimage_property_quota = 1\nimage_tag_quota = 1\n").start()
    image_id = appliance.create(a="1")
    assert refused(patch(appliance, image_id, [add("/b", "2")]), 413, "2 properties")
    assert refused(patch(appliance, image_id, [replace("/tags", ["a", "b"])]), 413, "2 tags")
    assert patch(appliance, image_id, [add("/b", "2"), remove("/a")]).status == 200


def test_an_unknown_image_cannot_be_updated(appliance):
    assert refused(patch(appliance, UNKNOWN_ID, []), 404, UNKNOWN_ID)
    assert refused(patch(appliance, "nonsense", []), 404, "nonsense")


def test_a_remove_of_the_stores_is_passed_over(appliance):
    """openstacksdk 0.101 removes "stores" in every update of an image that it has read before."""
    image_id = appliance.image_with(b"data")
    reply = patch(appliance, image_id, [remove("/stores"), replace("/name", "updated")])
    assert reply.status == 200, reply
    assert reply.json["name"] == "updated" and reply.json["stores"] == "local"
    assert refused(patch(appliance, image_id, [replace("/stores", "other")]), 403, "stores")
