"""A real Keystone for a test, started by scripts/keystone-dev, and what its admin does."""

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
    """One Keystone with all that it has in a folder of its own."""

    def __init__(self, folder):
        self.folder = Path(folder)
        self.start()
        facts = json.loads((self.folder / "facts.json").read_text())
        self.passwords = facts["passwords"]
        self.url = f"http://127.0.0.1:{facts['port']}/v3"
        self.admin = self.token("admin", "admin")

    def start(self):
        subprocess.run([SCRIPT, "up", self.folder], check=True, stdout=subprocess.DEVNULL)  # it bounds its steps

    def stop(self):
        subprocess.run([SCRIPT, "down", self.folder], check=True)

    def freeze(self):
        """It accepts connections and says nothing."""
        self._signal(signal.SIGSTOP)

    def thaw(self):
        self._signal(signal.SIGCONT)

    def _signal(self, number):
        os.killpg(int((self.folder / "pid").read_text()), number)

    def settings(self, **more):
        """The configuration of an appliance that asks this Keystone; `more` are further keys of [auth]."""
        # On a busy machine Keystone takes seconds for what is milliseconds of work.
        more.setdefault("keystone_timeout", "1m")
        lines = "".join(f"{key} = {json.dumps(value)}\n" for key, value in more.items())
        return (self.folder / "reprieve.toml").read_text() + lines

    def sign_in(self, user, project=None, password=None):
        """The answer to a password, by name; without a project the token is for none."""
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
        """What the admin does; the body of the answer."""
        answer = requests.request(method, self.url + path, json=body, timeout=DEADLINE,
                                  headers={"X-Auth-Token": self.admin})
        assert answer.ok, answer.text
        return answer.json() if answer.content else None

    def id_of(self, kind, name, **fields):
        """Of the thing with this name; it is made with the fields where there is none."""
        found = self.call("GET", f"/{kind}s?name={name}")[f"{kind}s"]
        made = found[0] if found else self.call("POST", f"/{kind}s", {kind: {"name": name, **fields}})[kind]
        return made["id"]

    def add_people(self, people):
        for person in people.values():
            person.project_id = self.id_of("project", person.project, domain_id="default")
            person.id = self.id_of("user", person.name, domain_id="default")
            # He may be there already, of another site, with the password of that time.
            self.call("PATCH", f"/users/{person.id}", {"user": {"password": person.password}})
            role = self.id_of("role", person.role)
            self.call("PUT", f"/projects/{person.project_id}/users/{person.id}/roles/{role}")
            self.passwords[person.name] = person.password

    def set_image_url(self, url):
        service = self.call("GET", "/services?type=image")["services"][0]["id"]
        for endpoint in self.call("GET", f"/endpoints?service_id={service}")["endpoints"]:
            self.call("PATCH", f"/endpoints/{endpoint['id']}", {"endpoint": {"url": url}})
