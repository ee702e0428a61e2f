"""A user of another project tries to reach images to which he has no right."""

import hashlib

import pytest
from accounts import LOCAL, people
from appliance import Appliance

SECRET = b"the plans of the lab"


@pytest.fixture(scope="module")
def cast(tmp_path_factory):
    appliance = Appliance(tmp_path_factory.mktemp("attacks"), LOCAL).start()
    yield people(appliance)
    appliance.kill()


@pytest.fixture
def owner(cast):
    return cast["lab-member"]


@pytest.fixture
def thief(cast):
    return cast["attic-member"]


@pytest.fixture
def secret(owner):
    return owner.image_with(SECRET, name="plans", visibility="private", tags=["blueprint"], project="moon")


def test_a_private_image_looks_as_one_that_never_was(owner, thief, secret):
    """Both answers are equal to the letter, except for the id."""
    unknown = "00000000-0000-4000-8000-000000000000"
    calls = [("GET", ""), ("HEAD", ""), ("GET", "/file"), ("HEAD", "/file"), ("DELETE", ""), ("GET", "/members"),
             ("GET", f"/members/{thief.project}"), ("DELETE", f"/members/{thief.project}"), ("PUT", "/tags/mine"),
             ("DELETE", "/tags/blueprint"), ("POST", "/actions/deactivate"), ("POST", "/actions/reactivate")]
    for method, rest in calls:
        seen = [thief.request(method, f"/v2/images/{image_id}{rest}") for image_id in (secret, unknown)]
        assert seen[0].status == seen[1].status == 404, (method, rest, seen)
        assert seen[0].body.decode().replace(secret, unknown) == seen[1].body.decode(), (method, rest)
    assert owner.get(f"/v2/images/{secret}").json["tags"] == ["blueprint"]


def test_a_range_of_a_private_image_is_not_given(thief, secret):
    for headers in ({"Range": "bytes=0-3"}, {"Range": "bytes=999-"}, {"Content-Range": "bytes 0-3/*"}):
        reply = thief.get(f"/v2/images/{secret}/file", headers=headers)
        assert reply.status == 404, reply
        assert "Content-Range" not in reply.headers and "Accept-Ranges" not in reply.headers


def test_no_filter_and_no_order_shows_it(owner, thief, secret):
    image = owner.get(f"/v2/images/{secret}").json
    queries = [f"id=in:{secret}", f"id={secret}", "name=plans", "name=in:plans,other", f"owner={owner.project}",
               "tag=blueprint", "project=moon", f"checksum={hashlib.md5(SECRET).hexdigest()}",
               f"os_hash_value={image['os_hash_value']}", f"size_min={len(SECRET)}&size_max={len(SECRET)}",
               "visibility=all", "visibility=private", "visibility=shared&member_status=all",
               f"member_status=all&owner={owner.project}", "sort=name:asc", "sort=owner:desc", "sort=size:asc",
               "status=active", f"created_at={image['created_at']}", "os_hidden=false", "limit=1000"]
    for query in queries:
        assert secret in owner.listed("?" + query) or "shared" in query, query
        assert secret not in thief.listed("?" + query), query


def test_a_marker_tells_nothing(owner, thief, secret):
    unknown = thief.get("/v2/images?marker=00000000-0000-4000-8000-000000000000")
    hidden = thief.get(f"/v2/images?marker={secret}&sort=name:asc")
    assert unknown.status == hidden.status == 400
    assert hidden.json["message"].replace(secret, "") == unknown.json["message"].replace(
        "00000000-0000-4000-8000-000000000000", "")
    assert owner.get(f"/v2/images?marker={secret}").status == 200
    assert owner.request("DELETE", f"/v2/images/{secret}").status == 204
    for path in ("/api/trash?", "/v2/images?status=pending_delete&"):
        assert thief.get(f"{path}marker={secret}").status == 400
        assert owner.get(f"{path}marker={secret}").status == 200


def test_the_bin_of_another_project_is_shut(cast, owner, thief, secret):
    owner.patch(secret, {"op": "replace", "path": "/visibility", "value": "shared"})
    owner.share(secret, thief, "accepted")
    assert secret in thief.listed()
    assert owner.request("DELETE", f"/v2/images/{secret}").status == 204
    for query in ("", f"?id={secret}", "?name=plans", "?tag=blueprint", f"?owner={owner.project}"):
        assert secret not in [entry["id"] for entry in thief.get("/api/trash" + query).json["trash"]]
    assert secret not in thief.listed("?status=pending_delete")
    assert secret in owner.listed("?status=pending_delete")
    for method, path in (("GET", f"/api/trash/{secret}"), ("POST", f"/api/trash/{secret}/restore"),
                         ("DELETE", f"/api/trash/{secret}"), ("GET", f"/api/images/{secret}")):
        assert thief.request(method, path).status == 404, path
    assert thief.request("DELETE", "/api/trash").status == 200
    assert thief.request("DELETE", "/api/trash?all=true").status == 403
    assert owner.get(f"/api/trash/{secret}").json["deleted_by"] == "lab-member"
    assert owner.request("POST", f"/api/trash/{secret}/restore").status == 200
    assert owner.get(f"/v2/images/{secret}/file").body == SECRET
    assert secret in thief.listed(), "what was shared is shared again"
    assert owner.get(f"/v2/images/{secret}/members").json["members"][0]["status"] == "accepted"


