"""A Ceph cluster that does not answer: no acknowledged change is lost, no request hangs, and work continues by itself
when the cluster is back."""

import contextlib
import threading
import time

import pytest
from appliance import wait_until
from bin_calls import bin_entry, delete, restore, some_bytes, wait_until_scrubbed
from deadline import DEADLINE
from raw_http import begin_upload

MIB = 1 << 20
PATIENCE = 2 * DEADLINE  # seconds: a request takes some operations of 5 s each; only ends a test that hangs
BOTH = '[stores.local]\ntype = "file"\n'
DATA = some_bytes(30 * MIB)


def settings(ceph, timeout):
    """Returns settings with a second store, of files, and a retention of one second."""
    return ceph.settings_with(timeout) + BOTH + "[trash]\nscrub_time = '1s'\nwakeup_time = '1s'\n"


@pytest.fixture
def on_ceph(make_appliance, ceph):
    """An appliance with a long timeout for the cluster, so that a slow machine does not disturb the preparation."""
    appliance = make_appliance(settings(ceph, "60s"))
    appliance.store = ceph
    return appliance.start()


def lose_patience(appliance, ceph):
    appliance.restart(settings(ceph, "5s"))


def away(ceph, what):
    return ceph.stopped() if what == "cluster" else ceph.frozen(what)


def upload_in_two(appliance, image, between):
    """Uploads DATA, and calls `between` in the middle. Returns the answer."""
    with begin_upload(appliance, image, len(DATA), DATA[:20 * MIB]) as wire:
        wire.socket.settimeout(PATIENCE)
        between()
        wire.send(DATA[20 * MIB:])
        return wire.answer()


def file_of(appliance, image):
    return appliance.get(f"/v2/images/{image}/file", timeout=PATIENCE)


def upload_again(appliance, image):
    wait_until(lambda: appliance.upload(image, DATA).status == 204, "it can be uploaded")


def wait_until_back(appliance, image):
    wait_until(lambda: file_of(appliance, image).status == 200, "it can be read again")


@pytest.mark.parametrize("what", ["osd", "mon", "cluster"])
def test_what_is_away_for_a_while(on_ceph, ceph, what):
    safe = on_ceph.image_with(DATA)
    doomed = on_ceph.image_with(b"data of the doomed")
    waiting = on_ceph.create()
    lose_patience(on_ceph, ceph)
    with away(ceph, what):
        answers = {}
        threads = [threading.Thread(target=lambda: answers.update(read=file_of(on_ceph, safe))),
                   threading.Thread(target=lambda: answers.update(upload=on_ceph.request(
                       "PUT", f"/v2/images/{waiting}/file", DATA, {"Content-Type": "application/octet-stream"},
                       timeout=PATIENCE)))]
        for thread in threads:
            thread.start()
        # Requests that do not need the cluster still work.
        other = on_ceph.create()
        reply = on_ceph.upload(other, DATA, **{"x-image-meta-store": "local"})
        assert reply.status == 204, reply
        assert file_of(on_ceph, other).body == DATA
        delete(on_ceph, doomed)
        for thread in threads:
            thread.join()
        if what == "mon":  # without a mon, open and known images can still be used for a while
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
        upload_again(on_ceph, waiting)
    assert file_of(on_ceph, waiting).body == DATA


@pytest.mark.parametrize("what", ["osd", "cluster"])
def test_an_upload_outlives_a_short_outage_in_its_middle(on_ceph, ceph, what):
    """During an outage that is shorter than the timeout, Ceph waits, and so does the upload."""
    image = on_ceph.create()
    lose_patience(on_ceph, ceph)

    def outage():
        with away(ceph, what):
            time.sleep(1)  # length of the outage; the test waits for no event

    reply = upload_in_two(on_ceph, image, outage)
    if reply.status == 204:
        assert file_of(on_ceph, image).body == DATA
        return
    # On a busy machine the outage can take too long. Then the upload is undone.
    assert reply.status == 503, reply
    wait_until(lambda: on_ceph.show(image)["status"] == "queued", "it is undone")


