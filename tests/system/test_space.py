"""Space of each store, now and over time."""

import re
import sqlite3
import time

import pytest
from appliance import wait_until
from image_api import refused
from raw_http import begin_upload

MB = 1 << 20

@pytest.fixture
def two_stores(make_appliance, tmp_path):
    archive = tmp_path / "archive"
    archive.mkdir()
    settings = f'[store]\ndefault = "local"\n[stores.local]\n[stores.archive]\npath = "{archive}"\n'
    return make_appliance(settings).start()


def stores(appliance):
    return {store["name"]: store for store in appliance.get("/api/status").json["stores"]}


def held(store):
    return store["images"], store["bin"], store["reserved"]


def history(appliance, query=""):
    reply = appliance.get("/api/status/space" + query)
    assert reply.status == 200, reply
    return {store["name"]: store["points"] for store in reply.json["stores"]}


def test_what_a_store_holds_follows_the_images(appliance):
    (name,) = stores(appliance)
    assert held(stores(appliance)[name]) == (0, 0, 0)
    kept, gone = appliance.image_with(b"k" * MB), appliance.image_with(b"g" * 1000)
    assert held(stores(appliance)[name]) == (MB + 1000, 0, 0)
    appliance.request("DELETE", f"/v2/images/{gone}")
    assert held(stores(appliance)[name]) == (MB, 1000, 0)
    appliance.request("POST", f"/api/trash/{gone}/restore")
    assert held(stores(appliance)[name]) == (MB + 1000, 0, 0)
    for image_id in (kept, gone):
        appliance.request("DELETE", f"/v2/images/{image_id}")
    appliance.request("DELETE", "/api/trash")
    assert held(stores(appliance)[name]) == (0, 0, 0)


def test_a_running_upload_is_reserved_and_no_more_after_a_crash(appliance):
    (name,) = stores(appliance)
    image_id = appliance.create()
    with begin_upload(appliance, image_id, 5 * MB, b"x" * 1000):
        wait_until(lambda: held(stores(appliance)[name]) == (0, 0, 5 * MB), "it is reserved")
        appliance.kill()
    appliance.start()
    assert held(stores(appliance)[name]) == (0, 0, 0)


@pytest.mark.file_store
def test_the_history_has_each_store_and_is_thinned(two_stores):
    appliance = two_stores
    appliance.stop()
    now = int(time.time())
    with sqlite3.connect(appliance.data / "catalog.db") as db:
        db.execute("DELETE FROM space_samples")
        db.executemany("INSERT INTO space_samples VALUES (NULL, 'local', ?, ?, 1, 2, 100, 50)",
                       [((now - 600 * n) * 1_000_000, n) for n in range(4400, 0, -1)])
    appliance.start()
    found = history(appliance)
    assert 290 < len(found["local"]) <= 302
    times = [point["time"] for point in found["local"]]
    assert times == sorted(times) and re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ", times[0])
    assert {**found["local"][0], "time": 0, "images": 0} == {
        "time": 0, "images": 0, "bin": 1, "reserved": 2, "total": 100, "available": 50}
    assert 130 < len(history(appliance, "?hours=24")["local"]) <= 146
    for nonsense in ("0", "721", "-1", "1.5", "x"):
        assert refused(appliance.get(f"/api/status/space?hours={nonsense}"), 400)


@pytest.mark.file_store
def test_the_start_notes_how_full_it_is(two_stores):
    appliance = two_stores
    wait_until(lambda: set(history(appliance)) == {"local", "archive"}, "it is noted")
    (point,) = history(appliance)["local"]
    assert 0 < point["available"] <= point["total"]
