"""A cluster that does not answer: nothing acknowledged is lost, nothing hangs beyond its limit, and all goes on by
itself when it is back."""

import contextlib
import threading
import time

import pytest
from appliance import wait_until
from bin_calls import bin_entry, delete, purge, restore, some_bytes, wait_until_scrubbed
from raw_http import begin_upload

MIB = 1 << 20
LIMIT = 180  # seconds: far more than the few operations of 5 s each that a request may take, far less than for ever
BOTH = '[stores.local]\ntype = "file"\n'
DATA = some_bytes(30 * MIB)


@pytest.fixture
def on_ceph(make_appliance, ceph):
    """With a second store of files, and the bin's time over at once."""
    appliance = make_appliance(ceph.settings + BOTH + "[trash]\nscrub_time = '1s'\nwakeup_time = '1s'\n")
    appliance.store = ceph
    return appliance.start()


def away(ceph, what):
    return ceph.stopped() if what == "cluster" else ceph.frozen(what)


def upload_in_two(appliance, image, between):
    """Uploads DATA, with `between` in the middle; the answer."""
    with begin_upload(appliance, image, len(DATA), DATA[:20 * MIB]) as wire:
        wire.socket.settimeout(3 * LIMIT)
        between()
        wire.send(DATA[20 * MIB:])
        return wire.answer()


def file_of(appliance, image):
    return appliance.get(f"/v2/images/{image}/file", timeout=3 * LIMIT)


def wait_until_back(appliance, image):
    wait_until(lambda: file_of(appliance, image).status == 200, "it can be read again")


@pytest.mark.parametrize("what", ["osd", "mon", "cluster"])
def test_what_is_away_for_a_while(on_ceph, ceph, what):
    safe = on_ceph.image_with(DATA)
    doomed = on_ceph.image_with(b"data of the doomed")
    waiting = on_ceph.create()
    with away(ceph, what):
        begun = time.monotonic()
        answers = {}
        threads = [threading.Thread(target=lambda: answers.update(read=file_of(on_ceph, safe))),
                   threading.Thread(target=lambda: answers.update(upload=on_ceph.request(
                       "PUT", f"/v2/images/{waiting}/file", DATA, {"Content-Type": "application/octet-stream"},
                       timeout=3 * LIMIT)))]
        for thread in threads:
            thread.start()
        # What has nothing to do with it goes on meanwhile.
        other = on_ceph.create()
        reply = on_ceph.upload(other, DATA, **{"x-image-meta-store": "local"})
        assert reply.status == 204, reply
        assert file_of(on_ceph, other).body == DATA
        delete(on_ceph, doomed)
        for thread in threads:
            thread.join()
        assert time.monotonic() - begun < 2 * LIMIT
        if what == "mon":  # open images and known ones go on without it, at least for a while
            assert answers["read"].status in (200, 503) and answers["upload"].status in (204, 503)
        else:
            for reply in answers.values():
                assert reply.status == 503 and reply.json["message"], reply
            blocked = wait_until(lambda: bin_entry(on_ceph, doomed)["blocked"], "the scrub tells")
            assert blocked["reason"] and blocked["next_attempt_at"]
    wait_until_back(on_ceph, safe)
    assert file_of(on_ceph, safe).body == DATA
    wait_until(lambda: not ceph.image(doomed).exists(), "the scrub goes on by itself")
    wait_until(lambda: on_ceph.show(waiting)["status"] in ("queued", "active"), "the upload is undone")
    if on_ceph.show(waiting)["status"] == "queued":
        reply = on_ceph.request("PUT", f"/v2/images/{waiting}/file", DATA,
                                {"Content-Type": "application/octet-stream"})
        assert reply.status == 204, reply
    assert file_of(on_ceph, waiting).body == DATA


@pytest.mark.parametrize("what", ["osd", "cluster"])
def test_an_upload_outlives_a_short_outage_in_its_middle(on_ceph, ceph, what):
    """Within the limit Ceph itself waits, and so does the upload."""
    image = on_ceph.create()

    def outage():
        with away(ceph, what):
            time.sleep(1)

    reply = upload_in_two(on_ceph, image, outage)
    if reply.status == 204:
        assert file_of(on_ceph, image).body == DATA
        return
    # A machine so busy that it took longer: then it is undone.
    assert reply.status == 503, reply
    wait_until(lambda: on_ceph.show(image)["status"] == "queued", "it is undone")


