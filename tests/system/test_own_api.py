"""Format of our own resources. Their behaviour is tested in test_bin.py and test_scrub*.py."""

import json
import re

from appliance import wait_until
from image_api import UNKNOWN_ID, refused

TIME = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ")


def delete(appliance, **fields):
    image_id = appliance.image_with(b"data", **fields)
    assert appliance.request("DELETE", f"/v2/images/{image_id}").status == 204
    return image_id


def test_an_entry_of_the_bin_is_the_image_and_how_it_was_deleted(appliance):
    image_id = appliance.image_with(b"data", name="gone", tags=["a"], extra="1")
    before = appliance.show(image_id)
    assert appliance.request("DELETE", f"/v2/images/{image_id}").status == 204
    entry = appliance.get(f"/api/trash/{image_id}").json
    assert TIME.fullmatch(entry["deleted_at"])
    assert TIME.fullmatch(entry["scrub_after"]) and entry["scrub_after"] > entry["deleted_at"]
    assert entry["deleted_by"] == "admin"
    assert entry["blocked"] is None
    own = {name: value for name, value in entry.items() if name in before}
    assert own == {**before, "status": "pending_delete"}
    assert set(entry) - set(before) == {"deleted_at", "deleted_by", "scrub_after", "blocked"}
    assert appliance.get("/api/trash").json == {"trash": [entry], "first": "/api/trash"}


def test_the_bin_is_paged_and_filtered_as_images_are(appliance):
    for name in "abc":
        delete(appliance, name=name)
    reply = appliance.get("/api/trash?limit=2&sort=name:asc")
    assert [entry["name"] for entry in reply.json["trash"]] == ["a", "b"]
    assert reply.json["next"].startswith("/api/trash?")
    last = appliance.get(reply.json["next"]).json
    assert [entry["name"] for entry in last["trash"]] == ["c"] and "next" not in last
    assert [entry["name"] for entry in appliance.get("/api/trash?name=b").json["trash"]] == ["b"]
    for key in ("deleted_at", "scrub_after", "size"):
        assert len(appliance.get(f"/api/trash?sort={key}:asc").json["trash"]) == 3
    assert refused(appliance.get("/api/trash?limit=x"), 400)


def test_an_image_that_is_not_in_the_bin_is_not_found_there(appliance):
    image_id = appliance.image_with(b"data")
    for unknown in (image_id, UNKNOWN_ID, "nonsense"):
        assert refused(appliance.get(f"/api/trash/{unknown}"), 404, unknown)
        assert refused(appliance.request("POST", f"/api/trash/{unknown}/restore"), 404, unknown)
        assert refused(appliance.request("DELETE", f"/api/trash/{unknown}"), 404, unknown)


def test_a_restore_answers_the_image(appliance):
    image_id = delete(appliance, name="back")
    reply = appliance.request("POST", f"/api/trash/{image_id}/restore")
    assert reply.status == 200
    assert reply.json == appliance.show(image_id)
    assert appliance.request("POST", f"/api/trash/{image_id}/restore").status == 404


def test_a_purge_answers_that_it_is_done(appliance):
    image_id = delete(appliance)
    reply = appliance.request("DELETE", f"/api/trash/{image_id}")
    assert reply.status == 204 and reply.body == b""
    assert refused(appliance.get(f"/api/trash/{image_id}"), 404)


def test_emptying_the_bin_answers_what_was_done(appliance):
    ids = {delete(appliance), delete(appliance)}
    reply = appliance.request("DELETE", "/api/trash")
    assert reply.status == 200, reply
    answer = reply.json
    assert answer["done"] is True
    assert (answer["images"], answer["failures"], answer["held"]) == (2, 0, "")
    assert answer["bytes_freed"] >= 8
    assert set(answer["image_ids"]) == ids and answer["failed"] == []
    assert refused(appliance.request("DELETE", "/api/trash?all=maybe"), 400, "all")
    assert appliance.request("DELETE", "/api/trash?all=true").json["images"] == 0


def test_the_details_of_an_image_tell_where_its_bytes_are(appliance):
    image_id = appliance.image_with(b"data", name="kept")
    details = appliance.get(f"/api/images/{image_id}").json
    shown = appliance.show(image_id)
    assert {name: details[name] for name in shown} == shown
    assert details["status_reason"] == ""
    [location] = details["locations"]
    assert location.pop("allocated") >= 4
    assert location == {"store": "local", "state": "stored", "size": 4}
    assert appliance.request("DELETE", f"/v2/images/{image_id}").status == 204
    assert appliance.get(f"/api/images/{image_id}").json["deleted_by"] == "admin"
    assert refused(appliance.get(f"/api/images/{UNKNOWN_ID}"), 404)


