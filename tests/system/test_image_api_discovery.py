"""Discovery of the versions of the Image API."""

import pytest
from image_api import refused


def check_document(appliance, reply, status):
    assert reply.status == status, reply
    versions = reply.json["versions"]
    assert [v["id"] for v in versions] == [f"v2.{minor}" for minor in range(16, -1, -1)]
    assert [v["status"] for v in versions] == ["CURRENT"] + 16 * ["SUPPORTED"]
    for version in versions:
        assert version["links"] == [{"rel": "self", "href": appliance.url + "/v2/"}]


@pytest.mark.parametrize("path", ["/", "/v9", "/v9/images", "/v0.1"])
def test_a_path_of_no_known_version_offers_the_versions(appliance, path):
    check_document(appliance, appliance.get(path), 300)


@pytest.mark.parametrize("path", ["/versions", "/v2", "/v2/"])
def test_the_version_document_can_be_asked_for(appliance, path):
    check_document(appliance, appliance.get(path), 200)


def test_the_links_of_the_document_follow_the_host_that_the_client_used(appliance):
    reply = appliance.get("/versions", headers={"Host": f"localhost:{appliance.port}"})
    assert reply.json["versions"][0]["links"][0]["href"] == f"http://localhost:{appliance.port}/v2/"


def test_the_links_of_the_document_follow_the_public_url(make_appliance):
    appliance = make_appliance('[server]\npublic_url = "https://images.example.org/glance"\n').start()
    reply = appliance.get("/versions")
    assert reply.json["versions"][0]["links"][0]["href"] == "https://images.example.org/glance/v2/"
    created = appliance.request("POST", "/v2/images", {"name": "behind a proxy"})
    assert created.headers["Location"] == f"https://images.example.org/glance/v2/images/{created.json['id']}"


@pytest.mark.parametrize("minor", [0, 9, 16])
def test_every_advertised_minor_version_leads_to_the_images(appliance, minor):
    appliance.create(name="one")
    reply = appliance.get(f"/v2.{minor}/images")
    assert reply.status == 200
    assert [image["name"] for image in reply.json["images"]] == ["one"]


@pytest.mark.parametrize("path", ["/v2.17/images", "/v2.99", "/v2/nothing", "/nothing", "/v2/images/a/b/c"])
def test_an_unknown_path_is_not_found(appliance, path):
    assert refused(appliance.get(path), 404)


def test_the_health_check_of_load_balancers_answers_ok(appliance):
    reply = appliance.get("/healthcheck")
    assert reply.status == 200
    assert reply.body.strip() == b"OK"
    assert reply.headers["Content-Type"].startswith("text/plain")
