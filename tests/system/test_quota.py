"""Limits of images and bytes: not one byte too many is stored, and the accounting stays exact."""

import http.client
import random
import sqlite3
import threading

from accounts import LOCAL, Person, add_person
from appliance import wait_until
from deadline import DEADLINE

MIB = 1 << 20
CLIENTS = 16


def usage(appliance):
    reply = appliance.get("/v2/info/usage")
    assert reply.status == 200, reply
    return reply.json["usage"]


def accounted(appliance):
    """Returns the accounted usage, the real usage, and the number of locations that are being written. Requires: the
    appliance is stopped."""
    with sqlite3.connect(appliance.data / "catalog.db") as db:
        said = dict(((kind, name), (images, size)) for kind, name, images, size in
                    db.execute("SELECT kind, id, images, bytes FROM image_usage WHERE images > 0 OR bytes <> 0"))
        there = {}
        for kind, column in ((0, "owner"), (1, "created_by")):
            for name, images, size in db.execute(
                    f"SELECT {column}, count(*), sum(coalesce(size, 0)) FROM images WHERE place <> 3 GROUP BY 1"):
                there[kind, name] = (images, size)
        writing = db.execute("SELECT count(*) FROM image_locations WHERE state = 0").fetchone()[0]
    db.close()
    return said, there, writing


def stored_bytes(appliance):
    folder = appliance.data / "images"
    return sum(file.stat().st_size for file in folder.glob("[!.]*") if file.is_file())


def chunked(data):
    return iter([data[at:at + 65536] for at in range(0, len(data), 65536)])


def test_the_usage_is_told_as_glance_tells_it(make_appliance):
    appliance = make_appliance("[limits]\nproject_bytes = '10MiB'\nproject_image_count = 7\n").start()
    assert usage(appliance) == {
        "image_size_total": {"limit": 10, "usage": 0}, "image_count_total": {"limit": 7, "usage": 0},
        "image_stage_total": {"limit": -1, "usage": 0}, "image_count_uploading": {"limit": -1, "usage": 0}}
    image_id = appliance.image_with(b"x" * (3 * MIB - 1))
    appliance.create()
    assert usage(appliance)["image_size_total"]["usage"] == 2
    assert usage(appliance)["image_count_total"]["usage"] == 2
    assert appliance.request("DELETE", f"/v2/images/{image_id}").status == 204
    assert usage(appliance)["image_size_total"]["usage"] == 2
    assert appliance.request("DELETE", f"/api/trash/{image_id}").status == 204
    assert usage(appliance)["image_size_total"]["usage"] == 0
    assert usage(appliance)["image_count_total"]["usage"] == 1


def test_without_limits_the_usage_says_so(appliance):
    appliance.image_with(b"x" * MIB)
    told = usage(appliance)
    assert {quota["limit"] for quota in told.values()} == {-1}
    assert told["image_size_total"]["usage"] == 1 and told["image_count_total"]["usage"] == 1


def test_what_is_beyond_a_limit_is_refused_with_the_figures(make_appliance):
    appliance = make_appliance("[limits]\nproject_bytes = 100\nuser_image_count = 3\n").start()
    appliance.image_with(b"x" * 60)
    other = appliance.create()
    for data, size in ((b"x" * 41, 101), (chunked(b"x" * 41), 101)):
        reply = appliance.upload(other, data)
        assert reply.status == 413, reply
        for word in ("'default'", f" {size} bytes", " 100 ", "limits.project_bytes"):
            assert word in reply.json["message"], reply
    assert appliance.upload(other, chunked(b"x" * 40)).status == 204
    appliance.create()
    reply = appliance.request("POST", "/v2/images", {"name": "one too many"})
    assert reply.status == 413 and "limits.user_image_count" in reply.json["message"], reply


def test_projects_and_users_have_each_their_own_limit(make_appliance):
    """All users of a project share its limit. The limit of a user counts all projects."""
    appliance = make_appliance(LOCAL + "[limits]\nproject_bytes = 100\nuser_bytes = 130\n").start()
    for project in ("lab", "shop"):
        appliance.cli("project", "create", project)
    add_person(appliance, "ann", "lab", "member")
    add_person(appliance, "ben", "lab", "member")
    appliance.cli("user", "role", "add", "ann", "--project", "shop", "--role", "member")
    ann, ben, ann_of_shop = (Person(appliance, *who) for who in (("ann", "lab"), ("ben", "lab"), ("ann", "shop")))
    ann.image_with(b"a" * 60)
    reply = ben.upload(ben.create(), b"b" * 41)
    assert reply.status == 413 and "limits.project_bytes" in reply.json["message"], reply
    ben.image_with(b"b" * 40)
    # The other project is empty, and ann has 70 bytes left.
    reply = ann_of_shop.upload(ann_of_shop.create(), b"a" * 71)
    assert reply.status == 413 and "limits.user_bytes" in reply.json["message"], reply
    ann_of_shop.image_with(b"a" * 70)
    for who in (ann, ben, ann_of_shop):
        assert usage(who)["image_count_total"]["usage"] == (2 if who is ann_of_shop else 3)
    assert appliance.stop() == 0
    said, there, _ = accounted(appliance)
    assert said == there


