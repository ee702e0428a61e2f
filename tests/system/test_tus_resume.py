"""Resumable uploads continue after a killed server, a dead connection or a full disk. No acknowledged byte is lost."""

import http.client
import os
import random
import threading
import time

import pytest
from accounts import LOCAL, Person, add_person
from appliance import Appliance, wait_until
from deadline import DEADLINE
from process_facts import memory_mb
from raw_http import Wire, head
from small_disk import SmallDisk
from tus_client import VERSION, Upload, assert_active, begin, post, staged

MIB = 1 << 20
PIECE = 64 << 10  # bytes that a broken request may lose at most
LIVES = 60  # starts of the server within which an upload must complete


def some_bytes(size, seed=1):
    return random.Random(seed).randbytes(size)


def staged_bytes(appliance):
    return sum(file.stat().st_size for file in staged(appliance))


class Sender(threading.Thread):
    """Client that continues an upload until the server is gone, and remembers the acknowledged offset."""

    def __init__(self, upload, data, chance, acknowledged):
        super().__init__(daemon=True)
        self.upload, self.data, self.chance = upload, data, chance
        self.acknowledged = acknowledged
        self.failure = None

    def run(self):
        try:
            while self.acknowledged < len(self.data):
                offset = self.upload.offset()
                if offset < self.acknowledged:
                    raise AssertionError(f"{self.acknowledged} bytes were acknowledged, {offset} are there")
                end = min(len(self.data), offset + self.chance.choice([1000, MIB, 5 * MIB, len(self.data)]))
                reply = self.upload.patch(offset, self.data[offset:end])
                if reply.status == 503 and "Ceph drops a killed client" in reply.json["message"]:
                    time.sleep(0.5)
                    continue
                if reply.status != 204:
                    raise AssertionError(f"{reply} at {offset}")
                self.acknowledged = int(reply.headers["Upload-Offset"])
                if self.acknowledged != end:
                    raise AssertionError(f"{self.acknowledged} of {end}")
        except (OSError, http.client.HTTPException):
            pass  # the server was killed
        except Exception as failure:  # noqa: BLE001
            self.failure = failure


@pytest.mark.parametrize("size", [3 * MIB + 17, 48 * MIB])
def test_an_upload_outlives_kills_at_any_moment(make_appliance, size):
    seed = int(os.environ.get("REPRIEVE_CRASH_SEED", random.SystemRandom().randrange(1 << 32)))
    print(f"REPRIEVE_CRASH_SEED={seed}")
    chance = random.Random(seed)
    data = some_bytes(size, seed)
    appliance = make_appliance().start()
    upload = begin(appliance, size)
    acknowledged = 0
    for life in range(LIVES):
        sender = Sender(upload, data, chance, acknowledged)
        sender.start()
        # The lives become longer, and the last one is so long that the upload completes even on a slow machine.
        sender.join(chance.random() * (0.1 + 0.05 * life) if life + 1 < LIVES else DEADLINE)
        appliance.kill()
        sender.join(DEADLINE)
        assert not sender.is_alive()
        if sender.failure:
            raise sender.failure
        acknowledged = sender.acknowledged
        appliance.start()
        offset = upload.offset()
        assert offset >= acknowledged
        # The offset is the full size only once the image is active.
        status = appliance.show(upload.image_id)["status"]
        assert status == ("active" if offset == size else "saving"), (offset, status)
        if offset == size:
            break
    print(f"{life + 1} lives")
    assert_active(appliance, upload.image_id, data)


def test_what_a_stopped_server_has_read_counts(make_appliance):
    appliance = make_appliance("[server]\nshutdown_timeout = '1s'\n").start()
    data = some_bytes(4 * MIB)
    upload = begin(appliance, len(data))
    with upload.begin_patch(appliance, 0, len(data), data[:3 * MIB]):
        wait_until(lambda: staged_bytes(appliance) >= 3 * MIB - PIECE, "it has read them")
        assert appliance.stop() == 0
    appliance.start()
    offset = upload.offset()
    assert offset >= 3 * MIB - PIECE
    assert upload.patch(offset, data[offset:]).status == 204
    assert_active(appliance, upload.image_id, data)


