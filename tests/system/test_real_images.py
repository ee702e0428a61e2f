"""Real images from qemu-img and Debian, and the tools that read them over HTTP."""

import hashlib
import json
import random
import struct
import subprocess
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from deadline import DEADLINE
from image_api import refused

DISK_BYTES = 8 << 20
ISO = Path("/usr/lib/ipxe/ipxe.iso")

# For each name: the disk_format, and the options with which qemu-img creates it.
KINDS = {
    "raw": ("raw", ["-O", "raw"]),
    "qcow2": ("qcow2", ["-O", "qcow2"]),
    "qcow2-v2": ("qcow2", ["-O", "qcow2", "-o", "compat=0.10"]),
    "qcow2-compressed": ("qcow2", ["-O", "qcow2", "-c"]),
    "vmdk-stream": ("vmdk", ["-O", "vmdk", "-o", "subformat=streamOptimized"]),
    "vmdk-sparse": ("vmdk", ["-O", "vmdk", "-o", "subformat=monolithicSparse"]),
    "vdi": ("vdi", ["-O", "vdi"]),
    "vhd": ("vhd", ["-O", "vpc", "-o", "force_size=on"]),
    "vhd-fixed": ("vhd", ["-O", "vpc", "-o", "subformat=fixed,force_size=on"]),
    "vhdx": ("vhdx", ["-O", "vhdx"]),
    "iso": ("iso", None),
}


def qemu_img(*arguments):
    return subprocess.run(["qemu-img", *map(str, arguments)], check=True, capture_output=True, text=True,
                          timeout=DEADLINE).stdout


def curl(*arguments, check=True):
    """Runs curl. Returns its standard output, after which -w can add the status."""
    done = subprocess.run(["curl", "-sS", "--max-time", str(DEADLINE), *map(str, arguments)], capture_output=True,
                          text=True)
    assert not check or done.returncode == 0, done.stderr
    return done.stdout


@pytest.fixture(scope="session")
def disk(tmp_path_factory):
    """A disk without partitions, with data at both ends and a hole in the middle."""
    file = tmp_path_factory.mktemp("disk") / "disk.raw"
    source = random.Random(5)
    with open(file, "wb") as out:
        out.write(source.randbytes(2 << 20))
        out.seek(DISK_BYTES - 300_000)
        out.write(source.randbytes(300_000))
    return file


@pytest.fixture(scope="session", params=KINDS)
def sample(request, disk, tmp_path_factory):
    """An image of each kind: its format, its file, and the size of its disk in bytes."""
    declared, options = KINDS[request.param]
    if request.param == "iso":
        # The primary volume descriptor has the number of blocks and their size (ECMA-119, 8.4).
        blocks, block_bytes = struct.unpack_from("<I44xH", ISO.read_bytes(), 32768 + 80)
        return declared, ISO, blocks * block_bytes
    file = tmp_path_factory.mktemp("images") / request.param
    qemu_img("convert", "-f", "raw", *options, disk, file)
    return declared, file, DISK_BYTES


def check_stored(appliance, image_id, file, virtual_size):
    data = file.read_bytes()
    image = appliance.show(image_id)
    assert image["status"] == "active"
    assert image["size"] == len(data)
    assert image["virtual_size"] == virtual_size
    assert image["checksum"] == hashlib.md5(data).hexdigest()
    assert image["os_hash_value"] == hashlib.sha512(data).hexdigest()
    assert appliance.get(f"/v2/images/{image_id}/file").body == data


def test_an_image_comes_back_byte_for_byte(appliance, sample):
    declared, file, virtual_size = sample
    with_length = appliance.create(disk_format=declared)
    assert appliance.upload(with_length, file.read_bytes()).status == 204
    check_stored(appliance, with_length, file, virtual_size)


def test_curl_uploads_with_a_length_and_in_chunks_after_asking_first(appliance, sample, tmp_path):
    declared, file, virtual_size = sample
    url = f"{appliance.url}/v2/images/{{}}/file"
    media = ["-H", "Content-Type: application/octet-stream", "-H", "Expect: 100-continue", "-w", "%{http_code}"]
    for more in ([], ["-H", "Transfer-Encoding: chunked"]):
        image_id = appliance.create(disk_format=declared)
        assert curl("-T", file, *media, *more, url.format(image_id)) == "204"
        check_stored(appliance, image_id, file, virtual_size)
        curl("-o", tmp_path / "got", url.format(image_id))
        assert (tmp_path / "got").read_bytes() == file.read_bytes()


