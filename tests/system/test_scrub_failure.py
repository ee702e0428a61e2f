"""Bytes that cannot be removed: the image stays in the bin with the reason, and is scrubbed when that is possible."""

import subprocess

import pytest
from appliance import wait_until
from bin_calls import (bin_entry, bytes_on_disk, delete, purge, restore, restore_blocked, some_bytes, time_of,
                       wait_until_scrubbed)


@pytest.fixture
def pin():
    """A function that makes a file impossible to remove. It returns a function that ends this."""
    pinned = []

    def release(path):
        if path in pinned:
            pinned.remove(path)
            subprocess.run(["chattr", "-i", path], check=True)

    def hold(path):
        done = subprocess.run(["chattr", "+i", path], capture_output=True, text=True)
        if done.returncode != 0:
            pytest.skip(f"a file that cannot be removed needs root and chattr: {done.stderr}")
        pinned.append(path)
        return lambda: release(path)

    yield hold
    for path in list(pinned):
        release(path)


def wait_until_blocked(appliance, image):
    return wait_until(lambda: bin_entry(appliance, image)["blocked"], "the image is blocked")


def test_a_purge_that_fails_says_why_and_leaves_the_image_as_it_was(appliance, pin):
    image = appliance.image_with(some_bytes(50_000))
    before = appliance.show(image)
    delete(appliance, image)
    entry = bin_entry(appliance, image)
    pin(bytes_on_disk(appliance, image))
    for attempt in (1, 2):
        reply = appliance.request("DELETE", f"/api/trash/{image}")
        assert reply.status in (409, 503), reply
        assert image in reply.json["message"] and "not permitted" in reply.json["message"]
        after = bin_entry(appliance, image)
        blocked = after.pop("blocked")
        assert blocked["attempts"] == attempt and "not permitted" in blocked["reason"] and blocked["by"] == []
        assert time_of(blocked["next_attempt_at"]) >= time_of(entry["deleted_at"])
        assert {**after, "blocked": None} == entry
    assert restore(appliance, image) == before
    assert appliance.get(f"/v2/images/{image}/file").body == some_bytes(50_000)


def test_a_purge_works_as_soon_as_the_reason_is_gone(appliance, pin):
    image = appliance.image_with(b"data")
    delete(appliance, image)
    release = pin(bytes_on_disk(appliance, image))
    assert appliance.request("DELETE", f"/api/trash/{image}").status in (409, 503)
    release()
    purge(appliance, image)
    assert not bytes_on_disk(appliance, image).exists()


def test_a_scrub_that_failed_is_tried_again_by_itself(make_appliance, pin):
    appliance = make_appliance("[trash]\nscrub_time = '1s'\n").start()
    image, other = appliance.image_with(b"data"), appliance.image_with(b"data")
    release = pin(bytes_on_disk(appliance, image))
    delete(appliance, image)
    delete(appliance, other)
    wait_until_blocked(appliance, image)
    wait_until_scrubbed(appliance, other)

    def last_two_failures():
        runs = [run for run in appliance.get("/api/scrubber").json["last_runs"] if run["failures"]]
        return runs[:2] if len(runs) > 1 else None

    newer, older = wait_until(last_two_failures, "it is tried again")
    assert time_of(newer["started_at"]) >= time_of(older["started_at"]) + 9  # after a pause
    assert "scrub.failed" in appliance.log and "not permitted" in appliance.log
    release()
    wait_until_scrubbed(appliance, image)


def test_whoever_asks_for_a_pass_need_not_wait_for_the_next_attempt(make_appliance, pin):
    appliance = make_appliance("[trash]\nscrub_time = '1s'\n").start()
    image = appliance.image_with(b"data", name="stuck")
    release = pin(bytes_on_disk(appliance, image))
    delete(appliance, image)
    wait_until_blocked(appliance, image)
    attempts = 0
    while attempts < 6:  # after six failures the scrubber's own retry is 320 s away
        assert appliance.request("POST", "/api/scrubber/run", {}).json["failures"] == 1
        [blocked] = appliance.get("/api/scrubber").json["blocked"]
        assert blocked["name"] == "stuck" and blocked["attempts"] > attempts
        attempts = blocked["attempts"]
    release()
    assert appliance.request("POST", "/api/scrubber/run", {}).json["images"] == 1
    assert appliance.get("/api/scrubber").json["blocked"] == []


def test_a_blocked_image_stays_restorable_over_a_restart(make_appliance, pin):
    appliance = make_appliance("[trash]\nscrub_time = '1s'\n").start()
    image = appliance.image_with(b"data")
    before = appliance.show(image)
    pin(bytes_on_disk(appliance, image))
    delete(appliance, image)
    blocked = wait_until_blocked(appliance, image)
    appliance.stop()
    appliance.start()
    assert bin_entry(appliance, image)["blocked"]["attempts"] >= blocked["attempts"]
    assert restore_blocked(appliance, image) == before
    assert appliance.get(f"/v2/images/{image}/file").body == b"data"


def test_emptying_the_bin_goes_on_after_a_failure_and_counts_it(appliance, pin):
    images = [appliance.image_with(b"data", name=f"image-{n}") for n in range(3)]
    pin(bytes_on_disk(appliance, images[1]))
    for image in images:
        delete(appliance, image)
    report = appliance.request("DELETE", "/api/trash").json
    assert (report["images"], report["failures"]) == (2, 1)
    assert [failure["image_id"] for failure in report["failed"]] == [images[1]]
    assert [entry["id"] for entry in appliance.get("/api/trash").json["trash"]] == [images[1]]


def test_the_command_line_tells_the_reason_too(appliance, pin):
    image = appliance.image_with(b"data", name="stuck")
    delete(appliance, image)
    pin(bytes_on_disk(appliance, image))
    for command in (["purge", "stuck"], ["empty"]):
        done = appliance.cli("trash", *command, "--yes", check=False)
        assert done.returncode == 1 and image in done.stderr and "not permitted" in done.stderr
    for command in (["list"], ["show", "stuck"]):
        assert "not permitted" in appliance.cli("trash", *command).stdout


def test_bytes_that_are_gone_already_do_not_stop_a_scrub(appliance):
    image = appliance.image_with(b"data")
    bytes_on_disk(appliance, image).unlink()
    delete(appliance, image)
    purge(appliance, image)
