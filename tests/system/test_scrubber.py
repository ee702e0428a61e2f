"""The scrubber: what it removes, when, and how it reports that."""

import time

from appliance import wait_until
from bin_calls import (bin_entry, bin_ids, bytes_on_disk, delete, make_due, purge, restore, some_bytes, time_of,
                       wait_until_scrubbed)

SHORT = "[trash]\nscrub_time = '1s'\n"


def run_scrubber(appliance, **body):
    reply = appliance.request("POST", "/api/scrubber/run", body or None)
    assert reply.status == 200, reply
    return reply.json


def scrubber(appliance):
    return appliance.get("/api/scrubber").json


def test_a_deleted_image_is_scrubbed_by_itself_when_its_time_has_come(make_appliance):
    appliance = make_appliance(SHORT).start()
    kept, image = appliance.image_with(b"kept"), appliance.image_with(some_bytes(100_000))
    due = time.time() + 1
    delete(appliance, image)
    wait_until_scrubbed(appliance, image)
    assert time.time() >= due
    assert appliance.request("POST", "/v2/images", {"id": image}).status == 409
    assert appliance.get(f"/v2/images/{kept}/file").body == b"kept"


def test_the_longest_due_goes_first(make_appliance):
    appliance = make_appliance(SHORT).start()
    images = [appliance.image_with(b"data") for _ in range(5)]
    for image in reversed(images):
        delete(appliance, image)
    for image in images:
        wait_until_scrubbed(appliance, image)

    def scrubbed():
        return [line.split("target=")[1].split()[0] for line in appliance.log.splitlines() if "image.scrub " in line]

    wait_until(lambda: len(scrubbed()) == 5, "all are logged")
    assert scrubbed() == images[::-1]


def test_nothing_is_scrubbed_before_its_time(appliance):
    image = appliance.image_with(b"data")
    delete(appliance, image)
    entry = bin_entry(appliance, image)
    report = run_scrubber(appliance)
    assert (report["done"], report["images"], report["failures"]) == (True, 0, 0)
    assert bin_entry(appliance, image) == entry
    assert scrubber(appliance)["next_due_at"] == entry["scrub_after"]
    restore(appliance, image)
    assert appliance.get(f"/v2/images/{image}/file").body == b"data"


def test_what_fell_due_while_the_appliance_was_off_is_scrubbed_at_its_start(appliance):
    image = appliance.image_with(b"data")
    delete(appliance, image)
    appliance.kill()
    make_due(appliance)
    appliance.start()
    wait_until_scrubbed(appliance, image)


def test_runs_are_remembered_with_what_they_did(make_appliance):
    appliance = make_appliance(SHORT).start()
    data = some_bytes(100_000)
    image = appliance.image_with(data)
    delete(appliance, image)
    wait_until_scrubbed(appliance, image)
    run = wait_until(lambda: [r for r in scrubber(appliance)["last_runs"] if r["ended_at"]], "the run is over")[0]
    assert (run["trigger"], run["images"], run["failures"]) == ("timer", 1, 0)
    assert run["bytes_freed"] >= len(data) and run["started_at"] <= run["ended_at"]

    run_scrubber(appliance)
    assert scrubber(appliance)["last_runs"][0]["trigger"] == "request"
    appliance.request("DELETE", "/api/trash")
    assert scrubber(appliance)["last_runs"][0]["trigger"] == "empty"
    numbers = [r["id"] for r in scrubber(appliance)["last_runs"]]
    assert numbers == sorted(numbers, reverse=True)
    appliance.stop()
    appliance.start()
    assert [r["id"] for r in scrubber(appliance)["last_runs"]] == numbers


def test_a_purge_is_in_the_history(appliance):
    image = appliance.image_with(b"data")
    delete(appliance, image)
    purge(appliance, image)
    run = scrubber(appliance)["last_runs"][0]
    assert (run["trigger"], run["images"]) == ("purge", 1)


def test_the_scrubber_says_when_it_runs_next(appliance):
    state = scrubber(appliance)
    assert state["next_due_at"] is None and state["held"] is None and state["running"] is None
    assert state["scrub_time"] == 7 * 86400
    assert time_of(state["next_run_at"]) > time.time()


def test_a_dry_run_changes_nothing(appliance):
    image = appliance.image_with(b"data")
    delete(appliance, image)
    entry = bin_entry(appliance, image)
    plan = run_scrubber(appliance, dry_run=True)
    assert plan["dry_run"] is True and plan["images"] == 0
    assert bin_entry(appliance, image) == entry
    assert scrubber(appliance)["last_runs"] == []


def test_a_run_refuses_what_it_does_not_know(appliance):
    for body in ({"dry_run": "yes"}, {"dryrun": True}, [], [True]):
        reply = appliance.request("POST", "/api/scrubber/run", body)
        assert reply.status == 400 and "dry_run" in reply.json["message"], body


def test_the_record_of_a_scrubbed_image_goes_after_its_time_and_its_id_stays_used(make_appliance):
    appliance = make_appliance(
        "[trash]\nscrub_time = 0\npurge_deleted_after = 0\nwakeup_time = '1s'\n").start()
    image = appliance.image_with(b"data")
    delete(appliance, image)
    wait_until_scrubbed(appliance, image)
    for _ in range(2):
        assert appliance.request("POST", "/v2/images", {"id": image}).status == 409
        appliance.stop()
        appliance.start()


def test_many_are_scrubbed_in_one_go(appliance):
    images = [appliance.image_with(b"data") for _ in range(200)]
    for image in images:
        delete(appliance, image)
    appliance.stop()
    make_due(appliance)
    appliance.start()
    wait_until(lambda: bin_ids(appliance) == [], "the bin is empty")
    wait_until(lambda: not any(bytes_on_disk(appliance, image).exists() for image in images), "the bytes are gone")
    wait_until(lambda: [run["images"] for run in scrubber(appliance)["last_runs"]] == [200], "the run is counted")
