"""The JSON schemas, and the documents of /v2/info. The expected answers are files.

If the environment has ACCEPT=1, the tests write the present answers to these files.
"""

import json
import os
from pathlib import Path

import pytest
from image_api import refused

EXPECTED = Path(__file__).parent / "expected"


def check_document(reply, name):
    assert reply.status == 200, reply
    assert reply.headers["Content-Type"].startswith("application/json")
    file = EXPECTED / name
    text = json.dumps(reply.json, indent=2, ensure_ascii=False) + "\n"
    if os.environ.get("ACCEPT"):
        EXPECTED.mkdir(exist_ok=True)
        file.write_text(text)
    assert text == file.read_text()


@pytest.mark.parametrize("name", ["image", "images", "member", "members"])
def test_the_schema_is_the_one_that_clients_read(appliance, name):
    check_document(appliance.get(f"/v2/schemas/{name}"), f"schema-{name}.json")


@pytest.mark.parametrize("name", ["import", "stores"])
def test_the_service_tells_what_it_can(make_appliance, tmp_path, name):
    appliance = make_appliance(f'''
        [store]
        default = "fast"
        [stores.fast]
        description = "Flash"
        [stores.large]
        path = "{tmp_path}/large"
        ''').start()
    check_document(appliance.get(f"/v2/info/{name}"), f"info-{name}.json")


def test_every_attribute_of_an_image_is_in_the_schema(appliance):
    properties = appliance.get("/v2/schemas/image").json["properties"]
    image = appliance.show(appliance.image_with(b"data"))
    assert set(image) <= set(properties)
    for name, value in image.items():
        kinds = properties[name]["type"]
        kind = {str: "string", bool: "boolean", int: "integer", list: "array", type(None): "null"}[type(value)]
        assert kind in kinds, name


@pytest.mark.parametrize("name", ["nothing", "metadefs/nothing", "../image", "image/images"])
def test_an_unknown_schema_is_not_found(appliance, name):
    assert refused(appliance.get(f"/v2/schemas/{name}"), 404)
