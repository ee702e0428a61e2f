"""A small file system that a test can fill."""

import os
import shutil
import subprocess

import pytest


class SmallDisk:
    """File system in memory (tmpfs), mounted at `folder`. Skips the test without root."""

    def __init__(self, folder, megabytes):
        self.folder = folder
        folder.mkdir()
        done = subprocess.run(["mount", "-t", "tmpfs", "-o", f"size={megabytes}M", "tmpfs", folder],
                              capture_output=True, text=True)
        if done.returncode != 0:
            pytest.skip(f"a file system of its own needs root and mount: {done.stderr.strip()}")

    def free(self):
        return shutil.disk_usage(self.folder).free

    def fill(self, leave=0):
        """Takes all space except `leave` bytes, as the file of another program would."""
        file = os.open(self.folder / "other", os.O_WRONLY | os.O_CREAT | os.O_APPEND)
        try:
            while (size := min(1 << 20, self.free() - leave)) > 0:
                os.write(file, b"x" * size)
        except OSError:
            pass
        finally:
            os.close(file)

    def unfill(self):
        (self.folder / "other").unlink(missing_ok=True)

    def unmount(self):
        subprocess.run(["umount", "--lazy", self.folder], check=True)
