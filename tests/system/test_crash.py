"""No acknowledged change is lost by `kill -9` at random moments of a mixed load."""

import json
import os
import random
import shutil
import sqlite3
import threading

from appliance import wait_until
from crash_load import Client, check_promise
from deadline import DEADLINE

CLIENTS = 4
SCRUB_TIME = 2
OUTLIVED = 300  # seconds: Ceph notices a dead client after half a minute, and a failed scrub waits for its retry
SETTINGS = f"[trash]\nscrub_time = '{SCRUB_TIME}s'\nwakeup_time = '1s'\n"


def integrity(data, copy):
    """Returns SQLite's check of a copy of the catalog after a crash. A copy, because opening the catalog would recover
    it, which the product must do itself."""
    shutil.rmtree(copy, ignore_errors=True)
    copy.mkdir()
    for file in data.glob("catalog.db*"):
        shutil.copy(file, copy)
    with sqlite3.connect(copy / "catalog.db") as db:
        answers = db.execute("PRAGMA integrity_check").fetchall() + db.execute("PRAGMA foreign_key_check").fetchall()
    db.close()
    return answers


def wait_until_mended(appliance):
    """Waits until all remains of uploads are removed. A store of files must have none once the appliance answers. Ceph
    must first notice that the client is dead."""
    def mended():
        return (appliance.store.leftovers(appliance) == [] and
                not appliance.get("/v2/images?status=saving").json["images"])

    if not mended():
        assert appliance.store.name != "local"
        wait_until(mended, "what uploads left is removed", OUTLIVED)


def readable_report(appliance):
    """Runs a check, and returns its report; None if a store on Ceph did not answer, because Ceph can be slow."""
    report = json.loads(appliance.cli("check", "--repair", "--json", check=False).stdout)
    is_away = any(finding["kind"] == "unreadable" for finding in report["first_findings"])
    return None if is_away and appliance.store.name != "local" else report


def crash(appliance, seed, images, gone, answers):
    """Runs clients, and kills the appliance once one of them has had that many answers. Returns the number of answers
    of all clients."""
    clients = [Client(appliance, f"{seed}-{n}", SCRUB_TIME) for n in range(CLIENTS)]
    for n, client in enumerate(clients):
        client.images = images[n]
        client.start()
    wait_until(lambda: any(client.failure or client.answers >= answers for client in clients), f"{answers} answers")
    appliance.kill()
    for client in clients:
        client.join(DEADLINE)
        assert not client.is_alive()
        if client.failure:
            raise client.failure
        gone += client.gone
    return sum(client.answers for client in clients)


def test_what_was_acknowledged_outlives_a_crash_at_any_moment(make_appliance, tmp_path):
    seed = int(os.environ.get("REPRIEVE_CRASH_SEED", random.SystemRandom().randrange(1 << 32)))
    print(f"REPRIEVE_CRASH_SEED={seed}")
    chance = random.Random(seed)
    appliance = make_appliance(SETTINGS)
    appliance.store.clear()  # because the check at the end compares all images of the store
    images = [[] for _ in range(CLIENTS)]
    gone = []
    answers = 0
    for number in range(appliance.store.crash_rounds):
        appliance.start()
        most = chance.choice(appliance.store.crash_answers)
        answers += crash(appliance, f"{seed}-{number}", images, gone, chance.randint(0, most))
        assert integrity(appliance.data, tmp_path / "copy") == [("ok",)]
        appliance.start()
        wait_until_mended(appliance)
        for mine in images:
            for image in mine:
                check_promise(appliance, image)
        appliance.kill()
    print(f"{answers} answers, {len(gone)} images gone, {sum(map(len, images))} left")

    appliance.start()
    report = wait_until(lambda: readable_report(appliance), "the store answers all that the check asks", OUTLIVED)
    assert report["findings"] == 0 and report["catalog"] == "ok", json.dumps(report)
    left = {image.id for mine in images for image in mine if image.may_be != {"gone"}}
    files = appliance.store.ids(appliance)
    assert files <= left
    assert not files & {image.id for image in gone}
    for image in gone:
        check_promise(appliance, image)


def test_a_purge_that_a_crash_cuts_off_is_finished_or_can_be_taken_back(make_appliance):
    appliance = make_appliance().start()
    images = [appliance.image_with(b"data") for _ in range(appliance.store.crowd)]
    for image in images:
        assert appliance.request("DELETE", f"/v2/images/{image}").status == 204

    def empty():
        try:
            appliance.request("DELETE", "/api/trash")
        except Exception:
            pass  # the crash

    thread = threading.Thread(target=empty)
    thread.start()
    first = appliance.store.of(appliance, images[0])
    wait_until(lambda: not first.exists() or not thread.is_alive(), "it is under way")
    appliance.kill()
    thread.join()
    appliance.start()

    def decided(image):
        """Tries a restore. Returns the reply if the image is restored or gone; False while it is scrubbed (409)."""
        reply = appliance.request("POST", f"/api/trash/{image}/restore")
        return reply.status in (200, 404) and reply

    for image in images:
        reply = wait_until(lambda: decided(image), "every image is either whole in the bin or gone", OUTLIVED)
        if reply.status == 200:
            assert appliance.get(f"/v2/images/{image}/file").body == b"data"
        else:
            assert not appliance.store.of(appliance, image).exists()
