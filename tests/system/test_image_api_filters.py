"""GET /v2/images: filters."""

from urllib.parse import quote

import pytest
from image_api import listed


@pytest.fixture
def zoo(appliance):
    """Creates an image for each property that the filters distinguish, with a name that says it."""
    appliance.create(name="plain", tags=["animal"])
    appliance.create(name="public", visibility="public", tags=["animal", "large"])
    appliance.create(name="private", visibility="private")
    appliance.create(name="community", visibility="community")
    appliance.create(name="other", owner="other")
    appliance.create(name="qcow2", disk_format="qcow2", container_format="ovf")
    appliance.create(name="protected", protected=True, min_ram=64, min_disk=3)
    appliance.create(name="hidden", os_hidden=True)
    appliance.create(name='with,comma "quoted"', legs="4", colour="light grey")
    appliance.image_with(b"1234", name="four")
    appliance.image_with(b"12345678", name="eight")
    return appliance


ALL = {"plain", "public", "private", "community", "other", "qcow2", "protected", 'with,comma "quoted"', "four",
       "eight"}


@pytest.mark.parametrize("query, expected", [
    ("visibility=public", {"public"}),
    ("visibility=private", {"private"}),
    ("visibility=community", {"community"}),
    ("visibility=shared", ALL - {"public", "private", "community"}),
    ("visibility=all", ALL),
    ("member_status=all", ALL),
    ("owner=other", {"other"}),
    ("owner=nobody", set()),
    ("name=plain", {"plain"}),
    ("name=PLAIN", set()),
    ("name=in:plain,public,nothing", {"plain", "public"}),
    ('name=in:plain,"with,comma \\"quoted\\""', {"plain", 'with,comma "quoted"'}),
    ('name=with,comma "quoted"', {'with,comma "quoted"'}),
    ("status=active", {"four", "eight"}),
    ("status=queued", ALL - {"four", "eight"}),
    ("status=in:active,deactivated", {"four", "eight"}),
    ("status=deleted", set()),
    ("status=nonsense", set()),
    ("disk_format=qcow2", {"qcow2"}),
    ("disk_format=in:qcow2,iso", {"qcow2"}),
    ("container_format=ovf", {"qcow2"}),
    ("container_format=in:ovf,ova", {"qcow2"}),
    ("checksum=81dc9bdb52d04dc20036dbd8313ed055", {"four"}),
    ("checksum=none", set()),
    ("size_min=5", {"eight"}),
    ("size_max=5", {"four"}),
    ("size_min=4&size_max=8", {"four", "eight"}),
    ("size_min=9", set()),
    ("min_ram=64", {"protected"}),
    ("min_disk=3", {"protected"}),
    ("tag=animal", {"plain", "public"}),
    ("tag=animal&tag=large", {"public"}),
    ("tag=animal&tag=small", set()),
    ("os_hidden=true", {"hidden"}),
    ("os_hidden=false", ALL),
    ("protected=true", {"protected"}),
    ("protected=false", ALL - {"protected"}),
    ("legs=4", {'with,comma "quoted"'}),
    ("legs=4&colour=light grey", {'with,comma "quoted"'}),
    ("legs=4&colour=grey", set()),
    ("legs=", set()),
    ("nothing=such", set()),
    ("deleted=true", set()),
    ("visibility=shared&status=active&size_max=4", {"four"}),
    ("created_at=gt:1970-01-01T00:00:00Z", ALL),
    ("created_at=lt:1970-01-01T00:00:00Z", set()),
    ("updated_at=gte:2000-01-01", ALL)])
def test_a_filter_finds_what_it_names(zoo, query, expected):
    encoded = "&".join(name + "=" + quote(value, safe="") for name, value in
                       (part.split("=", 1) for part in query.split("&")))
    found = listed(zoo, "limit=100&" + encoded)
    assert set(found) == expected and len(found) == len(expected)


def test_an_image_is_found_by_its_id(zoo):
    ids = [image["id"] for image in zoo.get("/v2/images").json["images"][:3]]
    for query, expected in ((ids[0], 1), ("in:" + ",".join(ids), 3), ("nonsense", 0)):
        assert len(listed(zoo, "id=" + query)) == expected


def test_what_is_no_text_finds_nothing(zoo):
    assert listed(zoo, "name=%ff") == [] == listed(zoo, "%ff=%fe")


@pytest.mark.parametrize("operator, expected", [("", True), ("eq:", True), ("gte:", True), ("lte:", True),
                                                ("neq:", False), ("gt:", False), ("lt:", False)])
@pytest.mark.parametrize("attribute", ["created_at", "updated_at"])
def test_times_are_compared_to_the_second(appliance, attribute, operator, expected):
    image = appliance.show(appliance.create())
    assert bool(listed(appliance, f"{attribute}={operator}{image[attribute]}")) == expected


def test_both_ends_of_a_time_can_be_given(appliance):
    time = appliance.show(appliance.create())["created_at"]
    assert len(listed(appliance, f"created_at=gte:{time}&created_at=lte:{time}")) == 1
    assert len(listed(appliance, f"created_at=gte:{time}&created_at=lt:{time}")) == 0


def test_an_image_is_found_by_the_hash_of_its_data(zoo):
    image = zoo.get("/v2/images?name=four").json["images"][0]
    assert listed(zoo, "os_hash_value=" + image["os_hash_value"]) == ["four"]


def test_the_bin_is_listed_where_pending_delete_is_asked_for(zoo):
    image_id = zoo.get("/v2/images?name=four").json["images"][0]["id"]
    assert zoo.request("DELETE", f"/v2/images/{image_id}").status == 204
    assert "four" not in listed(zoo, "limit=100")
    reply = zoo.get("/v2/images?status=pending_delete")
    assert [(image["id"], image["status"]) for image in reply.json["images"]] == [(image_id, "pending_delete")]
