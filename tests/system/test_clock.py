"""A clock that jumps never shortens a retention."""

import datetime
import time

import pytest
from appliance import wait_until
from bin_calls import bin_entry, bytes_on_disk, delete, make_due, purge, restore, time_of, wait_until_scrubbed
from clock_control import WallClock

DAY = 86400
ABOUT = 3600  # tolerance in seconds: much more than a test takes, much less than the steps of its clock


def reboot(appliance, clock, offset):
    """Simulates a loss of power, and a boot after which the clock is wrong by `offset`."""
    appliance.kill()
    clock.set(offset)
    appliance.prefix = clock.reboot_prefix()
    appliance.start()


@pytest.fixture
def clock(tmp_path):
    return WallClock(tmp_path)


def run_scrubber(appliance):
    return appliance.request("POST", "/api/scrubber/run").json


def scrub_after(appliance, image):
    return time_of(bin_entry(appliance, image)["scrub_after"])


def logged_at(appliance, event):
    """Waits until the log has the event. Returns its time, in seconds by the appliance's clock."""
    [line] = wait_until(lambda: [line for line in appliance.log.splitlines() if event in line], f"{event} is logged")
    return datetime.datetime.fromisoformat(line.split()[0]).timestamp()


@pytest.mark.parametrize("days", [40, -40])
def test_a_step_while_running_moves_the_deadlines_with_it(make_appliance, clock, days):
    appliance = make_appliance(environment=clock.environment).start()
    image = appliance.image_with(b"data")
    delete(appliance, image)
    before = scrub_after(appliance, image)
    clock.set(f"{days:+}d")
    assert run_scrubber(appliance)["images"] == 0
    assert abs(scrub_after(appliance, image) - before - days * DAY) < ABOUT
    assert "clock.stepped" in appliance.log
    restore(appliance, image)
    assert appliance.get(f"/v2/images/{image}/file").body == b"data"


def test_a_step_while_the_process_was_off_but_the_machine_on_is_seen(make_appliance, clock):
    appliance = make_appliance(environment=clock.environment).start()
    image = appliance.image_with(b"data")
    delete(appliance, image)
    before = scrub_after(appliance, image)
    appliance.kill()
    clock.set("+40d")
    appliance.start()
    run_scrubber(appliance)
    assert abs(scrub_after(appliance, image) - before - 40 * DAY) < ABOUT


@pytest.mark.parametrize("offset", ["+400d", "-400d"])
def test_a_start_with_a_doubtful_clock_holds_scrubs_and_says_so(make_appliance, clock, offset):
    appliance = make_appliance(environment=clock.environment).start()
    image, other = appliance.image_with(b"data"), appliance.image_with(b"data")
    delete(appliance, image)
    delete(appliance, other)
    reboot(appliance, clock, offset)
    held = appliance.get("/api/scrubber").json["held"]
    assert "clock" in held["reason"] and 0 < held["remaining_seconds"] <= 3600
    assert "clock.doubtful" in appliance.log
    report = run_scrubber(appliance)
    assert report["images"] == 0 and report["held"] == held["reason"]
    assert bytes_on_disk(appliance, image).exists()
    restore(appliance, image)
    assert appliance.get(f"/v2/images/{image}/file").body == b"data"
    purge(appliance, other)  # a purge that a person requests is still allowed


def test_scrubs_go_on_when_the_hold_is_over(make_appliance, clock):
    appliance = make_appliance(environment=clock.environment).start()
    image = appliance.image_with(b"data")
    delete(appliance, image)
    appliance.kill()
    make_due(appliance)
    appliance.configure("[trash]\nstartup_grace = '4s'\n")
    begin = time.time() + 400 * DAY
    reboot(appliance, clock, "+400d")
    wait_until_scrubbed(appliance, image)
    assert appliance.get("/api/scrubber").json["held"] is None
    assert "clock.doubtful" in appliance.log
    assert logged_at(appliance, "image.scrub ") >= begin + 3.9


def test_a_hold_lasts_over_a_restart_of_the_process(make_appliance, clock):
    appliance = make_appliance(environment=clock.environment).start()
    image = appliance.image_with(b"data")
    delete(appliance, image)
    appliance.stop()
    clock.set("+400d")
    appliance.prefix = clock.reboot_prefix()
    appliance.start()
    held = appliance.get("/api/scrubber").json["held"]
    appliance.kill()
    appliance.start()
    again = appliance.get("/api/scrubber").json["held"]
    assert again["reason"] == held["reason"] and again["remaining_seconds"] <= held["remaining_seconds"]
    assert bytes_on_disk(appliance, image).exists()


def test_a_machine_that_was_off_for_a_few_days_is_not_doubted(make_appliance, clock):
    appliance = make_appliance("[trash]\nscrub_time = '1d'\n", environment=clock.environment).start()
    image = appliance.image_with(b"data")
    delete(appliance, image)
    reboot(appliance, clock, "+2d")
    assert appliance.get("/api/scrubber").json["held"] is None
    wait_until_scrubbed(appliance, image)


def test_a_machine_that_boots_in_the_past_and_learns_the_time_keeps_every_deadline(make_appliance, clock):
    appliance = make_appliance(environment=clock.environment).start()
    image = appliance.image_with(b"data")
    delete(appliance, image)
    before = scrub_after(appliance, image)
    reboot(appliance, clock, f"-{int(time.time() / DAY) - 10}d")
    meanwhile = appliance.image_with(b"data")
    delete(appliance, meanwhile)
    clock.set("+0s")
    run_scrubber(appliance)
    assert scrub_after(appliance, image) == before
    assert abs(scrub_after(appliance, meanwhile) - time.time() - 7 * DAY) < ABOUT
    wait_until(lambda: "clock.stepped" in appliance.log, "the step is in the log")


def test_a_clock_far_ahead_at_the_boot_that_is_put_right_shortens_no_retention(make_appliance, clock):
    appliance = make_appliance(environment=clock.environment).start()
    image = appliance.image_with(b"data")
    delete(appliance, image)
    before = scrub_after(appliance, image)
    reboot(appliance, clock, "+400d")
    clock.set("+0s")
    run_scrubber(appliance)
    assert scrub_after(appliance, image) >= before
    appliance.kill()
    appliance.configure("[trash]\nstartup_grace = 0\n")
    appliance.prefix = clock.reboot_prefix()
    appliance.start()
    run_scrubber(appliance)
    assert scrub_after(appliance, image) >= before


def test_what_was_deleted_by_a_wrong_clock_is_kept_though_the_machine_reboots_before_it_learns_the_time(
        make_appliance, clock):
    appliance = make_appliance("[trash]\nstartup_grace = '1s'\n", environment=clock.environment)
    clock.set("-10000d")
    appliance.start()
    image = appliance.image_with(b"data")
    delete(appliance, image)
    reboot(appliance, clock, "+0s")
    wait_until(lambda: appliance.get("/api/scrubber").json["held"] is None, "the hold is over")
    run_scrubber(appliance)
    assert abs(scrub_after(appliance, image) - time.time() - 7 * DAY) < ABOUT


def test_a_clock_a_little_ahead_at_the_boot_that_is_put_right_shortens_no_retention(make_appliance, clock):
    appliance = make_appliance(environment=clock.environment).start()
    image = appliance.image_with(b"data")
    delete(appliance, image)
    before = scrub_after(appliance, image)
    reboot(appliance, clock, "+3d")
    clock.set("+0s")
    run_scrubber(appliance)
    assert scrub_after(appliance, image) >= before
