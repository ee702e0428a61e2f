"""What an appliance's store holds, seen from beside the appliance: a folder, or a pool of Ceph."""

import contextlib
import json
import subprocess
from pathlib import Path

from deadline import DEADLINE

ROOT = Path(__file__).resolve().parents[2]


class FileStore:
    """The store of an appliance that nobody configured."""

    name = "local"
    settings = ""
    crash_rounds = 20
    crash_answers = (1, 4, 12, 60)  # of a client in a round: at most one of these
    crowd = 300  # images that a purge takes a moment for

    def clear(self):
        """Removes what other tests left; no appliance may run. Each has a folder of its own: there is nothing."""

    def ids(self, appliance):
        return {file.name for file in (appliance.data / "images").glob("[!.]*") if file.is_file()}

    def leftovers(self, appliance):
        """What uploads that ended have no right to leave."""
        return [str(file) for file in (appliance.data / "images/.partial").rglob("*")]

    def of(self, appliance, image_id):
        """The bytes of one image, whether they are there or not: exists() and unlink()."""
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
    """A cluster of scripts/ceph-dev, and the store on its pool. The pool is shared by all tests, so only what an
    appliance's own catalog names counts as its own."""

    name = "ceph"
    # Each round waits until Ceph has seen that the client is dead: half a minute.
    crash_rounds = 3
    crash_answers = (2, 4, 6)
    crowd = 30

    def __init__(self, folder):
        self.folder = Path(folder)
        self.ceph_dev("up")

    def ceph_dev(self, *arguments):
        """Runs scripts/ceph-dev on the cluster's folder; it bounds each of its steps."""
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
        """For an appliance that waits so long for an operation of the cluster."""
        return (f'[store]\ndefault = "ceph"\n[stores.ceph]\ntype = "rbd"\nuser = "reprieve"\nconf = "{self.conf}"\n'
                f'timeout = "{timeout}"\n')

    def clear(self):
        """Removes what other tests left; no appliance may run. A new pool: an image may have a dead client yet."""
        self.ceph("osd", "pool", "rm", "images", "images", "--yes-i-really-really-mean-it")
        self.ceph("osd", "pool", "create", "images")
        subprocess.run(["rbd", "--conf", self.conf, "pool", "init", "images"], check=True, timeout=DEADLINE)

    def rbd(self, *arguments):
        """A command of rbd; its JSON where it is asked for, else its text."""
        done = subprocess.run(["rbd", "--conf", self.conf, "--id", "reprieve", *arguments], check=True,
                              capture_output=True, text=True, timeout=DEADLINE)
        return json.loads(done.stdout) if "--format=json" in arguments else done.stdout

    def ceph(self, *arguments):
        """A command of ceph, as the admin of the cluster."""
        return subprocess.run(["ceph", "--conf", self.conf, *arguments], check=True, capture_output=True, text=True,
                              timeout=DEADLINE).stdout

    def objects(self):
        """The names of all objects in the pool."""
        return set(subprocess.run(["rados", "--conf", self.conf, "--id", "reprieve", "-p", "images", "ls"], check=True,
                                  capture_output=True, text=True, timeout=DEADLINE).stdout.split())

    def allocated(self):
        """Bytes of the osd's disk that are taken."""
        counters = json.loads(self.ceph("--admin-daemon", self.folder / "osd.asok", "perf", "dump", "bluestore"))
        return counters["bluestore"]["bluestore_allocated"]

    def image(self, name):
        return RbdImage(self, name)

    def clone(self, image_id, name, clone_format):
        """As Nova and Cinder do it."""
        self.rbd("clone", f"--rbd-default-clone-format={clone_format}", f"images/{image_id}@snap", f"images/{name}")

    def export(self, name):
        """Its bytes."""
        return subprocess.run(["rbd", "--conf", self.conf, "--id", "reprieve", "export", "--no-progress",
                               f"images/{name}", "-"], check=True, capture_output=True, timeout=DEADLINE).stdout

    def open_image(self, name):
        """A process that has it open for writing, as a running guest has."""
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
        """RBD images without a snapshot: uploads that never ended."""
        return [name for name in self.ids(appliance) if self.snapshots(name) == []]

    def snapshots(self, name, *options):
        """None where there is no such image."""
        with contextlib.suppress(subprocess.CalledProcessError):
            return self.rbd("snap", "ls", f"images/{name}", "--format=json", *options)
        return None

    def put_snapshot_into_trash(self, name):
        """What the removal of a snapshot that is cut off has done."""
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
        """The mon or the osd does not answer meanwhile."""
        subprocess.run(["kill", "-STOP", str(self.pid(daemon))], check=True)
        try:
            yield
        finally:
            subprocess.run(["kill", "-CONT", str(self.pid(daemon))], check=True)

    @contextlib.contextmanager
    def stopped(self):
        """The whole cluster is away meanwhile."""
        self.ceph_dev("down", "--keep")
        try:
            yield
        finally:
            self.ceph_dev("up")
