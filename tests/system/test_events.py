"""The audit trail: user, action, image, time, address and result of each event."""

import re
import sqlite3

from appliance import wait_until

TIME = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ")
PATCH = {"Content-Type": "application/openstack-images-v2.1-json-patch"}


def events(appliance, query=""):
    reply = appliance.get(f"/api/events?{query}")
    assert reply.status == 200, reply
    return reply.json["events"]


def actions(appliance, image_id):
    """Returns the actions on the image, the oldest first."""
    return [event["action"] for event in reversed(events(appliance, f"image={image_id}&limit=100"))]


def refused_soon(appliance, query):
    """Waits for an event, because refusals and downloads are recorded a moment later. Returns the events."""
    return wait_until(lambda: events(appliance, query), f"an event with {query}")


def test_the_life_of_an_image_is_told(appliance):
    image_id = appliance.image_with(b"data", name="told")
    path = f"/v2/images/{image_id}"
    patch = [{"op": "replace", "path": "/name", "value": "a name"}, {"op": "add", "path": "/os_distro", "value": "x"}]
    assert appliance.request("PATCH", path, patch, PATCH).status == 200
    assert appliance.request("PUT", f"{path}/tags/lab").status == 204
    assert appliance.request("DELETE", f"{path}/tags/lab").status == 204
    assert appliance.request("POST", f"{path}/actions/deactivate").status == 204
    assert appliance.request("POST", f"{path}/actions/reactivate").status == 204
    assert appliance.get(f"{path}/file").body == b"data"
    assert appliance.request("DELETE", path).status == 204
    assert appliance.request("POST", f"/api/trash/{image_id}/restore").status == 200
    assert appliance.request("DELETE", path).status == 204
    reply = appliance.request("DELETE", f"/api/trash/{image_id}")
    assert reply.status == 204
    refused_soon(appliance, "action=image.download")
    told = events(appliance, f"image={image_id}&limit=100")
    assert sorted(event["action"] for event in told) == sorted([
        "image.create", "image.upload", "image.update", "image.add_tag", "image.remove_tag", "image.deactivate",
        "image.reactivate", "image.download", "image.delete", "image.restore", "image.delete", "image.purge"])
    for event in told:
        assert set(event) == {"id", "at", "action", "user", "user_name", "project", "address", "request", "target",
                              "target_name", "owner", "result", "detail", "count"}
        assert TIME.fullmatch(event["at"])
        assert (event["user"], event["project"], event["owner"]) == ("admin", "default", "default")
        assert (event["address"], event["result"], event["count"]) == ("127.0.0.1", "done", 1)
        assert event["request"].startswith("req-")
        assert event["target"] == image_id and event["target_name"] == "a name"
    detail = {event["action"]: event["detail"] for event in told}
    assert detail["image.update"] == "name, os_distro" and detail["image.upload"] == "4 bytes"
    assert detail["image.download"] == "4 bytes" and detail["image.delete"] == "into the recycle bin"
    purge = next(event for event in told if event["action"] == "image.purge")
    assert purge["request"] == reply.headers["X-Openstack-Request-Id"]
    wait_until(lambda: len([line for line in appliance.log.splitlines() if f"target={image_id}" in line]) >= len(told),
               "each has its line in the log")
    assert appliance.stop() == 0
    lines = [line for line in appliance.log.splitlines() if f"target={image_id}" in line]
    assert len(lines) == len(told), lines


def test_what_the_scrubber_does_is_its_own(make_appliance):
    appliance = make_appliance("[trash]\nscrub_time = '0s'\n").start()
    image_id = appliance.image_with(b"data")
    assert appliance.request("DELETE", f"/v2/images/{image_id}").status == 204
    [event] = refused_soon(appliance, f"image={image_id}&action=image.scrub")
    assert (event["user"], event["address"], event["owner"]) == ("scrubber", "", "default")
    assert appliance.request("POST", "/api/scrubber/run").status == 200
    assert events(appliance, "action=scrubber.run")[0]["user"] == "admin"


