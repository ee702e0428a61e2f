"""The contents of an appliance's store, read without the appliance: a folder, or a pool of Ceph."""

import contextlib
import json
import subprocess
from pathlib import Path

from deadline import DEADLINE

ROOT = Path(__file__).resolve().parents[2]


class FileStore:
    """Default store of an appliance: a folder in its data folder."""

    name = "local"
    settings = ""
    crash_rounds = 20
    crash_answers = (1, 4, 12, 60)  # a round takes one as the highest number of answers to a client before the kill
    crowd = 300  # number of images whose purge takes some time

    def clear(self):
        """Does nothing, because each appliance has its own folder. See CephCluster.clear()."""

    def ids(self, appliance):
        return {file.name for file in (appliance.data / "images").glob("[!.]*") if file.is_file()}

    def leftovers(self, appliance):
        """Returns the files that ended uploads must not leave."""
        return [str(file) for file in (appliance.data / "images/.partial").rglob("*")]

    def of(self, appliance, image_id):
        """Returns the path of an image's bytes, which may be missing. It has exists() and unlink()."""
        return appliance.data / "images" / image_id


class RbdImage:
    def __init__(self, cluster, image_id):
        self.cluster, self.image_id = cluster, image_id

    def exists(self):
        return self.image_id in self.cluster.names()

    def unlink(self):
        self.cluster.rbd("snap", "unprotect", f"images/{self.image_id}@snap")
        self.cluster.rbd("snap", "purge", f"images/{self.image_id}")
        self.cluster.rbd("rm", f"images/{self.image_id}")


class CephCluster:
    """Cluster of scripts/ceph-dev, and the store in its pool. All tests share the pool, so only the images that an
    appliance has created count as its own."""

    name = "ceph"
    # Few rounds, because after each Ceph takes half a minute to notice that the client is dead.
    crash_rounds = 3
    crash_answers = (2, 4, 6)
    crowd = 30

    def __init__(self, folder):
        self.folder = Path(folder)
        self.ceph_dev("up")

    def ceph_dev(self, *arguments):
        """Runs scripts/ceph-dev on the cluster's folder. Each step of the script has a time limit."""
        subprocess.run([ROOT / "scripts/ceph-dev", *arguments, self.folder], check=True, capture_output=True)

    def down(self):
        self.ceph_dev("down")

    @property
    def conf(self):
        return self.folder / "ceph.conf"

    @property
    def settings(self):
        return self.settings_with("60s")

    def settings_with(self, timeout):
        """Returns settings for an appliance that waits up to `timeout` for an operation of the cluster."""
        return (f'[store]\ndefault = "ceph"\n[stores.ceph]\ntype = "rbd"\nuser = "reprieve"\nconf = "{self.conf}"\n'
                f'timeout = "{timeout}"\n')

    def clear(self):
        """Removes the images of other tests. Requires: no appliance runs. It replaces the pool, because an image that a
        killed client had open cannot be removed yet."""
        self.ceph("osd", "pool", "rm", "images", "images", "--yes-i-really-really-mean-it")
        self.ceph("osd", "pool", "create", "images")
        subprocess.run(["rbd", "--conf", self.conf, "pool", "init", "images"], check=True, timeout=DEADLINE)

    def rbd(self, *arguments):
        """Runs a command of rbd. Returns its JSON if the arguments ask for it, otherwise its text."""
        done = subprocess.run(["rbd", "--conf", self.conf, "--id", "reprieve", *arguments], check=True,
                              capture_output=True, text=True, timeout=DEADLINE)
        return json.loads(done.stdout) if "--format=json" in arguments else done.stdout

    def ceph(self, *arguments):
        """Runs a command of ceph as the admin of the cluster. Returns its text."""
        return subprocess.run(["ceph", "--conf", self.conf, *arguments], check=True, capture_output=True, text=True,
                              timeout=DEADLINE).stdout

    def objects(self):
        """Returns the names of all objects in the pool."""
        return set(subprocess.run(["rados", "--conf", self.conf, "--id", "reprieve", "-p", "images", "ls"], check=True,
                                  capture_output=True, text=True, timeout=DEADLINE).stdout.split())

    def allocated(self):
        """Returns the bytes in use on the osd's disk."""
        counters = json.loads(self.ceph("--admin-daemon", self.folder / "osd.asok", "perf", "dump", "bluestore"))
        return counters["bluestore"]["bluestore_allocated"]

    def image(self, name):
        return RbdImage(self, name)

    def clone(self, image_id, name, clone_format):
        """Clones the image, as Nova and Cinder do."""
        self.rbd("clone", f"--rbd-default-clone-format={clone_format}", f"images/{image_id}@snap", f"images/{name}")

    def export(self, name):
        """Returns the bytes of an RBD image."""
        return subprocess.run(["rbd", "--conf", self.conf, "--id", "reprieve", "export", "--no-progress",
                               f"images/{name}", "-"], check=True, capture_output=True, timeout=DEADLINE).stdout

    def open_image(self, name):
        """Starts a process that has the image open for writing, as a running guest has. Returns it."""
        code = ("import sys, time, rados, rbd\n"
                "cluster = rados.Rados(conffile=sys.argv[1], name='client.reprieve')\n"
                "cluster.connect()\n"
                "image = rbd.Image(cluster.open_ioctx('images'), sys.argv[2])\n"
                "print('open', flush=True)\n"
                "time.sleep(600)\n")
        process = subprocess.Popen(["/usr/bin/python3", "-c", code, self.conf, name], stdout=subprocess.PIPE)
        assert process.stdout.readline() == b"open\n"
        return process

    def names(self):
        return set(self.rbd("ls", "images").split())

    def ids(self, appliance):
        return self.names() & appliance.known_ids

    def leftovers(self, appliance):
        """Returns the RBD images without a snapshot, which are uploads that never completed."""
        return [name for name in self.ids(appliance) if self.snapshots(name) == []]

    def snapshots(self, name, *options):
        """Returns the snapshots of an image; None if the image does not exist."""
        with contextlib.suppress(subprocess.CalledProcessError):
            return self.rbd("snap", "ls", f"images/{name}", "--format=json", *options)
        return None

    def put_snapshot_into_trash(self, name):
        """Brings the snapshot into the state in which an interrupted removal leaves it."""
        header = "rbd_header." + self.rbd("info", f"images/{name}", "--format=json")["id"]
        [snapshot] = self.snapshots(name)
        code = ("import sys, struct, rados\n"
                "cluster = rados.Rados(conffile=sys.argv[1], name='client.reprieve')\n"
                "cluster.connect()\n"
                "pool = cluster.open_ioctx('images')\n"
                "pool.execute(sys.argv[2], 'rbd', 'snapshot_trash_add', struct.pack('<Q', int(sys.argv[3])))\n")
        subprocess.run(["/usr/bin/python3", "-c", code, self.conf, header, str(snapshot["id"])], check=True,
                       timeout=DEADLINE)

    def of(self, appliance, image_id):
        return self.image(image_id)

    def pid(self, daemon):
        return int((self.folder / f"{daemon}.pid").read_text())

    @contextlib.contextmanager
    def frozen(self, daemon):
        """Makes the mon or the osd give no answers inside the block."""
        subprocess.run(["kill", "-STOP", str(self.pid(daemon))], check=True)
        try:
            yield
        finally:
            subprocess.run(["kill", "-CONT", str(self.pid(daemon))], check=True)

    @contextlib.contextmanager
    def stopped(self):
        """Stops the whole cluster inside the block."""
        self.ceph_dev("down", "--keep")
        try:
            yield
        finally:
            self.ceph_dev("up")
