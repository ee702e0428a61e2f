"""Runs the command-line clients that people have, each time in a fresh home folder."""

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
    """A process that has imported a client, and is forked for each command (warm_client.py says how).

    Runs one command at a time; several threads may call."""

    running = {}
    lock = threading.Lock()

    @classmethod
    def of(cls, program):
        """The one of this test process; started at the first use."""
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
            self._receive()  # that it is warm
        atexit.register(self.end)

    def _receive(self):
        text = self.wire.recv(64)
        if not text:
            raise AssertionError("the process that the client is forked from has ended")
        return int(text)

    def run(self, arguments, environment, folder, stdin):
        """The exit status, and what it wrote to standard output and to standard error."""
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
    """One client, called again and again with the same options. `home` is a folder that does not exist yet.

    `environment` is added to its own; `home_files`, name to text, lie where it is started.
    """

    def __init__(self, program, options, home, environment=None, home_files=None):
        self.program = program
        self.options = options
        self.home = home
        self.environment = environment or {}
        self.home_files = home_files or {}
        self.runs = 0

    def run(self, *arguments, check=True, input=None, text=True):
        """The completed process. A failure is an AssertionError, unless `check` is False."""
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
        # A standard input that is no terminal would be taken for the data of an image.
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
        """What the client tells a person about a failure."""
        done = self.run(*arguments, check=False)
        assert done.returncode != 0, done.stdout
        assert "Traceback" not in done.stderr, done.stderr
        return done.stderr
