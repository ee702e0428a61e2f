"""Runs the command-line clients that people use, each time in a new home folder."""

import atexit
import json
import os
import signal
import socket
import subprocess
import tempfile
import threading
from pathlib import Path

from deadline import DEADLINE

PYTHON = "/usr/bin/python3"  # the one that Debian's clients were installed for


class WarmProgram:
    """Process that has imported a client, and is forked for each command (see warm_client.py).

    Thread-safe. Runs one command at a time."""

    running = {}
    lock = threading.Lock()

    @classmethod
    def of(cls, program):
        """Returns the process for this program. Starts it at the first call."""
        with cls.lock:
            if program not in cls.running:
                cls.running[program] = cls(program)
            return cls.running[program]

    def __init__(self, program):
        self.turn = threading.Lock()
        self.wire, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        self.wire.settimeout(DEADLINE)
        environment = {name: value for name, value in os.environ.items() if not name.startswith("OS_")}
        with theirs, tempfile.TemporaryDirectory() as home:
            self.process = subprocess.Popen([PYTHON, Path(__file__).with_name("warm_client.py"), program], stdin=theirs,
                                            cwd=home, env={**environment, "HOME": home, "LC_ALL": "C.UTF-8"})
            self._receive()  # it reports that it is warm
        atexit.register(self.end)

    def _receive(self):
        text = self.wire.recv(64)
        if not text:
            raise AssertionError("the process that the client is forked from has ended")
        return int(text)

    def run(self, arguments, environment, folder, stdin):
        """Runs a command. Returns its exit status, its standard output and its standard error."""
        with self.turn, tempfile.TemporaryFile() as output, tempfile.TemporaryFile() as errors:
            message = {"arguments": arguments, "environment": environment, "folder": str(folder)}
            files = [stdin.fileno(), output.fileno(), errors.fileno()]
            socket.send_fds(self.wire, [json.dumps(message).encode()], files)
            child = self._receive()
            try:
                status = self._receive()
            except BaseException:
                os.kill(child, signal.SIGKILL)
                self._receive()
                raise
            output.seek(0)
            errors.seek(0)
            return status, output.read(), errors.read()

    def end(self):
        """Ends the process."""
        self.wire.close()
        self.process.kill()
        self.process.wait()


class Client:
    """Client that is called many times with the same options. `home`: a folder that does not exist yet.

    `environment` is added to the environment. `home_files`: texts by name; the files are in its current folder.
    """

    def __init__(self, program, options, home, environment=None, home_files=None):
        self.program = program
        self.options = options
        self.home = home
        self.environment = environment or {}
        self.home_files = home_files or {}
        self.runs = 0

    def run(self, *arguments, check=True, input=None, text=True):
        """Runs a command. Returns the completed process. A failure raises AssertionError unless `check` is False."""
        self.runs += 1
        home = self.home / str(self.runs)
        home.mkdir(parents=True)
        for name, content in self.home_files.items():
            (home / name).write_text(content)
        environment = {name: value for name, value in os.environ.items() if not name.startswith("OS_")}
        environment |= {"HOME": str(home), "LC_ALL": "C.UTF-8", **self.environment}
        if isinstance(input, bytes):
            text = False
        command = [*self.options, *map(str, arguments)]
        # The client reads image data from a standard input that is no terminal, so it must not inherit ours.
        with open(os.devnull, "rb") if input is None else tempfile.TemporaryFile() as stdin:
            if input is not None:
                stdin.write(input if isinstance(input, bytes) else input.encode())
                stdin.seek(0)
            status, output, errors = WarmProgram.of(self.program).run(command, environment, home, stdin)
        if text:
            output, errors = output.decode(), errors.decode()
        if check and status != 0:
            raise AssertionError(f"{arguments} ended with {status}:\n{output}\n{errors}")
        return subprocess.CompletedProcess(command, status, output, errors)

    def json(self, *arguments, **more):
        return json.loads(self.run(*arguments, "-f", "json", **more).stdout)

    def refused(self, *arguments):
        """Runs a command that must fail. Returns what the client tells about the failure."""
        done = self.run(*arguments, check=False)
        assert done.returncode != 0, done.stdout
        assert "Traceback" not in done.stderr, done.stderr
        return done.stderr
