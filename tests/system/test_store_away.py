"""A store of files whose disk is not mounted: the appliance starts without it, and uses it when it is back."""

import os

import pytest
from appliance import wait_until
from bin_calls import bin_entry, delete

SETTINGS = """
[store]
default = "fast"
[stores.fast]
[stores.big]
path = "{disk}/images"
[trash]
scrub_time = "1s"
wakeup_time = "1s"
"""
pytestmark = pytest.mark.file_store


@pytest.fixture
def disk(tmp_path):
    """A folder that stands for the mount point of a disk. A test renames it to simulate an unmounted disk."""
    folder = tmp_path / "disk"
    folder.mkdir()
    return folder


@pytest.fixture
def appliance(make_appliance, disk):
    return make_appliance(SETTINGS.format(disk=disk)).start()


def on_big(appliance, data):
    image = appliance.create()
    reply = appliance.upload(image, data, **{"x-image-meta-store": "big"})
    assert reply.status == 204, reply
    return image


@pytest.mark.parametrize("leaves_mount_point", [False, True])
def test_a_disk_that_is_away_at_the_start(appliance, disk, leaves_mount_point):
    kept, doomed = on_big(appliance, b"kept"), on_big(appliance, b"doomed")
    appliance.stop()
    os.rename(disk, disk.with_name("elsewhere"))
    if leaves_mount_point:
        (disk / "images").mkdir(parents=True)
    appliance.start()
    assert "store.unavailable" in appliance.log and str(disk) in appliance.log

    reply = appliance.get(f"/v2/images/{kept}/file")
    assert reply.status == 503 and "big" in reply.json["message"] and "mount its disk" in reply.json["message"], reply
    assert str(disk) not in reply.json["message"]
    refused = appliance.create()
    assert appliance.upload(refused, b"data", **{"x-image-meta-store": "big"}).status == 503
    assert appliance.show(refused)["status"] == "queued"
    other = appliance.image_with(b"other")
    assert appliance.get(f"/v2/images/{other}/file").body == b"other"
    delete(appliance, doomed)
    blocked = wait_until(lambda: bin_entry(appliance, doomed)["blocked"], "the scrub tells")
    assert "mount its disk" in blocked["reason"]
    if leaves_mount_point:
        assert list((disk / "images").iterdir()) == []
        (disk / "images").rmdir()
        disk.rmdir()

    os.rename(disk.with_name("elsewhere"), disk)
    assert appliance.get(f"/v2/images/{kept}/file").body == b"kept"
    assert appliance.upload(refused, b"data", **{"x-image-meta-store": "big"}).status == 204
    wait_until(lambda: not (disk / "images" / doomed).exists(), "the scrub goes on by itself")
    assert (disk / "images" / kept).exists()


def test_an_upload_that_was_cut_off_is_mended_when_the_disk_is_back(appliance, disk):
    half = appliance.create()
    connection = appliance.connection()
    connection.putrequest("PUT", f"/v2/images/{half}/file")
    connection.putheader("Content-Type", "application/octet-stream")
    connection.putheader("Content-Length", "1000000")
    connection.putheader("x-image-meta-store", "big")
    connection.endheaders(b"x" * 1000)
    wait_until(lambda: appliance.show(half)["status"] == "saving", "it has begun")
    appliance.kill()
    os.rename(disk, disk.with_name("elsewhere"))
    appliance.start()
    assert appliance.show(half)["status"] == "saving"
    assert "mount its disk" in appliance.get(f"/api/images/{half}").json["status_reason"]
    os.rename(disk.with_name("elsewhere"), disk)
    wait_until(lambda: appliance.show(half)["status"] == "queued", "it is mended by itself")
    assert list((disk / "images/.partial").iterdir()) == []


def test_a_folder_that_was_meant_to_be_new_is_taken_when_its_record_is_removed(appliance, disk):
    lost = on_big(appliance, b"lost")
    appliance.stop()
    os.rename(disk, disk.with_name("broken"))
    (appliance.data / "stores/big").unlink()
    appliance.start()
    reply = appliance.get(f"/v2/images/{lost}/file")
    assert reply.status == 503 and "missing" in reply.json["message"], reply
    delete(appliance, lost)
    wait_until(lambda: appliance.get(f"/api/trash/{lost}").status == 404, "it is scrubbed")
    assert on_big(appliance, b"new")
