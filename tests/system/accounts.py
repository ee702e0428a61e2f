"""Users of an appliance in the mode "local". Each sends requests with its own token."""

LOCAL = '[auth]\nmode = "local"\n'
PASSWORD = "correct horse battery staple"


def add_person(appliance, name, project, role):
    """Creates a user with PASSWORD and a role in the project. Requires: the project exists."""
    appliance.cli("user", "create", name, "--project", project, "--role", role, "--password-stdin",
                  input=PASSWORD + "\n")


def token_of(appliance, name, project=None):
    """Signs in by PASSWORD. Returns the token and its facts; without a project the token is unscoped."""
    password = {"user": {"name": name, "domain": {"id": "default"}, "password": PASSWORD}}
    scope = {"project": {"name": project, "domain": {"id": "default"}}} if project else "unscoped"
    reply = appliance.request("POST", "/v3/auth/tokens", {
        "auth": {"identity": {"methods": ["password"], "password": password}, "scope": scope}})
    assert reply.status == 201, reply
    return reply.headers["X-Subject-Token"], reply.json["token"]


class Person:
    """Client of an appliance, as one user in one project, or in none."""

    def __init__(self, appliance, name, project=None):
        self.appliance = appliance
        self.name = name
        self.token, facts = token_of(appliance, name, project)
        self.user = facts["user"]["id"]
        self.project = facts["project"]["id"] if project else None

    def request(self, method, path, body=None, headers=None, **more):
        return self.appliance.request(method, path, body, {"X-Auth-Token": self.token, **(headers or {})}, **more)

    def get(self, path, **more):
        return self.request("GET", path, **more)

    def create(self, **fields):
        reply = self.request("POST", "/v2/images",
                             {"name": "image", "disk_format": "raw", "container_format": "bare", **fields})
        assert reply.status == 201, reply
        return reply.json["id"]

    def upload(self, image_id, data):
        return self.request("PUT", f"/v2/images/{image_id}/file", data, {"Content-Type": "application/octet-stream"})

    def image_with(self, data, **fields):
        image_id = self.create(**fields)
        reply = self.upload(image_id, data)
        assert reply.status == 204, reply
        return image_id

    def patch(self, image_id, *operations):
        return self.request("PATCH", f"/v2/images/{image_id}", list(operations),
                            {"Content-Type": "application/openstack-images-v2.1-json-patch"})

    def share(self, image_id, member, answer=None):
        """Shares an image with the project of `member`. With `answer`, that project sets this status."""
        reply = self.request("POST", f"/v2/images/{image_id}/members", {"member": member.project})
        assert reply.status == 200, reply
        if answer:
            reply = member.request("PUT", f"/v2/images/{image_id}/members/{member.project}", {"status": answer})
            assert reply.status == 200, reply

    def listed(self, query=""):
        reply = self.get("/v2/images" + query)
        assert reply.status == 200, reply
        return [image["id"] for image in reply.json["images"]]


def people(appliance):
    """Creates the users of the tests of access: two projects with a reader and a member each, an admin, and a user with
    an unscoped token. Returns them by name."""
    for project in ("lab", "attic"):
        appliance.cli("project", "create", project)
        for role in ("reader", "member"):
            add_person(appliance, f"{project}-{role}", project, role)
    appliance.cli("project", "create", "office")
    add_person(appliance, "boss", "office", "admin")
    found = {name: Person(appliance, name, name.split("-")[0])
             for name in ("lab-reader", "lab-member", "attic-reader", "attic-member")}
    found["boss"] = Person(appliance, "boss", "office")
    found["nowhere"] = Person(appliance, "lab-member")
    return found