def test_a_property_that_is_called_as_what_is_added_is_in_the_image_api_alone(appliance):
    properties = {"upload": "a", "history": "b", "events": "c", "status_reason": "d", "deleted_by": "e",
                  "blocked": "f", "scrub_after": "g", "another": "h"}
    image_id = appliance.image_with(b"data", **properties)
    assert appliance.show(image_id).items() >= properties.items()

    def names_once(pairs):
        assert len(pairs) == len(dict(pairs)), pairs
        return dict(pairs)

    details = json.loads(appliance.get(f"/api/images/{image_id}").body, object_pairs_hook=names_once)
    assert details["another"] == "h" and details["upload"] is None
    assert appliance.request("DELETE", f"/v2/images/{image_id}").status == 204
    entry = json.loads(appliance.get(f"/api/trash/{image_id}").body, object_pairs_hook=names_once)
    assert entry["another"] == "h" and entry["deleted_by"] == "admin"


def test_the_details_of_an_image_tell_why_its_upload_failed(make_appliance):
    appliance = make_appliance("[limits]\nimage_size_cap = 8\n").start()
    image_id = appliance.create()
    assert appliance.upload(image_id, iter([b"more than that"])).status == 413
    details = appliance.get(f"/api/images/{image_id}").json
    assert details["status"] == "queued" and "image_size_cap" in details["status_reason"]
    assert details["locations"] == []


def test_the_scrubber_tells_what_it_will_do_and_what_it_did(appliance):
    state = appliance.get("/api/scrubber").json
    assert state["scrub_time"] == 7 * 86400
    assert state["next_due_at"] is None and state["held"] is None and state["running"] is None
    assert TIME.fullmatch(state["next_run_at"])
    image_id = delete(appliance)
    assert TIME.fullmatch(appliance.get("/api/scrubber").json["next_due_at"])
    assert appliance.request("DELETE", f"/api/trash/{image_id}").status == 204
    run = appliance.get("/api/scrubber").json["last_runs"][0]
    assert set(run) == {"id", "trigger", "started_at", "ended_at", "images", "bytes_freed", "failures"}
    assert (run["images"], run["failures"]) == (1, 0) and run["bytes_freed"] >= 4
    assert TIME.fullmatch(run["started_at"]) and TIME.fullmatch(run["ended_at"])


def test_a_run_can_be_asked_for_and_tried_dry(appliance):
    image_id = delete(appliance)
    plan = appliance.request("POST", "/api/scrubber/run", {"dry_run": True})
    assert plan.status == 200
    assert plan.json == {"dry_run": True, "images": 0, "bytes_freed": 0, "failures": 0, "held": "", "image_ids": [],
                         "failed": []}
    done = appliance.request("POST", "/api/scrubber/run")
    assert done.status == 200 and done.json["done"] is True and done.json["images"] == 0
    assert appliance.get(f"/api/trash/{image_id}").status == 200
    for body in (b"nonsense", {"dry": True}, {"dry_run": "yes"}, []):
        assert refused(appliance.request("POST", "/api/scrubber/run", body), 400, "dry_run")


def test_a_check_is_started_and_followed(appliance):
    before = appliance.get("/api/check").json
    assert before["running"] is False and before["started_at"] is None and before["findings"] == 0
    appliance.image_with(b"data")
    started = appliance.request("POST", "/api/check", {"repair": False})
    assert started.status == 202 and started.json["repair"] is False
    wait_until(lambda: not appliance.get("/api/check").json["running"], "the check ends")
    done = appliance.get("/api/check").json
    assert (done["findings"], done["error"], done["first_findings"]) == (0, "", []) and done["checked"] >= 1
    assert TIME.fullmatch(done["started_at"])
    assert refused(appliance.request("POST", "/api/check", {"repair": "yes"}), 400, "repair")


def test_the_machines_that_watch_are_answered(appliance):
    reply = appliance.get("/healthz")
    assert reply.status == 200 and reply.body == b"OK\n"
    reply = appliance.get("/readyz")
    assert reply.status == 200 and reply.json == {"ready": True, "reason": ""}
