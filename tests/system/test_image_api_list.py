"""GET /v2/images: pages and order. Filters are in test_image_api_filters.py."""

import pytest
from image_api import UNKNOWN_ID, listed, names, refused


def create_many(appliance, *image_names, **fields):
    return [appliance.create(name=name, **fields) for name in image_names]


def walk(appliance, path):
    """Returns the names on every page, from the first to the one without a next page."""
    pages = []
    while path:
        reply = appliance.get(path)
        pages.append(names(reply))
        path = reply.json.get("next")
    return pages


def test_an_empty_catalog_gives_an_empty_list(appliance):
    assert appliance.get("/v2/images").json == {"images": [], "first": "/v2/images", "schema": "/v2/schemas/images"}


def test_a_listed_image_is_the_image_as_it_is_shown(appliance):
    image_id = appliance.image_with(b"data", tags=["a"], extra="1")
    assert appliance.get("/v2/images").json["images"] == [appliance.show(image_id)]


def test_the_newest_image_comes_first(appliance):
    create_many(appliance, "a", "c", "b")
    assert listed(appliance, "") == ["b", "c", "a"]


def test_a_page_leads_to_the_next_and_the_last_page_to_none(appliance):
    create_many(appliance, "a", "b", "c", "d", "e")
    assert walk(appliance, "/v2/images?limit=2&sort=name:asc") == [["a", "b"], ["c", "d"], ["e"]]


def test_a_list_that_fills_its_last_page_leads_to_no_empty_one(appliance):
    create_many(appliance, "a", "b", "c", "d")
    assert walk(appliance, "/v2/images?limit=2&sort=name:asc") == [["a", "b"], ["c", "d"]]


def test_a_page_has_25_images_where_no_limit_is_asked_for(appliance):
    create_many(appliance, *[f"{number:02}" for number in range(26)])
    assert [len(page) for page in walk(appliance, "/v2/images")] == [25, 1]


def test_a_page_is_never_longer_than_the_limit_of_the_service(make_appliance):
    appliance = make_appliance("[limits]\npage_default = 2\npage_max = 3\n").start()
    create_many(appliance, "a", "b", "c", "d")
    assert len(listed(appliance, "")) == 2
    assert len(listed(appliance, "limit=1000000000")) == 3


def test_the_links_keep_what_was_asked(appliance):
    create_many(appliance, "a", "b", "c", odd="x&y=z ü")
    reply = appliance.get("/v2/images?limit=1&sort_key=name&sort_dir=asc&odd=x%26y%3Dz%20%C3%BC&marker=" +
                          appliance.get("/v2/images?name=a").json["images"][0]["id"])
    assert names(reply) == ["b"]
    assert names(appliance.get(reply.json["next"])) == ["c"]
    assert names(appliance.get(reply.json["first"])) == ["a"]
    assert "marker" not in reply.json["first"]


def test_a_limit_of_nothing_gives_nothing(appliance):
    create_many(appliance, "a")
    reply = appliance.get("/v2/images?limit=0")
    assert names(reply) == [] and "next" not in reply.json


def test_a_list_goes_on_behind_the_marker(appliance):
    ids = create_many(appliance, "a", "b", "c")
    assert listed(appliance, "marker=" + ids[2]) == ["b", "a"]
    assert listed(appliance, "marker=" + ids[0]) == []


@pytest.mark.parametrize("query, expected", [
    ("sort=name:asc", "abcd"), ("sort=name:desc", "dcba"), ("sort=name", "dcba"),
    ("sort_key=name&sort_dir=asc", "abcd"), ("sort_key=name", "dcba"), ("sort_dir=asc", "bdac"),
    ("sort=min_ram:asc,name:asc", "bcad"), ("sort=min_ram:desc,name:asc", "adbc"),
    ("sort_key=min_ram&sort_key=name&sort_dir=asc", "bcad"),
    ("sort_key=min_ram&sort_key=name&sort_dir=desc&sort_dir=asc", "adbc"),
    ("sort=min_ram:asc", "cbad"), ("sort=name:asc,name:desc", "abcd")])
def test_a_list_is_sorted_as_asked(appliance, query, expected):
    for name, min_ram in (("b", 1), ("d", 2), ("a", 2), ("c", 1)):
        appliance.create(name=name, min_ram=min_ram)
    result = listed(appliance, query)
    if query == "sort=min_ram:asc":  # images with equal keys may come in either order
        assert set(result[:2]) == {"b", "c"} and set(result[2:]) == {"a", "d"}
    else:
        assert result == list(expected)


@pytest.mark.parametrize("key", ["created_at", "updated_at", "name", "id", "status", "size", "disk_format",
                                 "container_format", "visibility", "owner", "min_disk", "min_ram", "checksum",
                                 "os_hash_value", "protected", "os_hidden", "virtual_size"])
@pytest.mark.parametrize("direction", ["asc", "desc"])
def test_a_walk_in_any_order_meets_every_image_once(appliance, key, direction):
    create_many(appliance, "a", "b", "c")
    create_many(appliance, "a", "b", disk_format="iso", min_ram=5, visibility="public", protected=True)
    for data in (b"x", b"xx", b"x"):
        appliance.image_with(data, name="data")
    every = {image["id"] for image in appliance.get("/v2/images").json["images"]}
    met = []
    path = f"/v2/images?limit=1&sort={key}:{direction}"
    while path:
        page = appliance.get(path).json
        met += [image["id"] for image in page["images"]]
        path = page.get("next")
    assert len(met) == 8 and set(met) == every


@pytest.mark.parametrize("query", [
    "limit=-1", "limit=x", "limit=", "limit=1.5", "marker=" + UNKNOWN_ID, "marker=nonsense", "marker=", "sort=colour",
    "sort=name:up", "sort=name:asc:desc", "sort=", "sort_key=colour", "sort_key=", "sort_dir=up",
    "sort=name:asc&sort_key=name", "sort=name:asc&sort_dir=asc", "sort_key=name&sort_dir=asc&sort_dir=desc",
    "changes-since=2026-01-01T00:00:00Z", "visibility=secret", "visibility=", "member_status=maybe",
    "os_hidden=maybe", "protected=maybe", "size_min=x", "size_max=x", "size_min=-1", "min_ram=x", "min_disk=x",
    "created_at=yesterday", "created_at=gt:yesterday", "created_at=about:2026-01-01T00:00:00Z", "updated_at=lte:",
    "updated_at=2026-13-01T00:00:00Z", 'name=in:"a', 'name=in:a"b"', 'name=in:"a"b', "name=%zz"])
def test_a_query_that_makes_no_sense_is_refused(appliance, query):
    assert refused(appliance.get("/v2/images?" + query), 400)


def test_the_marker_of_a_deleted_image_is_refused(appliance):
    image_id = appliance.create()
    appliance.request("DELETE", f"/v2/images/{image_id}")
    assert refused(appliance.get(f"/v2/images?marker={image_id}"), 400, image_id)
