"""A wall clock that a test can set, for one appliance: libfaketime, which leaves the boot clock as it is."""

import glob
import os

import pytest

LIBRARIES = glob.glob("/usr/lib/*/faketime/libfaketimeMT.so.1")


class WallClock:
    """What an appliance with this `environment` takes for the time; with a `reboot_prefix` its machine was rebooted."""

    def __init__(self, folder):
        if not LIBRARIES:
            pytest.skip("libfaketime is not installed: scripts/setup brings it")
        self.file = folder / "clock"
        self.boot_id = folder / "boot_id"
        self.set("+0s")
        self.environment = {"LD_PRELOAD": LIBRARIES[0], "FAKETIME_TIMESTAMP_FILE": str(self.file),
                            "FAKETIME_NO_CACHE": "1", "FAKETIME_DONT_FAKE_MONOTONIC": "1"}

    def set(self, offset):
        """Such as "+40d" or "-2h", from the true time."""
        new = self.file.with_suffix(".new")
        new.write_text(offset + "\n")
        os.replace(new, self.file)

    def reboot_prefix(self):
        """A command that runs another under a boot id that was never seen; it needs root."""
        if os.geteuid() != 0:
            pytest.skip("another boot id needs root")
        self.boot_id.write_text(f"{os.urandom(16).hex()}\n")
        script = f'mount --bind "{self.boot_id}" /proc/sys/kernel/random/boot_id && exec "$@"'
        return ["unshare", "--mount", "sh", "-c", script, "sh"]
