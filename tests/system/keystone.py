"""A real Keystone for a test, which scripts/keystone-dev starts, with calls of its admin."""

import json
import os
import signal
import subprocess
from pathlib import Path

import requests
from appliance import ROOT
from deadline import DEADLINE

SCRIPT = ROOT / "scripts/keystone-dev"
SERVICE_USER = "reprieve"


class Keystone:
    """Keystone that has all its files in one folder."""

    def __init__(self, folder):
        self.folder = Path(folder)
        self.start()
        facts = json.loads((self.folder / "facts.json").read_text())
        self.passwords = facts["passwords"]
        self.url = f"http://127.0.0.1:{facts['port']}/v3"
        self.admin = self.token("admin", "admin")

    def start(self):
        subprocess.run([SCRIPT, "up", self.folder], check=True, stdout=subprocess.DEVNULL)  # has its own time limit

    def stop(self):
        subprocess.run([SCRIPT, "down", self.folder], check=True)

    def freeze(self):
        """Stops its processes, so that it accepts connections but does not answer."""
        self._signal(signal.SIGSTOP)

    def thaw(self):
        self._signal(signal.SIGCONT)

    def _signal(self, number):
        os.killpg(int((self.folder / "pid").read_text()), number)

    def settings(self, **more):
        """Returns the configuration of an appliance that uses this Keystone. `more`: further keys of [auth]."""
        # On a busy machine Keystone takes seconds for milliseconds of work.
        more.setdefault("keystone_timeout", "1m")
        lines = "".join(f"{key} = {json.dumps(value)}\n" for key, value in more.items())
        return (self.folder / "reprieve.toml").read_text() + lines

    def sign_in(self, user, project=None, password=None):
        """Signs in by name and password. Returns the answer. Without a project the token is unscoped."""
        domain = {"id": "default"}
        auth = {"identity": {"methods": ["password"], "password": {"user": {
            "name": user, "domain": domain, "password": password or self.passwords[user]}}}}
        auth["scope"] = {"project": {"name": project, "domain": domain}} if project else "unscoped"
        return requests.post(self.url + "/auth/tokens", json={"auth": auth}, timeout=DEADLINE)

    def token(self, user, project=None):
        answer = self.sign_in(user, project)
        assert answer.status_code == 201, answer.text
        return answer.headers["X-Subject-Token"]

    def revoke(self, token):
        answer = requests.delete(self.url + "/auth/tokens", timeout=DEADLINE,
                                 headers={"X-Auth-Token": token, "X-Subject-Token": token})
        assert answer.status_code == 204, answer.text

    def call(self, method, path, body=None):
        """Sends a request as the admin. Returns the body of the answer."""
        answer = requests.request(method, self.url + path, json=body, timeout=DEADLINE,
                                  headers={"X-Auth-Token": self.admin})
        assert answer.ok, answer.text
        return answer.json() if answer.content else None

    def id_of(self, kind, name, **fields):
        """Returns the id of the thing with this name. Creates it with the fields if it is missing."""
        found = self.call("GET", f"/{kind}s?name={name}")[f"{kind}s"]
        made = found[0] if found else self.call("POST", f"/{kind}s", {kind: {"name": name, **fields}})[kind]
        return made["id"]

    def add_people(self, people):
        for person in people.values():
            person.project_id = self.id_of("project", person.project, domain_id="default")
            person.id = self.id_of("user", person.name, domain_id="default")
            # An earlier site may have created the user with another password.
            self.call("PATCH", f"/users/{person.id}", {"user": {"password": person.password}})
            role = self.id_of("role", person.role)
            self.call("PUT", f"/projects/{person.project_id}/users/{person.id}/roles/{role}")
            self.passwords[person.name] = person.password

    def set_image_url(self, url):
        service = self.call("GET", "/services?type=image")["services"][0]["id"]
        for endpoint in self.call("GET", f"/endpoints?service_id={service}")["endpoints"]:
            self.call("PATCH", f"/endpoints/{endpoint['id']}", {"endpoint": {"url": url}})
