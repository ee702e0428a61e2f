"""Runs the real binary for a test, and sends requests to it over real sockets."""

import contextlib
import http.client
import json
import os
import re
import shutil
import signal
import ssl
import subprocess
import time
from pathlib import Path

from deadline import DEADLINE
from stored_bytes import FileStore

ROOT = Path(__file__).resolve().parents[2]
BINARY = os.environ.get("REPRIEVE_BINARY", str(ROOT / "build/quick/reprieve"))

# Timeouts longer than DEADLINE, so that the server never gives up a client that a busy machine delays. A test of one of
# these timeouts sets it itself.
PATIENT_SERVER = {"header_timeout": "10m", "idle_timeout": "1h", "stall_timeout": "1h", "shutdown_timeout": "1h"}
SANITIZER_REPORT = re.compile(r"ERROR: (?:Address|Leak)Sanitizer|runtime error: ")


def wait_until(condition, what, deadline=DEADLINE):
    """Repeats the condition until its result is true, and returns that. Fails after `deadline` seconds."""
    end = time.monotonic() + deadline
    while True:
        result = condition()
        if result:
            return result
        if time.monotonic() > end:
            raise AssertionError(f"not within {deadline} s: {what}")
        time.sleep(0.02)


class Reply:
    def __init__(self, response):
        self.status = response.status
        self.headers = response.headers
        self.body = response.read()

    @property
    def json(self):
        return json.loads(self.body)

    def __repr__(self):
        return f"{self.status} {self.body[:500]!r}"


