"""Every image command of the real `glance`, signed in as a user who is no admin."""

import hashlib

import pytest
from test_glance_client import fields, table

DATA = bytes(range(256)) * 300


@pytest.fixture
def glance(site, tmp_path):
    return site.signed_in("glance", "alice", tmp_path / "home")


def test_an_image_lives_through_all_commands(site, glance, tmp_path):
    data_file = tmp_path / "disk.raw"
    data_file.write_bytes(DATA)
    created = fields(glance.run("image-create", "--name", "by glance", "--disk-format", "raw", "--container-format",
                                "bare", "--file", data_file, "--property", "os_distro=debian", "--visibility",
                                "private").stdout)
    image_id = created["id"]
    assert created["owner"] == site.people["alice"].project_id
    glance.run("image-update", "--name", "renamed", "--remove-property", "os_distro", image_id)
    glance.run("image-tag-update", image_id, "lab")
    shown = fields(glance.run("image-show", image_id).stdout)
    assert (shown["name"], shown["status"], shown["size"]) == ("renamed", "active", str(len(DATA)))
    assert shown["checksum"] == hashlib.md5(DATA).hexdigest() and "os_distro" not in shown
    assert [image_id, "renamed"] in [row[:2] for row in table(glance.run("image-list", "--tag", "lab").stdout)]
    glance.run("image-tag-delete", image_id, "lab")
    glance.run("image-download", "--file", tmp_path / "saved", image_id)
    assert (tmp_path / "saved").read_bytes() == DATA
    glance.run("image-deactivate", image_id)
    glance.run("image-reactivate", image_id)
    glance.run("image-delete", image_id)
    assert f"No image found with ID {image_id}" in glance.refused("image-show", image_id)


def test_data_is_uploaded_to_an_image_that_waits_for_it(site, glance, tmp_path):
    data_file = tmp_path / "disk.raw"
    data_file.write_bytes(DATA)
    fields_of_image = {"name": "waiting", "disk_format": "raw", "container_format": "bare"}
    image_id = site.call("alice", "POST", "/v2/images", fields_of_image).json()["id"]
    glance.run("image-upload", "--file", data_file, image_id)
    assert site.call("alice", "GET", f"/v2/images/{image_id}/file").content == DATA


def test_the_service_tells_its_stores_and_ways_to_import(glance):
    assert "local" in glance.run("stores-info").stdout
    assert "import-methods" in glance.run("import-info").stdout
