"""Every image command of the real `openstack`, signed in as a user who is no admin."""

import hashlib

import pytest

DATA = bytes(range(256)) * 300


@pytest.fixture
def openstack(site, tmp_path):
    return site.signed_in("openstack", "alice", tmp_path / "home")


@pytest.fixture
def data_file(tmp_path):
    file = tmp_path / "disk.raw"
    file.write_bytes(DATA)
    return file


def test_an_image_lives_through_all_commands(site, openstack, data_file, tmp_path):
    alice = site.people["alice"]
    created = openstack.json("image", "create", "--file", data_file, "--disk-format", "raw", "--container-format",
                             "bare", "--property", "os_distro=debian", "--tag", "old", "--private", "through all")
    image_id = created["id"]
    assert created["owner"] == alice.project_id and created["status"] in ("queued", "active")
    openstack.run("image", "set", "--name", "renamed", "--property", "new=1", "--tag", "new", "--min-disk", "3",
                  "--shared", "through all")
    openstack.run("image", "unset", "--property", "os_distro", "--tag", "old", "renamed")
    shown = openstack.json("image", "show", "renamed")
    assert shown["id"] == image_id and shown["status"] == "active" and shown["size"] == len(DATA)
    assert shown["checksum"] == hashlib.md5(DATA).hexdigest()
    assert shown["tags"] == ["new"] and shown["min_disk"] == 3 and shown["visibility"] == "shared"
    assert shown["properties"]["new"] == "1" and "os_distro" not in shown["properties"]
    openstack.run("image", "save", "--file", tmp_path / "saved", "renamed")
    assert (tmp_path / "saved").read_bytes() == DATA
    openstack.run("image", "set", "--deactivate", image_id)
    assert openstack.json("image", "show", image_id)["status"] == "deactivated"
    openstack.run("image", "set", "--activate", "--protected", image_id)
    assert "protected" in openstack.refused("image", "delete", image_id)
    openstack.run("image", "set", "--unprotected", image_id)
    openstack.run("image", "delete", image_id)
    assert "No Image found for renamed" in openstack.refused("image", "show", "renamed")
    # The image is in the owner's bin.
    assert [entry["id"] for entry in site.call("alice", "GET", "/api/trash").json()["trash"]] == [image_id]
    assert site.call("alice", "POST", f"/api/trash/{image_id}/restore").status_code == 200
    assert openstack.json("image", "show", image_id)["name"] == "renamed"


def test_a_list_is_filtered_and_sorted(site, openstack):
    for name, tag in (("list-b", "x"), ("list-a", "x"), ("list-c", "y")):
        site.image_with("alice", DATA, name=name, tags=["listed", tag], visibility="private")

    def found(*options):
        return [row["Name"] for row in openstack.json("image", "list", "--tag", "listed", *options)]

    assert found("--sort", "name:asc") == ["list-a", "list-b", "list-c"]
    assert sorted(found("--tag", "x", "--private", "--status", "active")) == ["list-a", "list-b"]
    assert found("--name", "list-c", "--long") == ["list-c"]


def test_an_image_is_created_from_standard_input(site, openstack):
    openstack.run("image", "create", "piped", input=DATA)
    image = site.call("alice", "GET", "/v2/images?name=piped").json()["images"][0]
    assert image["status"] == "active" and image["size"] == len(DATA)


def test_an_admin_gives_an_image_to_a_project_by_its_name(site, tmp_path):
    image_id = site.image_with("root", DATA, name="handed over")
    root = site.signed_in("openstack", "root", tmp_path / "root")
    root.run("image", "set", "--project", "shop", "--project-domain", "Default", image_id)
    assert root.json("image", "show", image_id)["owner"] == site.people["bob"].project_id
    assert "No project with a name or ID of 'nowhere'" in root.refused("image", "set", "--project", "nowhere", image_id)


def test_who_is_no_admin_gives_no_image_away(site, openstack):
    """The user does not learn which projects exist either: the client uses the given text as an id."""
    image_id = site.image_with("alice", DATA, name="kept")
    assert "403" in openstack.refused("image", "set", "--project", site.people["bob"].project_id, image_id)
    assert site.call("alice", "GET", f"/v2/images/{image_id}").json()["owner"] == site.people["alice"].project_id