class Appliance:
    """A `reprieve serve` on a free port of loopback, with its own data folder.

    `settings`: TOML text for its configuration. If it names no store, the appliance has the store of the test run.
    `prefix`: a command that runs the binary. `environment`: variables added to its environment. `https`: whether it
    uses TLS, with a self-signed certificate, whose file is `cacert`.
    """

    store = FileStore()

    def __init__(self, folder, settings="", prefix=(), environment=None, https=False):
        self.folder = Path(folder)
        self.data = self.folder / "data"
        self.config = self.folder / "config.toml"
        self.log_file = self.folder / "log"
        self.prefix = list(prefix)
        self.environment = environment or {}
        self.process = None
        self.port = None
        self.cacert = self.data / "tls/certificate.pem" if https else None
        self.known_ids = set()  # of the images that were created through this object
        self.folder.mkdir(parents=True, exist_ok=True)
        self.configure(settings)
        if https and not self.cacert.exists():
            self.cli("tls", "init")

    def configure(self, settings):
        if "[stores." not in settings:
            settings += self.store.settings
        server = {key: value for key, value in PATIENT_SERVER.items() if key not in settings}
        if self.cacert:
            server |= {"tls_certificate": self.cacert, "tls_key": f"{self.data}/tls/key.pem"}
        lines = "[server]\n" + "".join(f'{key} = "{value}"\n' for key, value in server.items())
        settings = settings.replace("[server]\n", lines, 1) if "[server]\n" in settings else settings + "\n" + lines
        self.config.write_text(settings)

    def restart(self, settings):
        """Stops, and starts with other settings, such as limits that are too short for the preparation of a test."""
        self.stop()
        self.configure(settings)
        return self.start()

    def reload(self):
        """Makes it read its certificate again."""
        self.process.send_signal(signal.SIGHUP)

    def start(self):
        log = open(self.log_file, "ab")
        offset = self.log_file.stat().st_size
        self.process = subprocess.Popen(
            [*self.prefix, BINARY, "serve", "--config", self.config, "--data", self.data, "--listen", "127.0.0.1:0"],
            stdout=log, stderr=log, stdin=subprocess.DEVNULL, env={**os.environ, **self.environment})
        log.close()

        def listening():
            text = self.log_file.read_bytes()[offset:].decode(errors="replace")
            if self.process.poll() is not None:
                raise AssertionError(f"the appliance ended with {self.process.returncode}:\n{text}")
            for line in text.splitlines():
                if "server.listening" in line and "port=" in line:
                    return int(line.split("port=")[1].split()[0])
            return None

        self.port = wait_until(listening, "the appliance listens")
        return self

    def stop(self):
        """Sends SIGTERM. Returns the exit status; None if it does not run."""
        return self._end(signal.SIGTERM)

    def kill(self):
        """Sends SIGKILL, like a crash. Returns the exit status; None if it does not run."""
        return self._end(signal.SIGKILL)

    def sanitizer_reports(self):
        """Returns the reports of sanitizers in its log."""
        text = self.log if self.log_file.exists() else ""
        begins = [match.start() for match in SANITIZER_REPORT.finditer(text)]
        return [text[begin:begin + 4000] for begin in begins]

    def remove(self):
        """Deletes its folder, because more than a thousand folders of about 20 MB would fill the disk."""
        shutil.rmtree(self.folder, ignore_errors=True)

    def _end(self, number):
        if self.process is None or self.process.poll() is not None:
            return None
        self.process.send_signal(number)
        return self.process.wait(timeout=DEADLINE)

    @property
    def url(self):
        return f"{'https' if self.cacert else 'http'}://127.0.0.1:{self.port}"

    def connection(self, timeout=DEADLINE):
        """Returns a connection of http.client, for several requests."""
        if not self.cacert:
            return http.client.HTTPConnection("127.0.0.1", self.port, timeout=timeout)
        context = ssl.create_default_context(cafile=self.cacert)
        return http.client.HTTPSConnection("127.0.0.1", self.port, timeout=timeout, context=context)

    @property
    def log(self):
        return self.log_file.read_text(errors="replace")

    def request(self, method, path, body=None, headers=None, timeout=DEADLINE):
        """Sends a request on a new connection. Returns the Reply. A dict or a list becomes JSON."""
        headers = {"Prefer": "wait=60", **(headers or {})}  # a busy machine takes long for a scrub
        if isinstance(body, (dict, list)):
            body = json.dumps(body).encode()
            headers.setdefault("Content-Type", "application/json")
        connection = self.connection(timeout)
        try:
            connection.connect()
            # The server may refuse a request before all of it is sent. It then answers and closes the connection.
            with contextlib.suppress(BrokenPipeError, ConnectionResetError):
                connection.request(method, path, body=body, headers=headers)
            reply = Reply(connection.getresponse())
            if (method, path, reply.status) == ("POST", "/v2/images", 201):
                self.known_ids.add(reply.json["id"])
            return reply
        finally:
            connection.close()

    def get(self, path, **more):
        return self.request("GET", path, **more)

    def cli(self, *arguments, check=True, input=None, **more):
        """Runs a command of the binary on this data folder. Returns the completed process, with its output as text."""
        done = subprocess.run([BINARY, *arguments, "--config", self.config, "--data", self.data],
                              capture_output=True, text=True, timeout=DEADLINE, input=input, **more)
        if check and done.returncode != 0:
            raise AssertionError(f"reprieve {arguments} ended with {done.returncode}: {done.stderr}{done.stdout}")
        return done

    # Calls with which most tests begin.

    def create(self, **fields):
        fields = {"name": "image", "disk_format": "raw", "container_format": "bare", **fields}
        reply = self.request("POST", "/v2/images", fields)
        assert reply.status == 201, reply
        return reply.json["id"]

    def upload(self, image_id, data, **headers):
        return self.request("PUT", f"/v2/images/{image_id}/file", data,
                            {"Content-Type": "application/octet-stream", **headers})

    def image_with(self, data, **fields):
        image_id = self.create(**fields)
        reply = self.upload(image_id, data)
        assert reply.status == 204, reply
        return image_id

    def show(self, image_id):
        reply = self.get(f"/v2/images/{image_id}")
        assert reply.status == 200, reply
        return reply.json
