"""A full disk: uploads are refused with a clear reason, no data is damaged, and deletes still work."""

from concurrent.futures import ThreadPoolExecutor

import pytest
from appliance import Appliance, wait_until
from bin_calls import bin_ids, delete, listed_ids, purge, restore, some_bytes
from raw_http import begin_upload
from small_disk import SmallDisk

MB = 1 << 20
SETTINGS = "[stores.local]\nreserve = '16MiB'\n[limits]\nupload_buffers = '64MiB'\n"


@pytest.fixture
def disk(tmp_path):
    disk = SmallDisk(tmp_path / "disk", 96)
    yield disk
    disk.unmount()


@pytest.fixture
def appliance(disk, tmp_path):
    """A running appliance with its data on the small disk."""
    appliance = Appliance(tmp_path / "appliance", SETTINGS)
    appliance.data = disk.folder / "data"
    yield appliance.start()
    appliance.kill()


def chunked(data):
    return (data[i:i + MB] for i in range(0, len(data), MB))


def assert_nothing_is_left(appliance, image):
    wait_until(lambda: appliance.show(image)["status"] == "queued", "the image is queued again")
    assert appliance.store.leftovers(appliance) == []
    assert not (appliance.data / "images" / image).exists()


def test_an_upload_that_does_not_fit_is_refused_before_its_bytes_are_taken(appliance, disk):
    image = appliance.create()
    before = disk.free()
    with begin_upload(appliance, image, 90 * MB, b"") as wire:
        answer = wire.answer()
    assert answer.status == 413
    assert b"free" in answer.body and b"purge the recycle bin" in answer.body
    assert_nothing_is_left(appliance, image)
    assert "purge the recycle bin" in appliance.get(f"/api/images/{image}").json["status_reason"]
    assert disk.free() > before - MB


def test_an_upload_of_unknown_length_is_refused_when_it_no_longer_fits(appliance, disk):
    image = appliance.create()
    before = disk.free()
    reply = appliance.request("PUT", f"/v2/images/{image}/file", chunked(some_bytes(90 * MB)),
                              {"Content-Type": "application/octet-stream"})
    assert reply.status == 413 and "purge the recycle bin" in reply.json["message"]
    assert_nothing_is_left(appliance, image)
    assert disk.free() > before - MB


def test_an_upload_is_refused_in_the_middle_when_somebody_else_fills_the_disk(appliance, disk):
    image = appliance.create()
    data = some_bytes(60 * MB)
    with begin_upload(appliance, image, len(data), data[:MB]) as wire:
        wait_until(lambda: appliance.store.leftovers(appliance), "it has its space")
        disk.fill(leave=4 * MB)
        wire.send(data[MB:])
        answer = wire.answer()
    assert answer.status == 413 and b"full" in answer.body
    disk.unfill()
    assert_nothing_is_left(appliance, image)
    assert appliance.upload(image, data).status == 204
    assert appliance.get(f"/v2/images/{image}/file").body == data


def test_a_purge_makes_room_for_the_next_upload(appliance):
    first = appliance.image_with(some_bytes(50 * MB))
    delete(appliance, first)
    second = appliance.create()
    data = some_bytes(50 * MB, 2)
    assert appliance.upload(second, data).status == 413  # the bin is not scrubbed early to make space
    assert bin_ids(appliance) == [first]
    purge(appliance, first)
    assert appliance.upload(second, data).status == 204
    assert appliance.get(f"/v2/images/{second}/file").body == data


def test_images_can_be_listed_deleted_restored_and_purged_while_the_disk_is_nearly_full(appliance, disk):
    images = [appliance.image_with(some_bytes(10 * MB, n)) for n in range(3)]
    disk.fill(leave=2 * MB)
    assert sorted(listed_ids(appliance)) == sorted(images)
    for image in images:
        delete(appliance, image)
    restore(appliance, images[0])
    purge(appliance, images[1])
    purge(appliance, images[2])
    assert listed_ids(appliance) == [images[0]]
    assert appliance.get(f"/v2/images/{images[0]}/file").body == some_bytes(10 * MB)


def test_space_can_be_won_back_by_a_purge_on_a_disk_full_to_the_last_byte(appliance, disk):
    images = [appliance.image_with(some_bytes(5 * MB, n)) for n in range(4)]
    delete(appliance, images[0])
    queued = appliance.create(name="queued")
    disk.fill()
    assert sorted(listed_ids(appliance, "?name=image")) == sorted(images[1:])
    assert bin_ids(appliance) == [images[0]]
    assert appliance.upload(queued, some_bytes(MB)).status == 413
    delete(appliance, images[1])
    purge(appliance, images[0])
    purge(appliance, images[1])
    assert disk.free() > 9 * MB
    assert appliance.get(f"/v2/images/{images[2]}/file").body == some_bytes(5 * MB, 2)


def test_an_appliance_starts_on_a_full_disk(appliance, disk):
    image = appliance.image_with(some_bytes(5 * MB))
    for end in (appliance.stop, appliance.kill):
        disk.fill()
        end()
        appliance.start()
        assert appliance.get(f"/v2/images/{image}/file").body == some_bytes(5 * MB)
    delete(appliance, image)
    purge(appliance, image)


def test_of_two_uploads_that_do_not_fit_together_one_is_refused_and_none_is_corrupt(appliance):
    for upload in (lambda image, data: appliance.upload(image, data),
                   lambda image, data: appliance.upload(image, chunked(data))):
        images = [appliance.create(), appliance.create()]
        data = [some_bytes(50 * MB, n) for n in range(2)]
        with ThreadPoolExecutor(2) as threads:
            statuses = [reply.status for reply in threads.map(upload, images, data)]
        # If the lengths are unknown, both can have sent much before the space is used up, and then both fail.
        assert sorted(statuses) in ([204, 413], [413, 413])
        for image, sent, status in zip(images, data, statuses):
            if status == 204:
                assert appliance.get(f"/v2/images/{image}/file").body == sent
                delete(appliance, image)
                purge(appliance, image)
            else:
                assert_nothing_is_left(appliance, image)