def test_an_upload_that_asks_first_is_refused_before_it_is_sent(appliance, tmp_path):
    file = tmp_path / "large"
    file.write_bytes(bytes(1 << 20))
    answer = curl("-T", file, "-H", "Content-Type: application/octet-stream", "-H", "Expect: 100-continue",
                  "--expect100-timeout", str(DEADLINE), "-o", "/dev/null", "-w", "%{http_code} %{size_upload}",
                  f"{appliance.url}/v2/images/{appliance.image_with(b'data')}/file")
    assert answer == "409 0"


def test_a_download_that_broke_off_is_taken_up_again(appliance, tmp_path):
    image_id = appliance.create(disk_format="iso")
    assert appliance.upload(image_id, ISO.read_bytes()).status == 204
    partial = tmp_path / "partial"
    partial.write_bytes(ISO.read_bytes()[:123_457])
    curl("-f", "-C", "-", "-o", partial, f"{appliance.url}/v2/images/{image_id}/file")
    assert partial.read_bytes() == ISO.read_bytes()


@pytest.mark.parametrize("kind, driver", [("raw", "raw"), ("qcow2", "qcow2"), ("qcow2-compressed", "qcow2"),
                                          ("vmdk-sparse", "vmdk"), ("vhdx", "vhdx"), ("vdi", "vdi")])
def test_qemu_reads_an_image_straight_from_the_appliance(appliance, disk, tmp_path, kind, driver):
    declared, options = KINDS[kind]
    qemu_img("convert", "-f", "raw", *options, disk, tmp_path / kind)
    image_id = appliance.create(disk_format=declared)
    assert appliance.upload(image_id, (tmp_path / kind).read_bytes()).status == 204
    source = "json:" + json.dumps({"driver": driver, "file.driver": "http", "file.timeout": DEADLINE,
                                   "file.url": f"{appliance.url}/v2/images/{image_id}/file"})
    assert json.loads(qemu_img("info", "--output", "json", source))["virtual-size"] == DISK_BYTES
    # Only one reader (-m 1). With more, qemu 7.2 sometimes waits without end for bytes that its curl driver has already
    # read.
    qemu_img("convert", "-m", "1", "-O", "raw", source, tmp_path / "copy.raw")
    assert (tmp_path / "copy.raw").read_bytes() == disk.read_bytes()


def test_readers_that_come_and_go_harm_nobody(appliance, disk, tmp_path):
    """qemu reads ranges, and closes a connection in the middle of an answer if it needs no more of it. With a store on
    Ceph, this used to crash the appliance sometimes."""
    qemu_img("convert", "-f", "raw", "-O", "vdi", disk, tmp_path / "vdi")
    image_id = appliance.create(disk_format="vdi")
    assert appliance.upload(image_id, (tmp_path / "vdi").read_bytes()).status == 204
    source = "json:" + json.dumps({"driver": "vdi", "file.driver": "http", "file.timeout": DEADLINE,
                                   "file.url": f"{appliance.url}/v2/images/{image_id}/file"})

    def read_again_and_again(number):
        for _ in range(25):
            qemu_img("convert", "-m", "1", "-O", "raw", source, tmp_path / f"{number}.raw")
        return (tmp_path / f"{number}.raw").read_bytes()

    with ThreadPoolExecutor(4) as pool:
        assert set(pool.map(read_again_and_again, range(4))) == {disk.read_bytes()}
    assert appliance.process.poll() is None


