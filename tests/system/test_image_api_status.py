"""Show, delete, deactivate and reactivate."""

import pytest
from image_api import UNKNOWN_ID, add, patch, refused


def act(appliance, image_id, action):
    return appliance.request("POST", f"/v2/images/{image_id}/actions/{action}")


def test_an_image_is_deactivated_and_reactivated_again_and_again(appliance):
    image_id = appliance.image_with(b"data")
    for action, status in (("deactivate", "deactivated"), ("reactivate", "active")):
        for _ in range(2):
            reply = act(appliance, image_id, action)
            assert reply.status == 204 and reply.body == b""
            assert appliance.show(image_id)["status"] == status


def test_an_image_without_data_is_neither_deactivated_nor_reactivated(appliance):
    image_id = appliance.create()
    assert refused(act(appliance, image_id, "deactivate"), 403, "queued")
    assert refused(act(appliance, image_id, "reactivate"), 403, "queued")


@pytest.mark.parametrize("image_id", [UNKNOWN_ID, "nonsense", "%2e%2e", UNKNOWN_ID[:-1], UNKNOWN_ID + "0"])
def test_an_unknown_image_is_not_found(appliance, image_id):
    assert refused(appliance.get(f"/v2/images/{image_id}"), 404)
    assert refused(appliance.get(f"/v2/images/{image_id}/file"), 404)
    assert refused(appliance.request("DELETE", f"/v2/images/{image_id}"), 404)
    assert refused(act(appliance, image_id, "deactivate"), 404)
    assert refused(act(appliance, image_id, "reactivate"), 404)


def test_an_id_is_found_in_its_canonical_form_alone(appliance):
    image_id = appliance.request("POST", "/v2/images", {"id": "abcdefab-cdef-4abc-8def-abcdefabcdef"}).json["id"]
    assert appliance.get(f"/v2/images/{image_id}").status == 200
    assert refused(appliance.get(f"/v2/images/{image_id.upper()}"), 404)


def test_a_deleted_image_is_gone_for_every_call(appliance):
    image_id = appliance.image_with(b"data")
    reply = appliance.request("DELETE", f"/v2/images/{image_id}")
    assert reply.status == 204 and reply.body == b""
    assert refused(appliance.get(f"/v2/images/{image_id}"), 404)
    assert refused(appliance.get(f"/v2/images/{image_id}/file"), 404)
    assert refused(appliance.request("DELETE", f"/v2/images/{image_id}"), 404)
    assert refused(patch(appliance, image_id, [add("/a", "b")]), 404)
    assert refused(appliance.upload(image_id, b"data"), 404)
    assert refused(act(appliance, image_id, "reactivate"), 404)
    assert refused(appliance.request("PUT", f"/v2/images/{image_id}/tags/a"), 404)
    assert appliance.get("/v2/images").json["images"] == []


def test_a_protected_image_cannot_be_deleted(appliance):
    image_id = appliance.image_with(b"data", protected=True)
    assert refused(appliance.request("DELETE", f"/v2/images/{image_id}"), 403, "protected")
    assert appliance.get(f"/v2/images/{image_id}/file").body == b"data"


def test_a_deactivated_image_can_be_deleted(appliance):
    image_id = appliance.image_with(b"data")
    assert act(appliance, image_id, "deactivate").status == 204
    assert appliance.request("DELETE", f"/v2/images/{image_id}").status == 204
    assert appliance.get(f"/api/trash/{image_id}").status == 200
