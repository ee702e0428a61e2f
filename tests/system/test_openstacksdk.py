"""openstacksdk in Debian's version, without authentication."""

import hashlib
import io

import openstack
import pytest

DATA = bytes(range(256)) * 300


@pytest.fixture
def images(appliance, tmp_path, monkeypatch):
    monkeypatch.setenv("HOME", str(tmp_path))
    connection = openstack.connect(load_yaml_config=False, load_envvars=False, auth_type="none",
                                   auth={"endpoint": appliance.url})
    yield connection.image
    connection.close()


def test_an_image_is_created_from_a_file_found_and_downloaded(images, tmp_path):
    file = tmp_path / "disk.raw"
    file.write_bytes(DATA)
    created = images.create_image("Debian 12", filename=str(file), disk_format="raw", container_format="bare",
                                  wait=True, validate_checksum=True, os_distro="debian", tags=["lab"])
    found = images.find_image("Debian 12")
    assert found.id == created.id and images.find_image(created.id).name == "Debian 12"
    assert images.find_image("nothing", ignore_missing=True) is None
    image = images.get_image(created.id)
    assert (image.status, image.size, image.checksum) == ("active", len(DATA), hashlib.md5(DATA).hexdigest())
    assert image.os_distro == "debian" and image.tags == ["lab"]
    output = io.BytesIO()
    images.download_image(image, output=output)
    assert output.getvalue() == DATA
    assert b"".join(images.download_image(image, stream=True).iter_content(1 << 16)) == DATA


def test_data_is_uploaded_to_an_image(images, appliance):
    image = images.upload_image(name="uploaded", data=DATA, disk_format="raw", container_format="bare")
    assert appliance.get(f"/v2/images/{image.id}/file").body == DATA


def test_an_image_is_updated_as_an_object_and_by_its_id(images, appliance):
    image_id = appliance.image_with(DATA, name="before", os_distro="debian")
    image = images.get_image(image_id)
    images.update_image(image, name="by object", os_distro="fedora")
    assert appliance.show(image_id)["name"] == "by object"
    assert appliance.show(image_id)["os_distro"] == "fedora"
    listed = next(iter(images.images(name="by object")))
    images.update_image(listed, min_disk=4)
    images.update_image(image_id, visibility="public", is_protected=True)
    shown = appliance.show(image_id)
    assert (shown["name"], shown["min_disk"], shown["visibility"], shown["protected"]) == (
        "by object", 4, "public", True)
    assert shown["stores"] == "local"


def test_images_are_listed_with_filters_over_all_pages(images, appliance):
    for number in range(5):
        appliance.create(name=f"image-{number}", visibility="public" if number % 2 else "private", tags=["all"])
    assert len(list(images.images(limit=2))) == 5
    assert {image.name for image in images.images(visibility="public")} == {"image-1", "image-3"}
    assert [image.name for image in images.images(sort="name:asc", tag="all")] == [f"image-{n}" for n in range(5)]


def test_tags_and_status_are_changed(images, appliance):
    image_id = appliance.image_with(DATA)
    images.add_tag(image_id, "new")
    assert appliance.show(image_id)["tags"] == ["new"]
    images.remove_tag(image_id, "new")
    assert appliance.show(image_id)["tags"] == []
    images.deactivate_image(image_id)
    assert appliance.show(image_id)["status"] == "deactivated"
    images.reactivate_image(image_id)
    assert appliance.show(image_id)["status"] == "active"


def test_an_image_is_deleted_into_the_bin(images, appliance):
    image_id = appliance.image_with(DATA)
    images.delete_image(image_id, ignore_missing=False)
    assert [entry["id"] for entry in appliance.get("/api/trash").json["trash"]] == [image_id]
    with pytest.raises(openstack.exceptions.ResourceNotFound, match="No image found with ID " + image_id):
        images.delete_image(image_id, ignore_missing=False)
