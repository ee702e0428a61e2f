"""Layout of an image on Ceph, as Nova, Cinder and an admin with Ceph's tools see it."""

import contextlib
import hashlib
import sqlite3
import subprocess

import pytest
from bin_calls import delete, purge, some_bytes
from bootable import ENDED, boot, bootable_disk
from deadline import DEADLINE

MIB = 1 << 20
FILE_STORE = '[stores.local]\ntype = "file"\n'


@pytest.fixture
def on_ceph(make_appliance, ceph):
    appliance = make_appliance(ceph.settings)
    appliance.store = ceph
    return appliance.start()


def location_of(appliance, image):
    return appliance.get(f"/api/images/{image}").json["locations"][0]


def uri_of(appliance, image):
    """Returns the URI of the image in the catalog."""
    with contextlib.closing(sqlite3.connect(f"file:{appliance.data}/catalog.db?mode=ro", uri=True)) as db:
        return db.execute("SELECT uri FROM image_locations JOIN images ON images.n = image WHERE id = ?",
                          [image]).fetchone()[0]


def test_the_layout_is_the_one_that_nova_and_cinder_clone_from(on_ceph, ceph):
    data = some_bytes(20 * MIB + 12_345)
    image = on_ceph.image_with(data)
    info = ceph.rbd("info", f"images/{image}", "--format=json")
    assert (info["size"], info["order"], info["object_size"]) == (len(data), 23, 8 * MIB)
    assert {"layering", "exclusive-lock", "object-map", "fast-diff"} <= set(info["features"])
    (snapshot,) = ceph.rbd("snap", "ls", f"images/{image}", "--format=json")
    assert (snapshot["name"], snapshot["protected"], snapshot["size"]) == ("snap", "true", len(data))
    assert ceph.export(f"{image}@snap") == data

    fsid = ceph.ceph("fsid").strip()
    assert uri_of(on_ceph, image) == f"rbd://{fsid}/images/{image}/snap"

    # Clone it, as Nova and Cinder do.
    ceph.clone(image, f"disk-{image}", 1)
    assert ceph.export(f"disk-{image}") == data
    assert ceph.rbd("info", f"images/disk-{image}", "--format=json")["parent"]["image"] == image
    ceph.rbd("rm", f"images/disk-{image}")


def test_qemu_reads_the_snapshot(on_ceph, ceph, tmp_path):
    data = some_bytes(9 * MIB)
    image = on_ceph.image_with(data)
    url = f"rbd:images/{image}@snap:id=reprieve:conf={ceph.conf}"
    info = subprocess.run(["qemu-img", "info", url], capture_output=True, text=True, check=True,
                          timeout=DEADLINE).stdout
    assert "file format: raw" in info and f"({len(data)} bytes)" in info
    copy = tmp_path / "copy"
    subprocess.run(["qemu-img", "convert", "-f", "raw", "-O", "raw", url, copy], check=True, timeout=DEADLINE)
    assert copy.read_bytes() == data


@pytest.mark.parametrize("clone_format", [1, 2])
def test_a_guest_boots_from_a_clone(on_ceph, ceph, clone_format):
    words = b"the third object of its disk"
    image = on_ceph.image_with(bootable_disk(20 * MIB, words, at=17 * MIB))
    disk = f"guest-{clone_format}-{image}"  # not removed, because Ceph needs a while to notice that the guest has ended
    ceph.clone(image, disk, clone_format)
    assert boot(f"rbd:images/{disk}:id=reprieve:conf={ceph.conf}") == (ENDED, words)


def test_nothing_is_left_of_a_purged_image(on_ceph, ceph):
    before = ceph.objects()
    image = on_ceph.image_with(some_bytes(20 * MIB))
    assert len(ceph.objects() - before) > 3
    delete(on_ceph, image)
    purge(on_ceph, image)
    assert ceph.objects() - before <= {"rbd_directory", "rbd_children", "rbd_info", "rbd_trash"}


def sparse_pieces(size, islands):
    """Yields `size` bytes in pieces of 1 MiB: zeros, but data in the pieces with the numbers `islands`."""
    zeros = bytes(MIB)
    return (some_bytes(MIB, number) if number in islands else zeros for number in range(size // MIB))


@pytest.mark.parametrize("store", ["file", "rbd"])
def test_a_sparse_image_takes_the_space_of_its_data_and_comes_back_byte_for_byte(make_appliance, ceph, store):
    """2 GiB with 24 MiB of data. docs/PERFORMANCE.md has the figures for 10 GiB."""
    size, islands = 2048 * MIB, {0, *range(512, 532), 1000, 1777, 2047}
    appliance = make_appliance(ceph.settings if store == "rbd" else FILE_STORE).start()
    image = appliance.create()
    before = ceph.allocated()
    wanted = hashlib.sha512()

    def body():
        for piece in sparse_pieces(size, islands):
            wanted.update(piece)
            yield piece

    reply = appliance.request("PUT", f"/v2/images/{image}/file", body(), timeout=DEADLINE, headers={
        "Content-Type": "application/octet-stream", "Content-Length": str(size)})
    assert reply.status == 204, reply
    assert appliance.show(image)["os_hash_value"] == wanted.hexdigest()
    allocated = location_of(appliance, image)["allocated"]
    if store == "rbd":
        # RBD's map knows only whole objects of 8 MiB. The use of the osd's disk is exact.
        assert len(islands) * MIB <= allocated <= 64 * MIB
        allocated = ceph.allocated() - before
    assert abs(allocated - len(islands) * MIB) <= 8 * MIB

    got = hashlib.sha512()
    connection = appliance.connection(300)
    connection.request("GET", f"/v2/images/{image}/file")
    response = connection.getresponse()
    while piece := response.read(4 * MIB):
        got.update(piece)
    connection.close()
    assert got.digest() == wanted.digest()
    delete(appliance, image)
    purge(appliance, image)