def test_nothing_is_uploaded_to_the_image_of_another_project(owner, thief):
    queued = owner.create(visibility="shared")
    assert thief.upload(queued, b"trojan").status == 404
    owner.share(queued, thief, "accepted")
    assert thief.upload(queued, b"trojan").status == 403
    assert owner.get(f"/v2/images/{queued}").json["status"] == "queued"
    assert owner.upload(queued, SECRET).status == 204
    assert thief.get(f"/v2/images/{queued}/file").body == SECRET


def test_only_an_admin_publishes_and_gives_away(cast, owner, thief):
    for fields in ({"visibility": "public"}, {"owner": thief.project}):
        assert owner.request("POST", "/v2/images", fields).status == 403, fields
    image_id = owner.create()
    for path, value in (("/visibility", "public"), ("/owner", thief.project), ("/owner", None)):
        reply = owner.patch(image_id, {"op": "replace", "path": "/name", "value": "changed"},
                            {"op": "replace", "path": path, "value": value})
        assert reply.status == 403, (path, value)
    image = owner.get(f"/v2/images/{image_id}").json
    assert (image["name"], image["owner"], image["visibility"]) == ("image", owner.project, "shared")
    boss = cast["boss"]
    assert boss.patch(image_id, {"op": "replace", "path": "/visibility", "value": "public"}).status == 200
    assert image_id in thief.listed()
    assert thief.patch(image_id, {"op": "add", "path": "/os", "value": "mine"}).status == 403
    assert thief.request("DELETE", f"/v2/images/{image_id}").status == 403
    assert boss.patch(image_id, {"op": "replace", "path": "/owner", "value": thief.project}).status == 200
    assert thief.request("DELETE", f"/v2/images/{image_id}").status == 204
    given = boss.create(owner=thief.project)
    assert thief.get(f"/v2/images/{given}").json["owner"] == thief.project


def test_a_community_image_is_listed_for_who_asks_for_it(owner, thief):
    image_id = owner.create(visibility="community", os_hidden=True)
    for query, shown in (("", False), ("?visibility=community", False), ("?os_hidden=true", False),
                         ("?visibility=community&os_hidden=true", True), ("?visibility=all&os_hidden=true", True),
                         ("?visibility=public&os_hidden=true", False)):
        assert (image_id in thief.listed(query)) == shown, query
    assert image_id in owner.listed("?os_hidden=true")
    assert thief.get(f"/v2/images/{image_id}").status == 200
    assert thief.get(f"/v2/images/{image_id}/members").status == 403


def test_a_hidden_private_image_stays_hidden(owner, thief):
    image_id = owner.create(visibility="private", os_hidden=True)
    assert image_id not in thief.listed("?os_hidden=true&visibility=all&limit=1000")
    assert thief.get(f"/v2/images/{image_id}").status == 404


def test_what_a_member_may_see_of_the_members(cast, owner, thief):
    image_id = owner.create()
    owner.share(image_id, thief)
    owner.share(image_id, cast["boss"])
    assert [m["member_id"] for m in thief.get(f"/v2/images/{image_id}/members").json["members"]] == [thief.project]
    path = f"/v2/images/{image_id}/members/{cast['boss'].project}"
    for method, body in (("GET", None), ("PUT", {"status": "accepted"})):
        assert thief.request(method, path, body).status == 404, method
    assert thief.request("DELETE", path).status == 403
    assert thief.request("POST", f"/v2/images/{image_id}/members", {"member": "friend"}).status == 403
    assert thief.request("DELETE", f"/v2/images/{image_id}/members/{thief.project}").status == 403


def test_a_token_for_no_project_is_told_to_choose_one(cast, secret):
    nowhere = cast["nowhere"]
    for method, path in (("GET", "/v2/images"), ("GET", f"/v2/images/{secret}"), ("GET", "/api/trash")):
        reply = nowhere.request(method, path)
        assert reply.status == 403
        assert "choose a project" in reply.json["message"]
