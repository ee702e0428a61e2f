"""The real `openstack` against the appliance."""

import hashlib

import pytest
from clients import Client

DATA = bytes(range(256)) * 300


@pytest.fixture
def openstack(appliance, tmp_path):
    return Client("openstack", ["--os-auth-type", "none", "--os-endpoint", appliance.url], tmp_path / "home")


@pytest.fixture
def data_file(tmp_path):
    file = tmp_path / "disk.raw"
    file.write_bytes(DATA)
    return file


def test_an_image_is_created_from_a_file_shown_and_saved(appliance, openstack, data_file, tmp_path):
    created = openstack.json("image", "create", "--file", data_file, "--disk-format", "raw", "--container-format",
                             "bare", "--property", "os_distro=debian", "--tag", "lab", "--min-disk", "2", "--min-ram",
                             "64", "--private", "Debian 12")
    image_id = created["id"]
    shown = openstack.json("image", "show", "Debian 12")
    assert openstack.json("image", "show", image_id) == shown
    assert shown["status"] == "active"
    assert shown["size"] == len(DATA)
    assert shown["checksum"] == hashlib.md5(DATA).hexdigest()
    assert shown["tags"] == ["lab"]
    assert (shown["min_disk"], shown["min_ram"], shown["visibility"]) == (2, 64, "private")
    assert shown["properties"]["os_distro"] == "debian"
    assert shown["properties"]["os_hash_value"] == hashlib.sha512(DATA).hexdigest()
    openstack.run("image", "save", "--file", tmp_path / "saved", "Debian 12")
    assert (tmp_path / "saved").read_bytes() == DATA
    assert openstack.run("image", "save", image_id, text=False).stdout == DATA


def test_an_image_is_created_from_standard_input(appliance, openstack):
    openstack.run("image", "create", "piped", input=DATA)
    image = appliance.get("/v2/images?name=piped").json["images"][0]
    assert image["status"] == "active" and image["size"] == len(DATA)


def test_a_list_is_filtered_and_sorted(appliance, openstack):
    appliance.create(name="beta", visibility="public", tags=["x", "y"], os_distro="debian")
    appliance.image_with(DATA, name="alpha", visibility="private", tags=["x"])
    appliance.create(name="secret", os_hidden=True)

    def found(*options):
        return [row["Name"] for row in openstack.json("image", "list", *options)]

    assert found() == ["alpha", "beta"]
    assert found("--sort", "name:desc") == ["beta", "alpha"]
    assert found("--public") == ["beta"]
    assert found("--private") == ["alpha"]
    assert found("--tag", "x", "--tag", "y") == ["beta"]
    assert found("--property", "os_distro=debian") == ["beta"]
    assert found("--name", "alpha") == ["alpha"]
    assert found("--status", "active") == ["alpha"]
    assert found("--hidden") == ["secret"]
    assert found("--limit", "1") == ["alpha"]
    long = {row["Name"]: row for row in openstack.json("image", "list", "--long")}
    assert long["alpha"]["Size"] == len(DATA)
    assert long["alpha"]["Checksum"] == hashlib.md5(DATA).hexdigest()
    assert long["beta"]["Disk Format"] == "raw" and long["beta"]["Visibility"] == "public"
    assert long["beta"]["Project"] == "default" and sorted(long["beta"]["Tags"]) == ["x", "y"]


def test_a_list_of_more_than_a_page_is_whole(make_appliance, tmp_path):
    appliance = make_appliance("[limits]\npage_default = 5\npage_max = 5\n").start()
    openstack = Client("openstack", ["--os-auth-type", "none", "--os-endpoint", appliance.url], tmp_path / "home")
    names = [f"image-{number:02}" for number in range(12)]
    for name in names:
        appliance.create(name=name)
    assert [row["Name"] for row in openstack.json("image", "list")] == names


def test_an_image_is_changed_with_set_and_unset(appliance, openstack):
    image_id = appliance.image_with(DATA, name="before", old="1", tags=["old"])
    openstack.run("image", "set", "--name", "after", "--property", "new=1", "--property", "old=2", "--tag", "new",
                  "--min-disk", "5", "--community", "--hidden", "before")
    image = appliance.show(image_id)
    assert (image["name"], image["new"], image["old"]) == ("after", "1", "2")
    assert image["tags"] == ["new", "old"]
    assert (image["min_disk"], image["visibility"], image["os_hidden"]) == (5, "community", True)
    openstack.run("image", "set", "--unhidden", "--public", "after")
    openstack.run("image", "unset", "--property", "old", "--tag", "old", "after")
    image = appliance.show(image_id)
    assert "old" not in image and image["new"] == "1"
    assert image["tags"] == ["new"]
    assert (image["visibility"], image["os_hidden"]) == ("public", False)