@pytest.mark.parametrize("way", ["silence", "end", "close"])
@pytest.mark.parametrize("https", [False, True])
def test_a_new_request_takes_over_from_a_dead_one_at_once(make_appliance, https, way):
    """The server would wait for the dead one for longer than the test does."""
    appliance = make_appliance(https=https).start()
    data = some_bytes(2 * MIB)
    upload = begin(appliance, len(data))
    wire = upload.begin_patch(appliance, 0, len(data), data[:MIB])
    try:
        wait_until(lambda: staged_bytes(appliance) >= MIB - PIECE, "it has read them")
        if way == "end":
            wire.end()
        elif way == "close":
            wire.socket.close()
        offset = upload.offset()
        assert MIB - PIECE <= offset <= MIB
        assert upload.patch(offset, data[offset:]).status == 204
    finally:
        wire.socket.close()
    assert_active(appliance, upload.image_id, data)


def test_a_patch_takes_over_without_asking_first(appliance):
    data = some_bytes(2 * MIB)
    upload = begin(appliance, len(data))
    with upload.begin_patch(appliance, 0, len(data), b"") as wire:
        # Wait until this request has its turn. Otherwise the PATCH below could count as the older one.
        wire.send(data[:PIECE])
        wait_until(lambda: staged_bytes(appliance) == PIECE, "it reads")
        reply = upload.patch(PIECE, data[PIECE:])
        assert reply.status == 204, reply
        answer = wire.answer()
        assert answer is None or answer.status == 423, answer
    assert_active(appliance, upload.image_id, data)


def test_two_clients_at_once_never_mix_their_bytes(appliance):
    """Clients compete for one upload, and each byte must still be in its place."""
    data = some_bytes(8 * MIB)
    upload = begin(appliance, len(data))
    statuses = set()

    def fight(seed):
        chance = random.Random(seed)
        while True:
            reply = upload.head()
            statuses.add(reply.status)
            if reply.status != 200:
                time.sleep(chance.random() / 10)  # as real clients do; otherwise none makes progress
                continue
            offset = int(reply.headers["Upload-Offset"])
            if offset == len(data):
                return
            end = min(len(data), offset + chance.choice([PIECE, MIB, 8 * MIB]))
            try:
                statuses.add(upload.patch(offset, data[offset:end]).status)
            except (OSError, http.client.HTTPException):
                time.sleep(chance.random() / 10)  # refused before all of it was read, so the connection was closed

    clients = [threading.Thread(target=fight, args=(seed,), daemon=True) for seed in range(3)]
    for client in clients:
        client.start()
    for client in clients:
        client.join(DEADLINE)
        assert not client.is_alive()
    assert statuses <= {200, 204, 409, 423}, statuses
    assert {200, 204} <= statuses
    assert_active(appliance, upload.image_id, data)


def test_a_delete_ends_a_running_patch(appliance):
    data = some_bytes(2 * MIB)
    upload = begin(appliance, len(data))
    with upload.begin_patch(appliance, 0, len(data), data[:MIB]) as wire:
        wait_until(lambda: staged_bytes(appliance) > 0, "it reads")
        assert upload.delete().status == 204
        answer = wire.answer()
        assert answer is None or answer.status >= 400
    assert appliance.show(upload.image_id)["status"] == "queued"
    assert list((appliance.data / "uploads").iterdir()) == []


def test_a_delete_of_the_image_ends_a_running_patch(appliance):
    data = some_bytes(4 * MIB)
    upload = begin(appliance, len(data))
    with upload.begin_patch(appliance, 0, len(data), data[:MIB]) as wire:
        wait_until(lambda: staged_bytes(appliance) > 0, "it reads")
        assert appliance.request("DELETE", f"/v2/images/{upload.image_id}").status == 204
        wire.send(data[MIB:])
        answer = wire.answer()
        assert answer is None or answer.status == 410, answer
    wait_until(lambda: list((appliance.data / "uploads").iterdir()) == [], "its bytes are removed")
    wait_until(lambda: appliance.get("/v2/info/usage").json["usage"]["image_count_uploading"]["usage"] == 0,
               "nothing of it is left")


