"""docs/API.md must agree with the appliance."""

import json
import re

import pytest
from appliance import ROOT
from image_api import UNKNOWN_ID

TEXT = (ROOT / "docs/API.md").read_text()
ROUTES = [(method, path) for method, cell in re.findall(r"^\| ([A-Z]+) \| (`/.*?) \|", TEXT, re.M)
          for path in re.findall(r"`(/[^`]*)`", cell)]
EXAMPLES = re.findall(r"^What `(GET) (/[^`]*)` answers:\n\n```json\n(.*?)```", TEXT, re.M | re.S)


def shape(value):
    """Returns the document with every value replaced by the name of its type, and lists reduced to one element."""
    if isinstance(value, dict):
        return {name: shape(inner) for name, inner in value.items()}
    if isinstance(value, list):
        return [shape(inner) for inner in value[:1]]
    return type(value).__name__


def test_every_route_of_the_document_is_served(appliance):
    assert len(ROUTES) > 25
    for method, path in ROUTES:
        reply = appliance.request("PROPFIND", re.sub(r"\{\w+\}", "a", path.replace("{id}", UNKNOWN_ID)))
        assert reply.status == 405, (method, path, reply)
        assert method in reply.headers["Allow"].split(", "), (method, path)


@pytest.mark.parametrize("method, path, example", EXAMPLES, ids=[path for _, path, _ in EXAMPLES])
def test_an_example_of_the_document_has_the_shape_of_the_answer(appliance, method, path, example):
    """An image was deleted and scrubbed. For the bin, images are left in it, so that it has an entry."""
    for _ in range(2 if path == "/api/trash" else 1):
        image_id = appliance.image_with(b"data", os_distro="debian", tags=["lab"])
        assert appliance.request("DELETE", f"/v2/images/{image_id}").status == 204
        if path != "/api/trash":
            assert appliance.request("DELETE", "/api/trash").json["done"]
            appliance.request("POST", "/api/check")
    assert shape(appliance.request(method, path).json) == shape(json.loads(example))


def test_the_example_of_a_run_has_the_shape_of_the_answer(appliance):
    image_id = appliance.image_with(b"data")
    assert appliance.request("DELETE", f"/v2/images/{image_id}").status == 204
    example = json.loads(re.search(r'```json\n(\{\n  "id": 1.*?)```', TEXT, re.S)[1])
    assert shape(appliance.request("DELETE", "/api/trash").json) == shape(example)
