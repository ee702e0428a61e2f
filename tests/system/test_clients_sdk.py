"""openstacksdk and python-glanceclient as libraries, signed in as a user who is no admin."""

import io

import glanceclient
import openstack
import pytest
from glanceclient import exc

DATA = bytes(range(256)) * 300


@pytest.fixture
def images(site, tmp_path, monkeypatch):
    monkeypatch.setenv("HOME", str(tmp_path))
    connection = site.connect("alice")
    yield connection.image
    connection.close()


def test_an_image_lives_through_all_calls(site, images, tmp_path):
    file = tmp_path / "disk.raw"
    file.write_bytes(DATA)
    created = images.create_image("by sdk", filename=str(file), disk_format="raw", container_format="bare",
                                  wait=True, validate_checksum=True, os_distro="debian", tags=["lab"])
    image = images.find_image("by sdk")
    assert image.id == created.id and image.owner == site.people["alice"].project_id
    assert images.download_image(image).content == DATA
    images.update_image(image, name="renamed", os_distro="fedora")
    images.add_tag(image.id, "new")
    images.remove_tag(image.id, "lab")
    image = images.get_image(image.id)
    assert (image.name, image.os_distro, image.tags) == ("renamed", "fedora", ["new"])
    assert image.id in [found.id for found in images.images(tag="new", visibility="shared")]
    images.deactivate_image(image.id)
    images.reactivate_image(image.id)
    uploaded = images.upload_image(name="by upload", data=DATA, disk_format="raw", container_format="bare")
    assert site.call("alice", "GET", f"/v2/images/{uploaded.id}/file").content == DATA
    for image_id in (image.id, uploaded.id):
        images.delete_image(image_id, ignore_missing=False)
    with pytest.raises(openstack.exceptions.ResourceNotFound):
        images.get_image(image.id)


def test_the_identity_of_the_sdk_is_served_too(site):
    connection = site.connect("root")
    assert connection.current_project.name == "default"
    assert {"alice", "bob"} <= {user.name for user in connection.identity.users()}
    assert connection.identity.find_project("shop").id == site.people["bob"].project_id
    assert {"admin", "member", "reader"} <= {role.name for role in connection.identity.roles()}
    connection.close()


def test_the_library_of_nova_and_cinder_signs_in_with_a_session(site):
    images = glanceclient.Client("2", session=site.session("alice")).images
    image = images.create(name="by nova", disk_format="raw", container_format="bare")
    images.upload(image.id, io.BytesIO(DATA))
    assert b"".join(images.data(image.id)) == DATA
    images.delete(image.id)
    with pytest.raises(exc.HTTPNotFound):
        images.get(image.id)