def test_a_declared_length_is_reserved_in_the_limits(make_appliance):
    appliance = make_appliance(LOCAL + "[limits]\nproject_bytes = '1MiB'\n").start()
    appliance.cli("project", "create", "lab")
    add_person(appliance, "ann", "lab", "member")
    ann = Person(appliance, "ann", "lab")

    def used():
        return ann.get("/v2/info/usage").json["usage"]["image_size_total"]["usage"]

    image_id = ann.create()
    reply = post(ann, image_id, MIB + 1)
    assert reply.status == 413 and "limits.project_bytes" in reply.json["message"], reply
    assert ann.get(f"/v2/images/{image_id}").json["status"] == "queued"
    upload = begin(ann, MIB, image_id=image_id)
    assert used() == 1
    assert ann.upload(ann.create(), b"x").status == 413
    assert post(ann, ann.create(), 1).status == 413
    # The reservation survives a crash.
    appliance.kill()
    appliance.start()
    assert ann.upload(ann.create(), b"x").status == 413
    assert upload.delete().status == 204
    assert used() == 0
    # If the length is unknown, the bytes are reserved as they come.
    unknown = begin(ann)
    assert unknown.patch(0, iter([b"x" * MIB, b"x"])).status == 413
    offset = unknown.offset()
    assert unknown.patch(offset, b"x" * (MIB - offset), Upload_Length=str(MIB)).status == 204
    assert used() == 1
    assert ann.upload(ann.create(), b"x").status == 413


@pytest.fixture
def small_disk(tmp_path):
    disk = SmallDisk(tmp_path / "disk", 192)
    yield disk
    disk.unmount()


@pytest.fixture
def on_small_disk(small_disk, tmp_path):
    """An appliance on a small disk, which has both the staged bytes and those of the store."""
    appliance = Appliance(tmp_path / "appliance", "[stores.local]\nreserve = '16MiB'\n")
    appliance.data = small_disk.folder / "data"
    try:
        yield appliance.start()
    finally:
        appliance.kill()


@pytest.mark.file_store
def test_a_declared_length_is_reserved_on_the_disk(on_small_disk):
    image_id = on_small_disk.create()
    reply = post(on_small_disk, image_id, 100 * MIB)
    assert reply.status == 413 and "purge the recycle bin" in reply.json["message"], reply
    assert on_small_disk.show(image_id)["status"] == "queued"
    data = some_bytes(40 * MIB)
    upload = begin(on_small_disk, len(data), image_id=image_id)
    assert post(on_small_disk, on_small_disk.create(), 60 * MIB).status == 413
    assert upload.patch(0, data[:MIB]).status == 204
    # The reservation survives a crash, and is large enough.
    on_small_disk.kill()
    on_small_disk.start()
    assert post(on_small_disk, on_small_disk.create(), 60 * MIB).status == 413
    assert upload.patch(MIB, data[MIB:]).status == 204
    assert_active(on_small_disk, image_id, data)


@pytest.mark.file_store
def test_an_upload_on_a_full_disk_goes_on_once_there_is_space(on_small_disk, small_disk):
    data = some_bytes(40 * MIB)
    upload = begin(on_small_disk)
    small_disk.fill(leave=70 * MIB)
    reply = upload.patch(0, iter([data[at:at + MIB] for at in range(0, len(data), MIB)]))
    assert reply.status == 413 and "purge the recycle bin" in reply.json["message"], reply
    offset = upload.offset()
    assert offset < len(data)
    small_disk.unfill()
    assert upload.patch(offset, data[offset:], Upload_Length=str(len(data))).status == 204
    assert_active(on_small_disk, upload.image_id, data)


def test_a_large_upload_takes_little_memory(appliance):
    data = some_bytes(MIB) * 200
    appliance.image_with(data[:20 * MIB])  # memory that only the first upload takes, such as for the libraries of Ceph
    upload = begin(appliance, len(data))
    before = memory_mb(appliance)
    wire = upload.begin_patch(appliance, 0, len(data), data[:-1])
    during = memory_mb(appliance)
    wire.send(data[-1:])
    assert wire.answer().status == 204
    wire.socket.close()
    assert max(during, memory_mb(appliance)) < before + 40
    assert_active(appliance, upload.image_id, data)


def test_refusals_spare_the_client_its_bytes(appliance):
    upload = begin(appliance, 10)
    for lines in (("Upload-Offset: 3", "Content-Type: application/offset+octet-stream", "Content-Length: 7"),
                  ("Upload-Offset: 0", "Content-Type: text/plain", "Content-Length: 10"),
                  ("Upload-Offset: 0", "Content-Type: application/offset+octet-stream", "Content-Length: 11")):
        with Wire(appliance) as wire:
            wire.send(head("PATCH", upload.path, f"Tus-Resumable: {VERSION}", *lines, "Expect: 100-continue"))
            assert wire.answer().status in (400, 409, 415)
    assert Upload(appliance, upload.path).offset() == 0
