"""Tags of an image."""

from urllib.parse import quote

import pytest
from image_api import UNKNOWN_ID, refused


def tag(appliance, method, image_id, text):
    return appliance.request(method, f"/v2/images/{image_id}/tags/{quote(text, safe='')}")


def test_tags_are_added_and_removed(appliance):
    image_id = appliance.create()
    for text in ("b", "a", "b"):
        assert tag(appliance, "PUT", image_id, text).status == 204
    assert appliance.show(image_id)["tags"] == ["a", "b"]
    assert tag(appliance, "DELETE", image_id, "b").status == 204
    assert appliance.show(image_id)["tags"] == ["a"]


@pytest.mark.parametrize("text", ["with space", "a/b", "a+b", "100%", "ünïcödé", "a?b#c&d", "x" * 255, "ü" * 255])
def test_any_text_can_be_a_tag(appliance, text):
    image_id = appliance.create()
    assert tag(appliance, "PUT", image_id, text).status == 204
    assert appliance.show(image_id)["tags"] == [text]
    assert tag(appliance, "DELETE", image_id, text).status == 204
    assert appliance.show(image_id)["tags"] == []


def test_a_tag_that_is_too_long_is_refused(appliance):
    assert refused(tag(appliance, "PUT", appliance.create(), "x" * 256), 400, "255")


def test_a_tag_beyond_the_quota_is_refused(make_appliance):
    appliance = make_appliance("[limits]\nimage_tag_quota = 1\n").start()
    image_id = appliance.create()
    assert tag(appliance, "PUT", image_id, "one").status == 204
    assert tag(appliance, "PUT", image_id, "one").status == 204
    assert refused(tag(appliance, "PUT", image_id, "two"), 413)


def test_a_missing_tag_or_image_is_not_found(appliance):
    assert refused(tag(appliance, "DELETE", appliance.create(), "nothing"), 404, "nothing")
    assert refused(tag(appliance, "DELETE", UNKNOWN_ID, "a"), 404, UNKNOWN_ID)
    assert refused(tag(appliance, "PUT", UNKNOWN_ID, "a"), 404, UNKNOWN_ID)
