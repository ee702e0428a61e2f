"""The real `glance` against the appliance. It reads the schemas first, and uploads in chunks."""

import hashlib
import json

import pytest
from clients import Client

DATA = bytes(range(256)) * 300


@pytest.fixture
def glance(appliance, tmp_path):
    return Client("glance", ["--os-image-url", appliance.url, "--os-auth-token", "x"], tmp_path / "home")


@pytest.fixture
def data_file(tmp_path):
    file = tmp_path / "disk.raw"
    file.write_bytes(DATA)
    return file


def table(output):
    """Returns the rows of the table that glance prints, as lists of texts."""
    return [[cell.strip() for cell in line.strip("|").split("|")] for line in output.splitlines()
            if line.startswith("|")][1:]


def fields(output):
    return {row[0]: row[1] for row in table(output)}


def test_an_image_is_created_from_a_file_shown_and_downloaded(appliance, glance, data_file, tmp_path):
    created = fields(glance.run("image-create", "--name", "Debian 12", "--disk-format", "raw", "--container-format",
                                "bare", "--file", data_file, "--property", "os_distro=debian", "--tags", "lab",
                                "--min-ram", "64", "--visibility", "private").stdout)
    shown = fields(glance.run("image-show", created["id"]).stdout)
    assert shown["status"] == "active" and shown["size"] == str(len(DATA))
    assert shown["checksum"] == hashlib.md5(DATA).hexdigest()
    assert shown["os_hash_value"] in hashlib.sha512(DATA).hexdigest()  # glance wraps long values
    assert (shown["os_distro"], shown["min_ram"], shown["visibility"]) == ("debian", "64", "private")
    assert shown["tags"] == "lab" or json.loads(shown["tags"]) == ["lab"]
    glance.run("image-download", "--file", tmp_path / "saved", created["id"])
    assert (tmp_path / "saved").read_bytes() == DATA
    assert glance.run("image-download", created["id"], text=False).stdout == DATA


def test_an_image_is_created_from_standard_input(appliance, glance):
    glance.run("image-create", "--name", "piped", "--disk-format", "raw", "--container-format", "bare", input=DATA)
    image = appliance.get("/v2/images?name=piped").json["images"][0]
    assert image["status"] == "active" and image["size"] == len(DATA)


def test_data_is_uploaded_to_an_image_that_waits_for_it(appliance, glance, data_file):
    image_id = appliance.create(name="waiting")
    glance.run("image-upload", "--file", data_file, image_id)
    assert appliance.get(f"/v2/images/{image_id}/file").body == DATA


def test_images_are_listed_whole_filtered_and_sorted(appliance, glance):
    appliance.create(name="beta", visibility="public", tags=["x"], os_distro="debian")
    appliance.image_with(DATA, name="alpha")
    appliance.create(name="secret", os_hidden=True)

    def found(*options):
        return [row[1] for row in table(glance.run("image-list", *options).stdout)]

    assert found("--sort", "name:asc") == ["alpha", "beta"]
    assert found("--sort-key", "name", "--sort-dir", "desc") == ["beta", "alpha"]
    assert found("--visibility", "public") == ["beta"]
    assert found("--tag", "x") == ["beta"]
    assert found("--property-filter", "os_distro=debian") == ["beta"]
    assert found("--hidden", "True") == ["secret"]
    assert found("--page-size", "1", "--sort", "name:asc") == ["alpha", "beta"]
    assert found("--limit", "1", "--sort", "name:asc") == ["alpha"]
    assert "active" in glance.run("--verbose", "image-list").stdout


def test_an_image_is_changed(appliance, glance):
    image_id = appliance.image_with(DATA, name="before", old="1", gone="0")
    glance.run("image-update", "--name", "after", "--property", "new=1", "--property", "old=2", "--remove-property",
               "gone", "--protected", "True", "--visibility", "community", "--hidden", "True", image_id)
    image = appliance.show(image_id)
    assert (image["name"], image["new"], image["old"]) == ("after", "1", "2")
    assert "gone" not in image
    assert (image["protected"], image["visibility"], image["os_hidden"]) == (True, "community", True)


def test_tags_are_added_and_removed(appliance, glance):
    image_id = appliance.create(tags=["old"])
    glance.run("image-tag-update", image_id, "new tag")
    assert appliance.show(image_id)["tags"] == ["new tag", "old"]
    glance.run("image-tag-delete", image_id, "old")
    assert appliance.show(image_id)["tags"] == ["new tag"]


def test_an_image_is_deactivated_and_reactivated(appliance, glance):
    image_id = appliance.image_with(DATA)
    glance.run("image-deactivate", image_id)
    assert appliance.show(image_id)["status"] == "deactivated"
    glance.run("image-reactivate", image_id)
    assert appliance.show(image_id)["status"] == "active"


def test_an_image_is_deleted_into_the_bin(appliance, glance):
    image_id = appliance.image_with(DATA)
    glance.run("image-delete", image_id)
    assert [entry["id"] for entry in appliance.get("/api/trash").json["trash"]] == [image_id]


def test_the_service_tells_its_stores_and_ways_to_import(appliance, glance):
    assert "local" in glance.run("stores-info").stdout
    assert "import-methods" in glance.run("import-info").stdout


def test_a_failure_says_what_was_wrong(appliance, glance, data_file):
    missing = "00000000-0000-4000-8000-000000000000"
    assert f"No image found with ID {missing}" in glance.refused("image-show", missing)
    image_id = appliance.image_with(DATA, protected=True)
    assert "not permitted to delete" in glance.refused("image-delete", image_id)
    message = glance.refused("image-upload", "--file", data_file, image_id)
    assert "data can be uploaded only to a queued image" in message
