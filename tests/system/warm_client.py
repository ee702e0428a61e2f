"""Command-line client that is imported once, and forked for each command, which takes a twentieth of the time.

    warm_client.py openstack

Standard input is a socket of type SEQPACKET. Each message on it is JSON, {"arguments", "environment", "folder"}, with
three file descriptors: the command's standard input, output and error. The answers are the process id of the command
and, once it has ended, its exit status. Each command is a separate process, with the environment and the folder that
the message names. Modules that read these at their import are imported again.
"""

import importlib
import json
import os
import signal
import socket
import sys

MAX_MESSAGE = 128 * 1024

MAINS = {"openstack": "openstackclient.shell", "glance": "glanceclient.shell"}
# The plugins that the client would search and import for every command.
PLUGINS = {
    "openstack": ["openstack.cli", "openstack.cli.base", "openstack.cli.extension", "openstack.common",
                  "openstack.image.v2", "openstack.identity.v3", "openstack.compute.v2", "openstack.network.v2",
                  "openstack.object_store.v1", "openstack.volume.v3", "cliff.formatter.list", "cliff.formatter.show",
                  "cliff.formatter.completion", "keystoneauth1.plugin"],
    "glance": ["keystoneauth1.plugin"],
}
# Modules that read the environment, the home or the folder when they are imported.
READ_AT_IMPORT = ["openstack.config.defaults", "openstack.config.loader"]


def warm_up(program):
    """Imports the client, and the modules that its commands for images and users need. Returns its main module."""
    from stevedore import _cache

    shell = importlib.import_module(MAINS[program])
    for group in PLUGINS[program]:
        for entry in _cache.get_group_all(group):
            if group.startswith("openstack.") and not entry.value.startswith(("openstackclient.", "osc_lib.")):
                continue
            try:
                entry.load()
            except ImportError:  # a plugin whose library is not installed, such as that of Kerberos
                pass
    for module in ("openstack", "openstack.connection", "keystoneauth1.session", "keystoneauth1.loading", "requests",
                   "prettytable", "yaml", "glanceclient.v2.client", "glanceclient.v2.shell"):
        importlib.import_module(module)
    return shell


def run(shell, program, message, files):
    """Runs the command in this process, which was forked for it. Does not return."""
    for number, file in enumerate(files):
        os.dup2(file, number)
        os.close(file)
    os.environ.clear()
    os.environ.update(message["environment"])
    os.chdir(message["folder"])
    sys.argv = [f"/usr/bin/{program}", *message["arguments"]]
    for name in READ_AT_IMPORT:
        if name in sys.modules:
            importlib.reload(sys.modules[name])
    status = 1
    try:
        status = shell.main()
    except SystemExit as end:
        status = end.code
    except BaseException:
        sys.excepthook(*sys.exc_info())
    if isinstance(status, str):
        print(status, file=sys.stderr)
    sys.stdout.flush()
    sys.stderr.flush()
    os._exit(status if isinstance(status, int) else 0 if status is None else 1)


def main():
    program = sys.argv[1]
    shell = warm_up(program)
    wire = socket.socket(fileno=os.dup(0))
    null = os.open(os.devnull, os.O_RDWR)
    os.dup2(null, 0)
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is for the command and the tests, which end this
    wire.send(b"0")  # warm
    while True:
        text, files, _, _ = socket.recv_fds(wire, MAX_MESSAGE, 3)
        if not text:
            return
        child = os.fork()
        if child == 0:
            wire.close()
            signal.signal(signal.SIGINT, signal.default_int_handler)
            run(shell, program, json.loads(text), files)
        for file in files:
            os.close(file)
        wire.send(str(child).encode())
        _, status = os.waitpid(child, 0)
        wire.send(str(os.waitstatus_to_exitcode(status)).encode())


if __name__ == "__main__":
    main()
