"""A site for the clients: an appliance that requires a sign-in, and its accounts."""

import dataclasses
import json

import openstack
import requests
from appliance import Appliance
from clients import Client
from deadline import DEADLINE
from keystoneauth1 import session
from keystoneauth1.identity import v3

DOMAINS = {"OS_USER_DOMAIN_NAME": "Default", "OS_PROJECT_DOMAIN_NAME": "Default"}


@dataclasses.dataclass
class Account:
    name: str
    password: str
    project: str
    role: str
    id: str = None
    project_id: str = None


def accounts():
    """Returns accounts by name: members of two projects, a reader in the first one, and an admin."""
    made = [Account("alice", "a pass phrase: älice's $1", "lab", "member"),
            Account("bob", "bob's own password", "shop", "member"),
            Account("rita", "rita reads only", "lab", "reader"),
            Account("root", "root of all projects", "default", "admin")]
    return {account.name: account for account in made}


class Site:
    """Facts that a test of clients needs, for each place of the users and each way to the appliance.

    `auth_url`: ends in /v3. `ca`: file of the trusted certificates; None without TLS. `has_keystone`: whether the users
    are in a Keystone, where a sign-in by name must give the domain.
    """

    def __init__(self, appliance, url, auth_url, people, ca=None, has_keystone=False):
        self.appliance, self.url, self.auth_url, self.people, self.ca = appliance, url, auth_url, people, ca
        self.has_keystone = has_keystone

    @property
    def tls_environment(self):
        return {"OS_CACERT": str(self.ca), "REQUESTS_CA_BUNDLE": str(self.ca)} if self.ca else {}

    def client(self, program, home, **environment):
        """Returns `openstack` or `glance` with these OS_ variables and no options."""
        return Client(program, [], home, {**self.tls_environment, "OS_AUTH_URL": self.auth_url, **environment})

    def signed_in(self, program, who, home, domains=True):
        """Returns such a client that signs in by the password of `who`."""
        person = self.people[who]
        return self.client(program, home, OS_USERNAME=who, OS_PASSWORD=person.password,
                           OS_PROJECT_NAME=person.project, OS_IDENTITY_API_VERSION="3",
                           **(DOMAINS if domains else {}))

    def session(self, who):
        person = self.people[who]
        auth = v3.Password(auth_url=self.auth_url, username=who, password=person.password,
                           project_name=person.project, user_domain_name="Default", project_domain_name="Default")
        return session.Session(auth=auth, verify=str(self.ca) if self.ca else True)

    def connect(self, who, auth_type="v3password", **auth):
        """Returns a connection of openstacksdk, signed in by the password of `who`, or as `auth` says."""
        person = self.people[who]
        auth = auth or {"auth_url": self.auth_url, "username": who, "password": person.password,
                        "project_name": person.project, "user_domain_name": "Default",
                        "project_domain_name": "Default"}
        return openstack.connect(load_yaml_config=False, load_envvars=False, auth_type=auth_type, auth=auth,
                                 **({"cacert": str(self.ca)} if self.ca else {}))

    def token(self, who):
        return self.session(who).get_token()

    def call(self, who, method, path, body=None, **headers):
        """Sends a request to the appliance with a token of this person. A dict or a list becomes JSON."""
        data = json.dumps(body) if isinstance(body, (dict, list)) else body
        headers = {"X-Auth-Token": self.token(who), "Content-Type": "application/json", **headers}
        return requests.request(method, self.url + path, data=data, headers=headers, timeout=DEADLINE,
                                verify=str(self.ca) if self.ca else True)

    def image_with(self, who, data, **fields):
        """Creates an active image as this person. Returns its id."""
        fields = {"disk_format": "raw", "container_format": "bare", **fields}
        created = self.call(who, "POST", "/v2/images", fields)
        assert created.status_code == 201, created.text
        image_id = created.json()["id"]
        sent = self.call(who, "PUT", f"/v2/images/{image_id}/file", data,
                         **{"Content-Type": "application/octet-stream"})
        assert sent.status_code == 204, sent.text
        return image_id


def add_people(appliance, people):
    """Creates users and projects by the command line, for an appliance that is its own identity service."""
    ids = {"default": "default"}
    for person in people.values():
        if person.project not in ids:
            made = appliance.cli("project", "create", person.project, "--json").stdout
            ids[person.project] = json.loads(made)["id"]
        person.project_id = ids[person.project]
        made = appliance.cli("user", "create", person.name, "--project", person.project, "--role", person.role,
                             "--password-stdin", "--json", input=person.password + "\n").stdout
        person.id = json.loads(made)["id"]


def local_site(folder, https=False):
    """Starts an appliance with its own users. Returns its site."""
    appliance = Appliance(folder, '[auth]\nmode = "local"\n', https=https).start()
    people = accounts()
    add_people(appliance, people)
    return Site(appliance, appliance.url, appliance.url + "/v3", people, appliance.cacert)


def keystone_site(folder, keystone):
    """Starts an appliance that uses a real Keystone with the accounts. Returns its site."""
    people = accounts()
    keystone.add_people(people)
    # Without a cache, because the tests revoke tokens and expect the effect at once.
    appliance = Appliance(folder, keystone.settings(token_cache_time=0)).start()
    keystone.set_image_url(appliance.url)
    return Site(appliance, appliance.url, keystone.url, people, has_keystone=True)


# Functions that create the sites for the tests of clients, each from a folder.
SITES = {"local-http": local_site, "local-https": lambda folder: local_site(folder, https=True)}