def test_a_protected_image_is_kept(appliance, openstack):
    image_id = appliance.image_with(DATA, name="kept")
    openstack.run("image", "set", "--protected", "kept")
    assert "is protected and cannot be deleted" in openstack.refused("image", "delete", "kept")
    assert appliance.show(image_id)["protected"] is True
    openstack.run("image", "set", "--unprotected", "kept")
    openstack.run("image", "delete", "kept")
    assert appliance.get(f"/v2/images/{image_id}").status == 404


def test_an_image_is_deactivated_and_activated(appliance, openstack):
    image_id = appliance.image_with(DATA, name="switched")
    openstack.run("image", "set", "--deactivate", "switched")
    assert appliance.show(image_id)["status"] == "deactivated"
    openstack.run("image", "set", "--activate", "switched")
    assert appliance.show(image_id)["status"] == "active"


def test_a_deleted_image_waits_in_the_bin_and_comes_back(appliance, openstack, tmp_path):
    image_id = appliance.image_with(DATA, name="regretted", tags=["a"], os_distro="debian")
    before = openstack.json("image", "show", image_id)
    openstack.run("image", "delete", "regretted")
    assert openstack.json("image", "list") == []
    assert "No Image found for regretted" in openstack.refused("image", "show", "regretted")
    assert [entry["id"] for entry in appliance.get("/api/trash").json["trash"]] == [image_id]
    assert appliance.request("POST", f"/api/trash/{image_id}/restore").status == 200
    assert openstack.json("image", "show", "regretted") == before
    openstack.run("image", "save", "--file", tmp_path / "saved", "regretted")
    assert (tmp_path / "saved").read_bytes() == DATA


def test_several_images_are_deleted_at_once(appliance, openstack):
    for name in ("one", "two"):
        appliance.image_with(DATA, name=name)
    openstack.run("image", "delete", "one", "two")
    assert len(appliance.get("/api/trash").json["trash"]) == 2


def test_a_failure_says_what_was_wrong(appliance, openstack, data_file):
    image_id = appliance.image_with(DATA, name="there")
    assert "No Image found for missing" in openstack.refused("image", "show", "missing")
    assert "exists or existed" in openstack.refused("image", "create", "--id", image_id, "again")
    message = openstack.refused("image", "create", "--file", data_file, "--disk-format", "qcow2", "mislabelled")
    assert "set disk_format to 'raw'" in message, message
    # The client itself deletes the image to which it could not upload.
    assert appliance.get("/v2/images?name=mislabelled").json["images"] == []


def test_a_client_that_signs_in_is_let_in_where_nobody_has_to(appliance, tmp_path):
    """A user with OS_AUTH_URL and similar variables in the environment need not unset them."""
    image_id = appliance.image_with(DATA, name="there")
    openstack = Client("openstack", [], tmp_path / "home", {
        "OS_AUTH_URL": appliance.url + "/v3", "OS_USERNAME": "me", "OS_PASSWORD": "any", "OS_PROJECT_NAME": "mine",
        "OS_USER_DOMAIN_NAME": "Default", "OS_PROJECT_DOMAIN_NAME": "Default"})
    assert [row["ID"] for row in openstack.json("image", "list")] == [image_id]


@pytest.mark.parametrize("options", [
    ["--os-auth-type", "admin_token", "--os-token", "x", "--os-endpoint", "{url}/v2"],
    ["--os-auth-type", "http_basic", "--os-username", "u", "--os-password", "p", "--os-endpoint", "{url}/v2"],
    ["--os-auth-type", "none", "--os-endpoint", "{url}/v2"]], ids=["admin_token", "http_basic", "none"])
def test_an_endpoint_that_ends_in_v2_leads_to_the_images(appliance, tmp_path, options):
    openstack = Client("openstack", [option.replace("{url}", appliance.url) for option in options], tmp_path / "home")
    image_id = appliance.image_with(DATA, name="there")
    assert [row["ID"] for row in openstack.json("image", "list")] == [image_id]
    openstack.run("image", "save", "--file", tmp_path / "saved", "there")
    assert (tmp_path / "saved").read_bytes() == DATA
