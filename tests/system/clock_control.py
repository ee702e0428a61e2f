"""A wall clock that a test can set for one appliance. It uses libfaketime, which does not change the boot clock."""

import glob
import os

import pytest

LIBRARIES = glob.glob("/usr/lib/*/faketime/libfaketimeMT.so.1")


class WallClock:
    """Wall clock of an appliance that has this `environment`. With `reboot_prefix` as its prefix, the machine seems to
    have been rebooted."""

    def __init__(self, folder):
        if not LIBRARIES:
            pytest.skip("libfaketime is not installed: scripts/setup installs it")
        self.file = folder / "clock"
        self.boot_id = folder / "boot_id"
        self.set("+0s")
        self.environment = {"LD_PRELOAD": LIBRARIES[0], "FAKETIME_TIMESTAMP_FILE": str(self.file),
                            "FAKETIME_NO_CACHE": "1", "FAKETIME_DONT_FAKE_MONOTONIC": "1"}

    def set(self, offset):
        """Sets the offset from the true time, such as "+40d" or "-2h"."""
        new = self.file.with_suffix(".new")
        new.write_text(offset + "\n")
        os.replace(new, self.file)

    def reboot_prefix(self):
        """Returns a command that runs another one under a new boot id. Skips the test without root."""
        if os.geteuid() != 0:
            pytest.skip("another boot id needs root")
        self.boot_id.write_text(f"{os.urandom(16).hex()}\n")
        script = f'mount --bind "{self.boot_id}" /proc/sys/kernel/random/boot_id && exec "$@"'
        return ["unshare", "--mount", "sh", "-c", script, "sh"]
