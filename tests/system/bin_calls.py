"""Calls of the recycle bin that many tests make."""

import contextlib
import datetime
import hashlib
import random
import sqlite3

from appliance import wait_until

PATCH_TYPE = "application/openstack-images-v2.1-json-patch"


def some_bytes(size, seed=0):
    """Returns pseudo-random bytes, so that a test notices zeros or bytes of another place."""
    return random.Random(seed).randbytes(size)


def delete(appliance, image_id):
    reply = appliance.request("DELETE", f"/v2/images/{image_id}")
    assert reply.status == 204, reply


def restore(appliance, image_id):
    reply = appliance.request("POST", f"/api/trash/{image_id}/restore")
    assert reply.status == 200, reply
    return reply.json


def restore_blocked(appliance, image_id):
    """Restores an image that the scrubber cannot remove. While it tries, the restore is refused (409) and repeated."""
    path = f"/api/trash/{image_id}/restore"
    reply = wait_until(lambda: (reply := appliance.request("POST", path)).status != 409 and reply, "no try runs")
    assert reply.status == 200, reply
    return reply.json


def purge(appliance, image_id):
    reply = appliance.request("DELETE", f"/api/trash/{image_id}")
    assert reply.status == 204, reply


def bin_entry(appliance, image_id):
    reply = appliance.get(f"/api/trash/{image_id}")
    assert reply.status == 200, reply
    return reply.json


def bin_ids(appliance, query=""):
    reply = appliance.get("/api/trash" + query)
    assert reply.status == 200, reply
    return [entry["id"] for entry in reply.json["trash"]]


def listed_ids(appliance, query=""):
    reply = appliance.get("/v2/images" + query)
    assert reply.status == 200, reply
    return [image["id"] for image in reply.json["images"]]


def patch(appliance, image_id, *operations):
    return appliance.request("PATCH", f"/v2/images/{image_id}", list(operations), {"Content-Type": PATCH_TYPE})


def bytes_on_disk(appliance, image_id):
    """Returns the stored data of an image, which has exists() and unlink()."""
    return appliance.store.of(appliance, image_id)


def make_due(appliance):
    """Ends the retention of all images in the bin of a stopped appliance."""
    with contextlib.closing(sqlite3.connect(appliance.data / "catalog.db")) as db, db:
        db.execute("UPDATE images SET scrub_after = deleted_at WHERE scrub_after IS NOT NULL")


def wait_until_scrubbed(appliance, image_id):
    wait_until(lambda: not bytes_on_disk(appliance, image_id).exists(), f"the bytes of {image_id} are gone")
    wait_until(lambda: appliance.get(f"/api/trash/{image_id}").status == 404, f"{image_id} has left the bin")


def time_of(text):
    """Returns the seconds since 1970 for a time in the format of the API."""
    return datetime.datetime.strptime(text, "%Y-%m-%dT%H:%M:%SZ").replace(tzinfo=datetime.timezone.utc).timestamp()


def md5(data):
    return hashlib.md5(data).hexdigest()