def make_dangerous(kind, folder, disk):
    """Creates an image that would make its reader open another file, or misunderstand it. Returns its declared format
    and its file."""
    file = folder / kind
    if kind == "qcow2 with a backing file":
        qemu_img("create", "-f", "qcow2", "-F", "raw", "-b", disk, file)
        return "qcow2", file
    if kind == "qcow2 with a data file":
        qemu_img("create", "-f", "qcow2", "-o", f"data_file={folder}/outside,data_file_raw=on", file, "1M")
        return "qcow2", file
    if kind == "vmdk over several files":
        qemu_img("create", "-f", "vmdk", "-o", "subformat=monolithicFlat", file, "1M")
        return "vmdk", file
    if kind == "vmdk with a path":
        qemu_img("create", "-f", "vmdk", "-o", "subformat=monolithicSparse", file, "1M")
        content = bytearray(file.read_bytes())
        at = content.index(b'"vmdk with a path"')
        content[at:at + 18] = b'"/etc/passwd-long"'
        file.write_bytes(content)
        return "vmdk", file
    if kind == "qed":
        qemu_img("create", "-f", "qed", file, "1M")
        return "raw", file
    if kind == "qcow2 declared as raw":
        qemu_img("convert", "-f", "raw", "-O", "qcow2", disk, file)
        return "raw", file
    if kind == "raw declared as qcow2":
        file.write_bytes(disk.read_bytes())
        return "qcow2", file
    if kind == "qcow2 of an unknown version":
        file.write_bytes(b"QFI\xfb" + struct.pack(">I", 4) + bytes(65536))
        return "qcow2", file
    if kind == "qcow2 cut off in its header":
        file.write_bytes(b"QFI\xfb" + struct.pack(">I", 3) + bytes(30))
        return "qcow2", file
    if kind == "qcow2 and iso at once":
        qemu_img("convert", "-f", "raw", "-O", "qcow2", disk, file)
        content = bytearray(file.read_bytes())
        content[32769:32774] = b"CD001"
        file.write_bytes(content)
        return "qcow2", file
    raise AssertionError(kind)


@pytest.mark.parametrize("kind, words", [
    ("qcow2 with a backing file", ["backing file"]),
    ("qcow2 with a data file", ["keeps its data in another file"]),
    ("vmdk over several files", []),
    ("vmdk with a path", []),
    ("qed", ["QED"]),
    ("qcow2 declared as raw", ["declared as raw", "is qcow2"]),
    ("raw declared as qcow2", ["declared as qcow2", "is raw"]),
    ("qcow2 of an unknown version", ["version"]),
    ("qcow2 cut off in its header", ["cut off"]),
    ("qcow2 and iso at once", ["qcow2", "iso", "at once"])])
@pytest.mark.parametrize("chunked", [False, True])
def test_a_dangerous_image_is_refused_and_leaves_nothing(appliance, disk, tmp_path, kind, words, chunked):
    declared, file = make_dangerous(kind, tmp_path, disk)
    image_id = appliance.create(disk_format=declared)
    data = file.read_bytes()
    reply = appliance.upload(image_id, iter([data]) if chunked else data)
    assert refused(reply, 400, *words)
    image = appliance.get(f"/api/images/{image_id}").json
    assert image["status"] == "queued" and image["locations"] == []
    assert image["status_reason"] == reply.json["message"]
    assert image["size"] is None and image["checksum"] is None
    assert not appliance.store.ids(appliance) and not appliance.store.leftovers(appliance)
    # The image is still queued, so another upload can follow.
    assert appliance.get(f"/v2/images/{image_id}/file").status == 204


def test_raw_can_be_configured_to_take_any_format(make_appliance, disk, tmp_path):
    appliance = make_appliance("[images]\nraw_accepts_any_format = true\n").start()
    declared, file = make_dangerous("qcow2 declared as raw", tmp_path, disk)
    image_id = appliance.create(disk_format=declared)
    assert appliance.upload(image_id, file.read_bytes()).status == 204
    assert appliance.get(f"/v2/images/{image_id}/file").body == file.read_bytes()
    assert refused(appliance.upload(appliance.create(disk_format="iso"), file.read_bytes()), 400, "is qcow2")


def test_a_dangerous_image_is_refused_before_all_of_it_is_sent(appliance, disk, tmp_path):
    """The refusal comes after the header, without the rest of a large upload."""
    declared, file = make_dangerous("qcow2 declared as raw", tmp_path, disk)
    image_id = appliance.create(disk_format=declared)
    sent = 0

    def pieces():
        nonlocal sent
        head = file.read_bytes()[:1 << 20]
        for _ in range(4096):  # 4 GiB, if all were accepted
            sent += len(head)
            yield head

    try:
        reply = appliance.upload(image_id, pieces())
        assert refused(reply, 400, "is qcow2")
    except (BrokenPipeError, ConnectionResetError):
        pass  # the appliance closed the connection of the refused upload
    assert sent < 256 << 20
    assert appliance.show(image_id)["status"] == "queued"
