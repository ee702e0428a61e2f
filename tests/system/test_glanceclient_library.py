"""python-glanceclient as a library, created in the two ways of Nova, Cinder and Ironic."""

import hashlib
import io

import glanceclient
import pytest
from glanceclient import exc
from keystoneauth1 import noauth, session

DATA = bytes(range(256)) * 300
UNKNOWN_ID = "00000000-0000-4000-8000-000000000000"


@pytest.fixture(params=["endpoint", "session"])
def images(request, appliance):
    if request.param == "endpoint":
        return glanceclient.Client("2", endpoint=appliance.url, token="x").images
    return glanceclient.Client("2", session=session.Session(auth=noauth.NoAuth(endpoint=appliance.url))).images


def test_an_image_is_created_filled_read_and_deleted(images):
    image = images.create(name="Debian", disk_format="raw", container_format="bare", os_distro="debian")
    images.upload(image.id, io.BytesIO(DATA))
    shown = images.get(image.id)
    assert (shown.status, shown.size, shown.os_distro) == ("active", len(DATA), "debian")
    assert shown.os_hash_value == hashlib.sha512(DATA).hexdigest()
    assert b"".join(images.data(image.id)) == DATA  # data() also verifies the digest
    images.update(image.id, remove_props=["os_distro"], min_disk=3)
    shown = images.get(image.id)
    assert "os_distro" not in shown and shown.min_disk == 3
    images.delete(image.id)
    with pytest.raises(exc.HTTPNotFound):
        images.get(image.id)


def test_images_are_listed_over_all_pages(images, appliance):
    for number in range(5):
        appliance.create(name=f"image-{number}", visibility="public", legs="4" if number else "2")
    assert len(list(images.list(page_size=2))) == 5
    found = images.list(filters={"visibility": "public", "legs": "4"}, sort_key="name", sort_dir="asc")
    assert [image.name for image in found] == [f"image-{number}" for number in range(1, 5)]


def test_an_image_without_data_reads_as_nothing(images, appliance):
    assert images.data(appliance.create()).wrapped is None


def test_a_failure_is_the_exception_of_its_kind_with_our_message(images, appliance):
    protected = appliance.image_with(DATA, protected=True)
    for kind, message, call in (
            (exc.HTTPNotFound, f"404 Not Found: No image found with ID {UNKNOWN_ID}", lambda: images.get(UNKNOWN_ID)),
            (exc.HTTPForbidden, "is protected and cannot be deleted", lambda: images.delete(protected)),
            (exc.HTTPConflict, "only to a queued image", lambda: images.upload(protected, io.BytesIO(DATA))),
            (exc.HTTPConflict, "never given again", lambda: images.create(id=protected)),
            (exc.HTTPBadRequest, "os_hidden", lambda: list(images.list(filters={"os_hidden": "maybe"}))),
            (exc.HTTPBadRequest, "is declared as qcow2 and is raw", lambda: images.upload(
                appliance.create(disk_format="qcow2"), io.BytesIO(DATA)))):
        with pytest.raises(kind, match=message):
            call()