def test_a_declared_upload_that_does_not_fit_is_refused_before_its_bytes(make_appliance):
    appliance = make_appliance("[limits]\nproject_bytes = '1MiB'\n").start()
    image_id = appliance.create()
    connection = http.client.HTTPConnection("127.0.0.1", appliance.port, timeout=DEADLINE)
    connection.putrequest("PUT", f"/v2/images/{image_id}/file")
    for name, value in (("Content-Type", "application/octet-stream"), ("Content-Length", str(MIB + 1)),
                        ("Expect", "100-continue")):
        connection.putheader(name, value)
    connection.endheaders()
    assert connection.getresponse().status == 413
    connection.close()


class Uploader(threading.Thread):
    """Thread that uploads images of any size until `ends` is set: declared or in chunks, some cut off in the middle."""

    def __init__(self, appliance, seed, images):
        super().__init__(daemon=True)
        self.appliance, self.random, self.images = appliance, random.Random(seed), images
        self.stored, self.refused = 0, 0
        self.ends = threading.Event()
        self.failure = None

    def run(self):
        while not self.ends.is_set():
            try:
                self.upload(self.images[self.random.randrange(len(self.images))])
            except (OSError, http.client.HTTPException):
                pass  # the appliance was killed, or closed the connection of a refused upload
            except Exception as error:  # noqa: BLE001
                self.failure = error
                return

    def upload(self, image_id):
        data = b"x" * self.random.choice([1, 1000, 300_000, MIB, 3 * MIB, 5 * MIB])
        way = self.random.choice(["declared", "chunked", "cut off"])
        if way == "cut off":
            self.cut_off(image_id, data)
            return
        reply = self.appliance.upload(image_id, data if way == "declared" else chunked(data))
        if reply.status == 204:
            self.stored += 1
        elif reply.status == 413:
            self.refused += 1
            assert "limits.project_bytes" in reply.json["message"], reply
        else:
            assert reply.status in (404, 409, 410), reply

    def cut_off(self, image_id, data):
        connection = http.client.HTTPConnection("127.0.0.1", self.appliance.port, timeout=DEADLINE)
        try:
            connection.putrequest("PUT", f"/v2/images/{image_id}/file")
            connection.putheader("Content-Type", "application/octet-stream")
            connection.putheader("Content-Length", str(len(data)))
            connection.endheaders()
            connection.send(data[:len(data) // 2])
        finally:
            connection.close()


def test_parallel_uploads_never_store_one_byte_more_than_the_limit(make_appliance):
    limit = 20 * MIB + 12_345
    appliance = make_appliance(f"[limits]\nproject_bytes = {limit}\n")
    seed = random.SystemRandom().randrange(1 << 32)
    print(f"seed {seed}")
    stored = refused = 0
    for number in range(4):
        appliance.start()
        images = [appliance.create() for _ in range(40)]
        uploaders = [Uploader(appliance, f"{seed}-{number}-{n}", images) for n in range(CLIENTS)]
        for uploader in uploaders:
            uploader.start()

        def have_worked():
            assert stored_bytes(appliance) <= limit
            return (min(sum(one.stored for one in uploaders), sum(one.refused for one in uploaders)) >= 3 or
                    any(one.failure for one in uploaders))

        for _ in range(30):
            threading.Event().wait(0.05)
            have_worked()
        wait_until(have_worked, "some uploads are stored, and some refused")
        if number % 2 == 0:
            appliance.kill()
        for uploader in uploaders:
            uploader.ends.set()
        for uploader in uploaders:
            uploader.join(DEADLINE)
            assert not uploader.is_alive()
            if uploader.failure:
                raise uploader.failure
            stored, refused = stored + uploader.stored, refused + uploader.refused
        if number % 2 == 0:
            appliance.start()
        wait_until(lambda: usage(appliance)["image_count_uploading"]["usage"] == 0, "no upload runs any more")
        assert stored_bytes(appliance) <= limit
        # Refused uploads use no space: exactly the remaining bytes fit.
        rest = limit - stored_bytes(appliance)
        last = appliance.create()
        assert appliance.upload(last, b"x" * (rest + 1)).status == 413
        assert appliance.upload(last, chunked(b"x" * (rest + 1))).status == 413
        assert appliance.upload(last, chunked(b"x" * rest) if number % 2 else b"x" * rest).status == 204
        assert stored_bytes(appliance) == limit
        assert appliance.stop() == 0
        said, there, writing = accounted(appliance)
        assert writing == 0 and said == there, (said, there)
        appliance.start()
        for image in appliance.get("/v2/images?limit=1000&status=active").json["images"]:
            assert appliance.request("DELETE", f"/v2/images/{image['id']}").status == 204
        assert appliance.upload(appliance.create(), b"x").status == 413  # images in the bin count
        assert appliance.request("DELETE", "/api/trash").status == 200
        assert usage(appliance)["image_size_total"]["usage"] == 0
        assert appliance.stop() == 0
        assert accounted(appliance)[0][0, "default"][1] == 0
    assert stored > 10 and refused > 10, (stored, refused)
