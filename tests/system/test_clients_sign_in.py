"""Each way in which the real clients can sign in."""

import json

import pytest
import requests
from clients import Client
from deadline import DEADLINE
from sites import DOMAINS


@pytest.fixture(scope="module")
def image_id(site):
    return site.image_with("alice", b"data" * 1000, name="alice's", visibility="private")


def sees(client, image_id):
    """Returns whether the client can sign in, to the project that owns the image."""
    return image_id in [row["ID"] for row in client.json("image", "list")]


def is_refused(site, client):
    """Returns whether the client cannot sign in any more. The command must fail."""
    said = client.refused("image", "list")
    # A Keystone answers 404 even to a sign-in with a token or credential that it does not find.
    return "401" in said or (site.has_keystone and "HTTP 404" in said)


def credential_of(site, who, **fields):
    """Creates an application credential by the API, as its user. Returns it with its id and secret."""
    person = site.people[who]
    session = site.session(who)
    made = session.post(f"{site.auth_url}/users/{person.id}/application_credentials",
                        json={"application_credential": {"name": "robot", **fields}})
    return made.json()["application_credential"]


@pytest.mark.parametrize("domains", [True, False], ids=["with domains", "without domains"])
def test_a_password_signs_in_by_name(site, image_id, tmp_path, domains):
    if site.has_keystone and not domains:
        pytest.skip("a Keystone wants domains with names")
    assert sees(site.signed_in("openstack", "alice", tmp_path / "home", domains), image_id)


def test_a_password_signs_in_by_id(site, image_id, tmp_path):
    alice = site.people["alice"]
    assert sees(site.client("openstack", tmp_path / "home", OS_USER_ID=alice.id, OS_PASSWORD=alice.password,
                            OS_PROJECT_ID=alice.project_id), image_id)


def test_the_options_of_the_command_line_work_as_well(site, image_id, tmp_path):
    alice = site.people["alice"]
    client = Client("openstack", ["--os-auth-url", site.auth_url, "--os-username", "alice", "--os-password",
                                  alice.password, "--os-project-name", alice.project, "--os-user-domain-id",
                                  "default", "--os-project-domain-id", "default"], tmp_path / "home",
                    site.tls_environment)
    assert sees(client, image_id)


def test_a_token_signs_in(site, image_id, tmp_path):
    alice = site.people["alice"]
    issued = site.signed_in("openstack", "alice", tmp_path / "first").json("token", "issue")
    assert issued["project_id"] == alice.project_id and issued["user_id"] == alice.id
    client = site.client("openstack", tmp_path / "second", OS_AUTH_TYPE="token", OS_TOKEN=issued["id"],
                         OS_PROJECT_NAME=alice.project, OS_PROJECT_DOMAIN_NAME="Default")
    assert sees(client, image_id)
    # A revoked token ends, and with it the tokens that were made from it.
    site.signed_in("openstack", "alice", tmp_path / "third").run("token", "revoke", issued["id"])
    assert is_refused(site, client)
    reply = requests.get(site.url + "/v2/images", headers={"X-Auth-Token": issued["id"]}, timeout=DEADLINE,
                         verify=str(site.ca) if site.ca else True)
    assert reply.status_code == 401


def test_an_application_credential_signs_in_by_id_and_by_name(site, image_id, tmp_path):
    made = credential_of(site, "alice", roles=[{"name": "member"}])
    robot = {"OS_AUTH_TYPE": "v3applicationcredential", "OS_APPLICATION_CREDENTIAL_SECRET": made["secret"]}
    by_id = site.client("openstack", tmp_path / "id", **robot, OS_APPLICATION_CREDENTIAL_ID=made["id"])
    assert sees(by_id, image_id)
    by_name = site.client("openstack", tmp_path / "name", **robot, OS_APPLICATION_CREDENTIAL_NAME="robot",
                          OS_USERNAME="alice", OS_USER_DOMAIN_NAME="Default")
    assert sees(by_name, image_id)
    alice = site.people["alice"]
    site.session("alice").delete(f"{site.auth_url}/users/{alice.id}/application_credentials/{made['id']}")
    assert is_refused(site, by_id)


def test_clouds_yaml_signs_in_with_a_password_and_as_a_robot(site, image_id, tmp_path):
    alice = site.people["alice"]
    made = credential_of(site, "alice", name="of the cloud")
    clouds = {"clouds": {
        "person": {"auth": {"auth_url": site.auth_url, "username": "alice", "password": alice.password,
                            "project_name": alice.project, "user_domain_name": "Default",
                            "project_domain_name": "Default"}, "region_name": "RegionOne"},
        "robot": {"auth_type": "v3applicationcredential",
                  "auth": {"auth_url": site.auth_url, "application_credential_id": made["id"],
                           "application_credential_secret": made["secret"]}}}}
    for cloud in clouds["clouds"]:
        client = Client("openstack", ["--os-cloud", cloud], tmp_path / cloud, site.tls_environment,
                        {"clouds.yaml": json.dumps(clouds)})
        assert sees(client, image_id)


def test_glance_signs_in_with_a_password(site, image_id, tmp_path):
    for domains in (True,) if site.has_keystone else (True, False):
        glance = site.signed_in("glance", "alice", tmp_path / str(domains), domains)
        assert image_id in glance.run("image-list").stdout


def test_openstacksdk_signs_in_in_every_way(site, image_id, tmp_path, monkeypatch):
    monkeypatch.setenv("HOME", str(tmp_path))
    alice = site.people["alice"]
    made = credential_of(site, "alice", name="of the sdk")
    ways = [{"username": "alice", "password": alice.password, "project_name": alice.project,
             "user_domain_id": "default", "project_domain_id": "default"},
            {"username": "alice", "password": alice.password, "project_id": alice.project_id,
             "user_domain_name": "Default"},
            {"user_id": alice.id, "password": alice.password, "project_id": alice.project_id},
            {"token": site.token("alice"), "project_id": alice.project_id},
            {"application_credential_id": made["id"], "application_credential_secret": made["secret"]}]
    for way in ways:
        kind = ("v3token" if "token" in way else
                "v3applicationcredential" if "application_credential_id" in way else "v3password")
        connection = site.connect("alice", auth_type=kind, auth_url=site.auth_url, **way)
        assert image_id in [image.id for image in connection.image.images()], way
        connection.close()


def test_a_wrong_password_is_said_to_be_one(site, tmp_path):
    client = site.client("openstack", tmp_path / "home", OS_USERNAME="alice", OS_PASSWORD="not this one",
                         OS_PROJECT_NAME="lab", **DOMAINS)
    assert "401" in client.refused("image", "list")
    glance = site.client("glance", tmp_path / "glance", OS_USERNAME="alice", OS_PASSWORD="not this one",
                         OS_PROJECT_NAME="lab", **DOMAINS)
    assert "401" in glance.refused("image-list")