def test_the_list_is_paged_and_filtered(appliance):
    ids = [appliance.create() for _ in range(5)]
    first = appliance.get("/api/events?limit=2").json
    assert [event["target"] for event in first["events"]] == [ids[4], ids[3]]
    second = appliance.get(first["next"]).json
    last = appliance.get(second["next"]).json
    assert [event["target"] for event in second["events"] + last["events"]] == [ids[2], ids[1], ids[0]]
    assert "next" not in last and last["first"] == "/api/events?limit=2"
    assert len(events(appliance, "user=admin&owner=default&action=image.create&result=done")) == 5
    for query in ("user=nobody", "owner=other", "action=image.delete", "result=refused", "until=2020-01-01T00:00:00Z",
                  "since=2990-01-01T00:00:00Z", "limit=0"):
        assert events(appliance, query) == [], query
    assert len(events(appliance, "since=2020-01-01&until=2990-01-01")) == 5
    for query in ("limit=x", "marker=999999", "marker=x", "since=never", "colour=red"):
        reply = appliance.get(f"/api/events?{query}")
        assert reply.status == 400 and query.split("=")[0] in reply.json["message"], reply


def test_the_details_of_an_image_hold_its_history(appliance):
    image_id = appliance.image_with(b"data")
    details = appliance.get(f"/api/images/{image_id}").json
    assert [event["action"] for event in details["history"]] == ["image.upload", "image.create"]
    assert events(appliance, details["events"].split("?")[1]) == details["history"]


def test_what_is_refused_is_told_and_its_repeats_do_not_fill_the_trail(appliance):
    image_id = appliance.create(protected=True)
    for _ in range(50):
        assert appliance.request("DELETE", f"/v2/images/{image_id}").status == 403
    told = refused_soon(appliance, "result=refused")
    assert len(told) == 1
    assert (told[0]["action"], told[0]["result"], told[0]["target"]) == ("image.delete", "forbidden", image_id)
    assert told[0]["owner"] == "default" and "protected" in told[0]["detail"]
    assert appliance.stop() == 0
    appliance.start()
    assert sum(event["count"] for event in events(appliance, "result=forbidden")) == 50
    assert actions(appliance, image_id)[0] == "image.create"


def test_ever_new_refusals_neither_fill_the_disk_nor_push_out_what_was_done(make_appliance):
    appliance = make_appliance("[events]\nmax_refused = 100\nmax_count = 1000\n").start()
    image_id = appliance.create()
    for n in range(150):
        assert appliance.request("DELETE", f"/v2/images/{n:08d}-0000-4000-8000-000000000000").status == 404
    refused_soon(appliance, "action=various")
    assert appliance.stop() == 0
    with sqlite3.connect(appliance.data / "catalog.db") as db:
        rows = db.execute("SELECT count(*), sum(count) FROM events WHERE result <> 'done'").fetchone()
    db.close()
    assert rows[0] < 100 and rows[1] == 150, rows
    appliance.start()
    assert actions(appliance, image_id) == ["image.create"]


def test_an_acknowledged_delete_outlives_a_crash_with_its_event(make_appliance):
    appliance = make_appliance()
    deleted = []
    for _ in range(5):
        appliance.start()
        for _ in range(4):
            image_id = appliance.image_with(b"data")
            assert appliance.request("DELETE", f"/v2/images/{image_id}").status == 204
            deleted.append(image_id)
        appliance.kill()
    appliance.start()
    for image_id in deleted:
        assert actions(appliance, image_id) == ["image.create", "image.upload", "image.delete"]


def test_old_events_go(make_appliance):
    appliance = make_appliance("[events]\nkeep = '1s'\n").start()
    appliance.create()

    def none_is_left():
        assert appliance.stop() == 0
        appliance.start()
        return not events(appliance, "limit=100")

    wait_until(none_is_left, "a start purges what is too old")