def test_an_upload_that_the_osd_leaves_in_its_middle_is_undone_and_can_be_repeated(on_ceph, ceph):
    image = on_ceph.create()
    with contextlib.ExitStack() as outage:
        reply = upload_in_two(on_ceph, image, lambda: outage.enter_context(ceph.frozen("osd")))
        assert reply.status == 503, reply
        shown = on_ceph.get(f"/api/images/{image}").json
        assert shown["status_reason"], shown
    wait_until(lambda: on_ceph.show(image)["status"] == "queued", "it is undone")
    assert not ceph.image(image).exists()
    reply = on_ceph.upload(image, DATA)
    assert reply.status == 204, reply
    assert file_of(on_ceph, image).body == DATA


def test_a_scrub_that_the_osd_leaves_in_its_middle_is_finished_or_can_be_taken_back(on_ceph, ceph, make_appliance):
    appliance = make_appliance(ceph.settings, name="long-bin").start()
    images = [appliance.image_with(some_bytes(3 * MIB, number)) for number in range(12)]
    for image in images:
        delete(appliance, image)
    answers = []
    emptying = threading.Thread(target=lambda: answers.append(
        appliance.request("DELETE", "/api/trash", timeout=3 * LIMIT)))
    emptying.start()
    wait_until(lambda: len(ceph.names() & set(images)) < len(images), "it is under way")
    with ceph.frozen("osd"):
        emptying.join()
        assert answers[0].status in (200, 202), answers
        wait_until(lambda: not appliance.get("/api/scrubber").json["running"], "the pass ends")
    for number, image in enumerate(images):
        reply = appliance.request("POST", f"/api/trash/{image}/restore")
        if reply.status == 200:
            wait_until(lambda: file_of(appliance, image).status == 200, "the cluster is asked again")
            assert file_of(appliance, image).body == some_bytes(3 * MIB, number)
        else:  # gone, or to be gone
            assert reply.status in (404, 409), reply
            wait_until(lambda: not ceph.image(image).exists(), "what had begun is finished")


def test_the_start_succeeds_without_the_cluster_and_all_goes_on_when_it_is_back(on_ceph, ceph):
    safe = on_ceph.image_with(DATA)
    doomed = on_ceph.image_with(b"data")
    half = on_ceph.create()
    with begin_upload(on_ceph, half, len(DATA), DATA[:20 * MIB]):
        wait_until(lambda: ceph.image(half).exists(), "the upload has begun")
        on_ceph.kill()
    with ceph.stopped():
        begun = time.monotonic()
        on_ceph.start()
        assert time.monotonic() - begun < LIMIT
        assert on_ceph.get("/readyz").status == 503
        reply = file_of(on_ceph, safe)
        assert reply.status == 503 and "Ceph" in reply.json["message"], reply
        assert on_ceph.show(half)["status"] == "saving"
        delete(on_ceph, doomed)
        wait_until(lambda: bin_entry(on_ceph, doomed)["blocked"], "the scrub tells")
        kept = on_ceph.create()
        assert on_ceph.upload(kept, b"data", **{"x-image-meta-store": "local"}).status == 204
    wait_until_back(on_ceph, safe)
    assert on_ceph.get("/readyz").status == 200
    assert file_of(on_ceph, safe).body == DATA
    wait_until_scrubbed(on_ceph, doomed)
    wait_until(lambda: on_ceph.show(half)["status"] == "queued", "the upload that was cut off is undone")
    assert not ceph.image(half).exists()


def test_it_stops_in_time_while_the_cluster_does_not_answer(on_ceph, ceph):
    image = on_ceph.image_with(DATA)
    with ceph.frozen("osd"):
        assert file_of(on_ceph, image).status == 503
        begun = time.monotonic()
        assert on_ceph.stop() == 0
        assert time.monotonic() - begun < LIMIT
    on_ceph.start()
    wait_until_back(on_ceph, image)
    delete(on_ceph, image)
    with contextlib.suppress(AssertionError):
        restore(on_ceph, image)


def test_many_requests_to_a_cluster_that_is_silent_are_refused_soon(on_ceph, ceph):
    image = on_ceph.image_with(DATA)
    with ceph.frozen("osd"):
        begun = time.monotonic()
        replies = []
        threads = [threading.Thread(target=lambda: replies.append(file_of(on_ceph, image).status)) for _ in range(50)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert replies == [503] * 50
        assert time.monotonic() - begun < LIMIT
        assert on_ceph.get("/v2/images").status == 200
    wait_until_back(on_ceph, image)
    purge_when_deleted(on_ceph, image)


def purge_when_deleted(appliance, image):
    delete(appliance, image)
    wait_until_scrubbed(appliance, image)