def test_an_upload_that_the_osd_leaves_in_its_middle_is_undone_and_can_be_repeated(on_ceph, ceph):
    image = on_ceph.create()
    lose_patience(on_ceph, ceph)
    with contextlib.ExitStack() as outage:
        reply = upload_in_two(on_ceph, image, lambda: outage.enter_context(ceph.frozen("osd")))
        assert reply.status == 503, reply
        shown = on_ceph.get(f"/api/images/{image}").json
        assert shown["status_reason"], shown
    wait_until(lambda: on_ceph.show(image)["status"] == "queued", "it is undone")
    assert not ceph.image(image).exists()
    upload_again(on_ceph, image)
    assert file_of(on_ceph, image).body == DATA


def test_a_scrub_that_the_osd_leaves_in_its_middle_is_finished_or_can_be_taken_back(on_ceph, ceph, make_appliance):
    appliance = make_appliance(ceph.settings, name="long-bin").start()
    images = [appliance.image_with(some_bytes(3 * MIB, number)) for number in range(12)]
    for image in images:
        delete(appliance, image)
    appliance.restart(ceph.settings_with("5s"))
    answers = []
    emptying = threading.Thread(target=lambda: answers.append(
        appliance.request("DELETE", "/api/trash", timeout=PATIENCE)))
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
        else:  # the image is gone, or its removal has begun
            assert reply.status in (404, 409), reply
            wait_until(lambda: not ceph.image(image).exists(), "what had begun is finished")


def test_the_start_succeeds_without_the_cluster_and_all_goes_on_when_it_is_back(on_ceph, ceph):
    safe = on_ceph.image_with(DATA)
    doomed = on_ceph.image_with(b"data")
    half = on_ceph.create()
    with begin_upload(on_ceph, half, len(DATA), DATA[:20 * MIB]):
        wait_until(lambda: ceph.image(half).exists(), "the upload has begun")
        on_ceph.kill()
    on_ceph.configure(settings(ceph, "5s"))
    with ceph.stopped():
        on_ceph.start()
        assert on_ceph.get("/readyz").status == 503
        reply = file_of(on_ceph, safe)
        assert reply.status == 503 and "Ceph" in reply.json["message"], reply
        assert on_ceph.show(half)["status"] == "saving"
        delete(on_ceph, doomed)
        wait_until(lambda: bin_entry(on_ceph, doomed)["blocked"], "the scrub tells")
        kept = on_ceph.create()
        assert on_ceph.upload(kept, b"data", **{"x-image-meta-store": "local"}).status == 204
    wait_until_back(on_ceph, safe)
    wait_until(lambda: on_ceph.get("/readyz").status == 200, "it is ready")
    assert file_of(on_ceph, safe).body == DATA
    wait_until_scrubbed(on_ceph, doomed)
    wait_until(lambda: on_ceph.show(half)["status"] == "queued", "the upload that was cut off is undone")
    assert not ceph.image(half).exists()


def test_it_stops_in_time_while_the_cluster_does_not_answer(on_ceph, ceph):
    image = on_ceph.image_with(DATA)
    lose_patience(on_ceph, ceph)
    with ceph.frozen("osd"):
        assert file_of(on_ceph, image).status == 503
        assert on_ceph.stop() == 0
    on_ceph.start()
    wait_until_back(on_ceph, image)
    delete(on_ceph, image)
    with contextlib.suppress(AssertionError):
        restore(on_ceph, image)


def test_many_requests_to_a_cluster_that_is_silent_are_refused_soon(on_ceph, ceph):
    image = on_ceph.image_with(DATA)
    lose_patience(on_ceph, ceph)
    with ceph.frozen("osd"):
        replies = []
        threads = [threading.Thread(target=lambda: replies.append(file_of(on_ceph, image).status)) for _ in range(50)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert replies == [503] * 50
        assert on_ceph.get("/v2/images").status == 200
    wait_until_back(on_ceph, image)
    purge_when_deleted(on_ceph, image)


def purge_when_deleted(appliance, image):
    delete(appliance, image)
    wait_until_scrubbed(appliance, image)
