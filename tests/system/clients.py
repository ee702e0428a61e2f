"""Runs the command-line clients that people have, each time in a fresh home folder."""

import json
import os
import subprocess

PYTHON = "/usr/bin/python3"  # the one that Debian's clients were installed for


class Client:
    """One client, called again and again with the same options. `home` is a folder that does not exist yet.

    `environment` is added to its own; `home_files`, name to text, lie where it is started.
    """

    def __init__(self, program, options, home, environment=None, home_files=None):
        self.command = [PYTHON, f"/usr/bin/{program}", *options]
        self.home = home
        self.environment = environment or {}
        self.home_files = home_files or {}
        self.runs = 0

    def run(self, *arguments, check=True, input=None, text=True):
        """The completed process. A failure is an AssertionError, unless `check` is False."""
        self.runs += 1
        home = self.home / str(self.runs)
        home.mkdir(parents=True)
        for name, text in self.home_files.items():
            (home / name).write_text(text)
        environment = {name: value for name, value in os.environ.items() if not name.startswith("OS_")}
        if isinstance(input, bytes):
            text = False
        # A standard input that is no terminal would be taken for the data of an image.
        feed = {"input": input} if input is not None else {"stdin": subprocess.DEVNULL}
        done = subprocess.run([*self.command, *map(str, arguments)], capture_output=True, text=text, timeout=120,
                              env={**environment, "HOME": str(home), "LC_ALL": "C.UTF-8", **self.environment},
                              cwd=home, **feed)
        if check and done.returncode != 0:
            raise AssertionError(f"{arguments} ended with {done.returncode}:\n{done.stdout}\n{done.stderr}")
        return done

    def json(self, *arguments, **more):
        return json.loads(self.run(*arguments, "-f", "json", **more).stdout)

    def refused(self, *arguments):
        """What the client tells a person about a failure."""
        done = self.run(*arguments, check=False)
        assert done.returncode != 0, done.stdout
        assert "Traceback" not in done.stderr, done.stderr
        return done.stderr
