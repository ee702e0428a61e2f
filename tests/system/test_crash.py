"""Nothing acknowledged is lost: `kill -9` at random moments of a mixed load."""

import json
import os
import random
import shutil
import sqlite3
import threading

from appliance import wait_until
from bin_calls import restore
from crash_load import Client, check_promise

ROUNDS = 20
CLIENTS = 4
SCRUB_TIME = 2
SETTINGS = f"[trash]\nscrub_time = '{SCRUB_TIME}s'\nwakeup_time = '1s'\n"


def integrity(data, copy):
    """What SQLite says of a copy of the catalog that a crash left: its repair stays the product's."""
    shutil.rmtree(copy, ignore_errors=True)
    copy.mkdir()
    for file in data.glob("catalog.db*"):
        shutil.copy(file, copy)
    with sqlite3.connect(copy / "catalog.db") as db:
        answers = db.execute("PRAGMA integrity_check").fetchall() + db.execute("PRAGMA foreign_key_check").fetchall()
    db.close()
    return answers


def crash(appliance, seed, images, gone, delay):
    """One life: clients at work, until it is killed. Returns how many answers there were."""
    clients = [Client(appliance, f"{seed}-{n}", SCRUB_TIME) for n in range(CLIENTS)]
    for n, client in enumerate(clients):
        client.images = images[n]
        client.start()
    threading.Event().wait(delay)
    appliance.kill()
    for client in clients:
        client.join(30)
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
    images = [[] for _ in range(CLIENTS)]
    gone = []
    answers = 0
    for number in range(ROUNDS):
        appliance.start()
        delay = chance.choice([0.05, 0.3, 1, 2.5]) * chance.random()
        answers += crash(appliance, f"{seed}-{number}", images, gone, delay)
        assert integrity(appliance.data, tmp_path / "copy") == [("ok",)]
        appliance.start()
        assert list((appliance.data / "images/.partial").iterdir()) == []
        for mine in images:
            for image in mine:
                check_promise(appliance, image)
        appliance.kill()
    print(f"{answers} answers, {len(gone)} images gone, {sum(map(len, images))} left")
    assert answers > 20 * ROUNDS

    appliance.start()
    report = json.loads(appliance.cli("check", "--repair", "--json", check=False).stdout)
    assert report["findings"] == 0 and report["catalog"] == "ok", report
    left = {image.id for mine in images for image in mine if image.may_be != {"gone"}}
    files = {file.name for file in (appliance.data / "images").iterdir() if file.is_file()}
    assert files <= left
    assert not files & {image.id for image in gone}
    for image in gone:
        check_promise(appliance, image)


def test_a_purge_that_a_crash_cuts_off_is_finished_or_can_be_taken_back(make_appliance):
    appliance = make_appliance().start()
    images = [appliance.image_with(b"data") for _ in range(300)]
    for image in images:
        assert appliance.request("DELETE", f"/v2/images/{image}").status == 204

    def empty():
        try:
            appliance.request("DELETE", "/api/trash")
        except Exception:
            pass  # the crash

    thread = threading.Thread(target=empty)
    thread.start()
    first = appliance.data / "images" / images[0]
    wait_until(lambda: not first.exists() or not thread.is_alive(), "it is under way")
    appliance.kill()
    thread.join()
    appliance.start()

    def settled():
        left = {entry["id"] for entry in appliance.get("/api/trash?limit=1000").json["trash"]}
        files = {image for image in images if (appliance.data / "images" / image).exists()}
        return left == files and (left,)

    (left,) = wait_until(settled, "every image is either whole in the bin or gone")
    for image in left:
        restore(appliance, image)
        assert appliance.get(f"/v2/images/{image}/file").body == b"data"
