"""Facts of the system about a running appliance."""


def _status(appliance, name):
    with open(f"/proc/{appliance.process.pid}/status") as status:
        return next(int(line.split()[1]) for line in status if line.startswith(name + ":"))


def memory_mb(appliance):
    """Returns the resident memory in MiB."""
    return _status(appliance, "VmRSS") / 1024


def threads(appliance):
    return _status(appliance, "Threads")
