"""Members of an image, as the Image API defines them. test_access_walk.py tests who may do what with them."""

import re

import pytest
from image_api import UNKNOWN_ID, patch, refused, replace

TIME = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ")


def members_of(appliance, image_id):
    return f"/v2/images/{image_id}/members"


def share(appliance, image_id, member):
    return appliance.request("POST", members_of(appliance, image_id), {"member": member})


def test_a_member_is_added_shown_answered_and_removed(appliance):
    image_id = appliance.create()
    added = share(appliance, image_id, "attic")
    assert added.status == 200, added
    assert set(added.json) == {"member_id", "image_id", "status", "created_at", "updated_at", "schema"}
    assert added.json["member_id"] == "attic" and added.json["image_id"] == image_id
    assert added.json["status"] == "pending" and added.json["schema"] == "/v2/schemas/member"
    assert TIME.fullmatch(added.json["created_at"]) and added.json["created_at"] == added.json["updated_at"]

    path = members_of(appliance, image_id)
    for status in ("accepted", "rejected", "pending"):
        changed = appliance.request("PUT", f"{path}/attic", {"status": status})
        assert changed.status == 200 and changed.json["status"] == status
        assert appliance.get(f"{path}/attic").json == changed.json
    share(appliance, image_id, "alcove")
    listed = appliance.get(path).json
    assert set(listed) == {"members", "schema"} and listed["schema"] == "/v2/schemas/members"
    assert [member["member_id"] for member in listed["members"]] == ["alcove", "attic"]

    assert appliance.request("DELETE", f"{path}/attic").status == 204
    assert refused(appliance.get(f"{path}/attic"), 404, "attic")
    assert refused(appliance.request("DELETE", f"{path}/attic"), 404, "attic")
    assert refused(appliance.request("PUT", f"{path}/attic", {"status": "accepted"}), 404, "attic")


def test_a_project_is_a_member_once(appliance):
    image_id = appliance.create()
    assert share(appliance, image_id, "attic").status == 200
    assert refused(share(appliance, image_id, "attic"), 409, "attic")


@pytest.mark.parametrize("body", [{}, {"member": ""}, {"member": None}, {"member": 7}, {"member": ["a"]}, [], "attic",
                                  {"member": "x" * 256}, {"member": "a\0b"}, {"project": "attic"}])
def test_a_member_must_be_named(appliance, body):
    image_id = appliance.create()
    assert refused(appliance.request("POST", members_of(appliance, image_id), body), 400)
    assert appliance.get(members_of(appliance, image_id)).json["members"] == []


@pytest.mark.parametrize("body", [{}, {"status": ""}, {"status": "Accepted"}, {"status": 1}, {"member": "attic"}, b"{"])
def test_an_answer_must_be_one_of_three(appliance, body):
    image_id = appliance.create()
    share(appliance, image_id, "attic")
    path = f"{members_of(appliance, image_id)}/attic"
    assert refused(appliance.request("PUT", path, body), 400)
    assert appliance.get(path).json["status"] == "pending"


def test_the_id_of_a_member_may_hold_anything_that_a_path_can_carry(appliance):
    image_id = appliance.create()
    assert share(appliance, image_id, "a b/ü").status == 200
    path = f"{members_of(appliance, image_id)}/a%20b%2F%C3%BC"
    assert appliance.get(path).json["member_id"] == "a b/ü"
    assert appliance.request("DELETE", path).status == 204


@pytest.mark.parametrize("visibility", ["private", "community", "public"])
def test_only_a_shared_image_has_members_and_keeps_them(appliance, visibility):
    image_id = appliance.create()
    share(appliance, image_id, "attic")
    assert patch(appliance, image_id, [replace("/visibility", visibility)]).status == 200
    path = members_of(appliance, image_id)
    assert refused(share(appliance, image_id, "alcove"), 403, "only shared images have members")
    assert refused(appliance.get(path), 403)
    assert refused(appliance.get(f"{path}/attic"), 404)
    assert refused(appliance.request("PUT", f"{path}/attic", {"status": "accepted"}), 403)
    assert refused(appliance.request("DELETE", f"{path}/attic"), 403)
    assert patch(appliance, image_id, [replace("/visibility", "shared")]).status == 200
    assert [member["member_id"] for member in appliance.get(path).json["members"]] == ["attic"]


def test_members_come_back_with_the_image(appliance):
    image_id = appliance.image_with(b"data")
    share(appliance, image_id, "attic")
    appliance.request("PUT", f"{members_of(appliance, image_id)}/attic", {"status": "accepted"})
    before = appliance.get(members_of(appliance, image_id)).json
    assert appliance.request("DELETE", f"/v2/images/{image_id}").status == 204
    assert refused(appliance.get(members_of(appliance, image_id)), 404, image_id)
    assert appliance.request("POST", f"/api/trash/{image_id}/restore").status == 200
    assert appliance.get(members_of(appliance, image_id)).json == before


def test_an_image_has_no_more_members_than_may_be(make_appliance):
    appliance = make_appliance("[limits]\nimage_member_quota = 2\n").start()
    image_id = appliance.create()
    assert [share(appliance, image_id, name).status for name in "abc"] == [200, 200, 413]
    assert refused(share(appliance, image_id, "d"), 413, "limits.image_member_quota")
    assert appliance.request("DELETE", f"{members_of(appliance, image_id)}/a").status == 204
    assert share(appliance, image_id, "d").status == 200


def test_an_unknown_image_has_no_members(appliance):
    for image_id in (UNKNOWN_ID, "nothing"):
        path = members_of(appliance, image_id)
        for method, rest, body in (("GET", "", None), ("POST", "", {"member": "a"}), ("GET", "/a", None),
                                   ("PUT", "/a", {"status": "accepted"}), ("DELETE", "/a", None)):
            assert refused(appliance.request(method, path + rest, body), 404, image_id)


def test_a_read_and_a_delete_take_no_body(appliance):
    path = members_of(appliance, appliance.create())
    for method, rest in (("GET", ""), ("GET", "/a"), ("DELETE", "/a")):
        assert refused(appliance.request(method, path + rest, {"a": 1}), 400)
