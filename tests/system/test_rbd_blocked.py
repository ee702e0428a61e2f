"""Users of an image on Ceph (clones, snapshots, clients) block its scrub. They are named, and the scrub continues when
they are gone."""

import contextlib

import pytest
from appliance import wait_until
from bin_calls import bin_entry, delete, purge, restore_blocked, some_bytes, wait_until_scrubbed

DATA = some_bytes(3_000_000)


@contextlib.contextmanager
def slow_download(appliance, image_id):
    """Begins a download. Yields a function that reads the rest and returns all bytes."""
    with contextlib.closing(appliance.connection()) as connection:
        connection.request("GET", f"/v2/images/{image_id}/file")
        response = connection.getresponse()
        first = response.read(1000)
        yield lambda: first + response.read()


@pytest.fixture
def on_ceph(make_appliance, ceph):
    """An appliance with a retention of one second."""
    appliance = make_appliance(ceph.settings + "[trash]\nscrub_time = '1s'\nwakeup_time = '1s'\n")
    appliance.store = ceph
    return appliance.start()


def wait_until_blocked(appliance, image, by):
    def blocked():
        found = bin_entry(appliance, image)["blocked"]
        return found and any(by in holder for holder in found["by"]) and found

    return wait_until(blocked, f"{image} is blocked by {by}")


@pytest.mark.parametrize("clone_format, release", [(1, "flatten"), (1, "rm"), (2, "flatten"), (2, "rm")])
def test_a_clone_blocks_the_scrub_until_it_is_gone(on_ceph, ceph, clone_format, release):
    image = on_ceph.image_with(DATA)
    before = on_ceph.show(image)
    clone = f"disk-of-{image}"
    ceph.clone(image, clone, clone_format)
    delete(on_ceph, image)
    blocked = wait_until_blocked(on_ceph, image, f"images/{clone}")
    assert clone in blocked["reason"] and blocked["attempts"] >= 1 and blocked["next_attempt_at"]
    assert clone in str(on_ceph.get("/api/scrubber").json["blocked"])

    refused = on_ceph.request("DELETE", f"/api/trash/{image}")
    assert refused.status == 409 and f"images/{clone}" in refused.json["message"], refused
    assert clone in on_ceph.cli("trash", "show", image).stdout

    # The scrub changed nothing, so a restore returns all bytes.
    assert restore_blocked(on_ceph, image) == before
    assert on_ceph.get(f"/v2/images/{image}/file").body == DATA
    ceph.clone(image, f"second-{image}", clone_format)
    ceph.rbd("rm", f"images/second-{image}")
    delete(on_ceph, image)
    wait_until_blocked(on_ceph, image, clone)
    ceph.rbd(release, f"images/{clone}")
    wait_until_scrubbed(on_ceph, image)
    if release == "flatten":
        assert ceph.export(clone) == DATA
        ceph.rbd("rm", f"images/{clone}")


def test_a_snapshot_of_somebody_blocks_the_scrub(on_ceph, ceph):
    image = on_ceph.image_with(DATA)
    ceph.rbd("snap", "create", f"images/{image}@backup")
    delete(on_ceph, image)
    wait_until_blocked(on_ceph, image, "the snapshot backup")
    wait_until(lambda: bin_entry(on_ceph, image)["blocked"]["by"] == ["the snapshot backup"], "the upload has let go")
    ceph.rbd("snap", "rm", f"images/{image}@backup")
    wait_until_scrubbed(on_ceph, image)


def test_a_snapshot_whose_removal_was_cut_off_does_not_block(on_ceph, ceph):
    """The removal of a snapshot first puts it into RBD's trash, under another name."""
    image = on_ceph.image_with(DATA)
    ceph.rbd("snap", "unprotect", f"images/{image}@snap")
    ceph.put_snapshot_into_trash(image)
    assert [each["namespace"]["type"] for each in ceph.snapshots(image, "--all")] == ["trash"]
    delete(on_ceph, image)
    wait_until_scrubbed(on_ceph, image)


def test_a_clone_of_a_removed_snapshot_still_blocks(on_ceph, ceph):
    image = on_ceph.image_with(DATA)
    clone = f"disk-of-{image}"
    ceph.clone(image, clone, 2)
    ceph.rbd("snap", "unprotect", f"images/{image}@snap")
    ceph.rbd("snap", "rm", f"images/{image}@snap")  # goes into RBD's trash, because it has a clone
    delete(on_ceph, image)
    wait_until_blocked(on_ceph, image, f"images/{clone}")
    assert ceph.export(clone) == DATA
    ceph.rbd("rm", f"images/{clone}")
    wait_until_scrubbed(on_ceph, image)


def test_an_image_that_is_gone_already_counts_as_scrubbed(on_ceph, ceph):
    image = on_ceph.image_with(DATA)
    ceph.image(image).unlink()
    delete(on_ceph, image)
    wait_until_scrubbed(on_ceph, image)
    assert on_ceph.get("/api/scrubber").json["blocked"] == []


def test_a_removal_that_was_cut_off_is_finished(on_ceph, ceph):
    """The state is that after a crash between the removals of the snapshot and of the image."""
    image = on_ceph.image_with(DATA)
    ceph.rbd("snap", "unprotect", f"images/{image}@snap")
    ceph.rbd("snap", "rm", f"images/{image}@snap")
    assert on_ceph.get(f"/v2/images/{image}/file").body == DATA
    delete(on_ceph, image)
    wait_until_scrubbed(on_ceph, image)


def test_a_client_that_has_it_open_blocks_the_scrub_and_when_killed_lets_it_go(on_ceph, ceph):
    image = on_ceph.image_with(DATA)
    holder = ceph.open_image(image)
    try:
        delete(on_ceph, image)
        wait_until_blocked(on_ceph, image, "which has it open")
        assert on_ceph.request("DELETE", f"/api/trash/{image}").status == 409
    finally:
        holder.kill()
        holder.wait()
    # Ceph needs half a minute to notice that the client is dead.
    wait_until(lambda: on_ceph.request("DELETE", f"/api/trash/{image}").status in (204, 404), "it is gone")
    assert not ceph.image(image).exists()


def test_a_download_that_runs_is_not_cut_off_by_a_purge(on_ceph, ceph, make_appliance):
    appliance = make_appliance(ceph.settings).start()
    data = some_bytes(40 << 20)
    image = appliance.image_with(data)
    with slow_download(appliance, image) as rest:
        delete(appliance, image)
        reply = appliance.request("DELETE", f"/api/trash/{image}")
        assert reply.status == 409 and "download" in reply.json["message"], reply
        assert rest() == data
    wait_until(lambda: appliance.request("DELETE", f"/api/trash/{image}").status in (204, 404), "it is gone")
    assert not ceph.image(image).exists()


def test_many_images_and_one_with_a_clone_are_emptied_together(on_ceph, ceph, make_appliance):
    appliance = make_appliance(ceph.settings).start()
    images = [appliance.image_with(b"data") for _ in range(8)]
    ceph.clone(images[3], f"clone-{images[3]}", 2)
    for image in images:
        delete(appliance, image)
    report = appliance.request("DELETE", "/api/trash").json
    assert (report["images"], report["failures"]) == (7, 1), report
    assert [failure["image_id"] for failure in report["failed"]] == [images[3]]
    ceph.rbd("rm", f"images/clone-{images[3]}")
    purge(appliance, images[3])
    assert not ceph.names() & set(images)
