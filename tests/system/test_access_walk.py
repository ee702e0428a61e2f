"""Every route × role × visibility, on the real binary. The expected results are written here; they do not come from the
appliance's own table. The routes come from the sources, so a new route fails until this file says who may use it."""

import re

import pytest
from accounts import LOCAL, people
from appliance import ROOT, Appliance
from raw_http import ask, head
from tus_client import metadata

# Columns of the grids: the callers. The images belong to the project lab.
CALLERS = ("nowhere", "lab-reader", "lab-member", "attic-reader", "attic-member", "boss")

# Grids: + allowed, F 403, H 404.
SEE = {"private": "F++HH+", "once shared": "F++HH+", "shared": "F++HH+", "pending": "F+++++", "accepted": "F+++++",
       "rejected": "F+++++", "community": "F+++++", "public": "F+++++", "binned": "FHHHHH", "binned public": "FHHHHH"}
WRITE = {"private": "FF+HH+", "once shared": "FF+HH+", "shared": "FF+HH+", "pending": "FF+FF+", "accepted": "FF+FF+",
         "rejected": "FF+FF+", "community": "FF+FF+", "public": "FF+FF+", "binned": "FHHHHH",
         "binned public": "FHHHHH"}
# Allowed to an admin, and to a member of the owner with a service token. These callers have no service token.
SERVE = {kind: row.replace("+", "F", 1) if row[2] == "+" else row for kind, row in WRITE.items()}
DETAILS = {**SEE, "binned": "F++HH+", "binned public": "F++HH+"}
# Only a shared image has members.
SEE_MEMBERS = {**SEE, "private": "FFFHHF", "once shared": "FFFHHF", "community": "FFFFFF", "public": "FFFFFF"}
SHARE = {**WRITE, "private": "FFFHHF", "once shared": "FFFHHF", "community": "FFFFFF", "public": "FFFFFF"}
# A project that is no member is not found. attic is a member in three kinds.
SEE_ATTIC = {**dict.fromkeys(SEE, "FHHHHH"), "pending": "F+++++", "accepted": "F+++++", "rejected": "F+++++"}
ANSWER = {"private": "FFFHHF", "once shared": "FFFHHF", "shared": "FHHHHH", "pending": "FFFF++", "accepted": "FFFF++",
          "rejected": "FFFF++", "community": "FFFFFF", "public": "FFFFFF", "binned": "FHHHHH",
          "binned public": "FHHHHH"}
END_SHARE = {**SHARE, "shared": "FFHHHH"}
END_SHARE["shared"] = "FFHHHH"
BIN = dict.fromkeys(SEE, "FHHHHH")
SEE_BIN = {**BIN, "binned": "F++HH+", "binned public": "F++HH+"}
WRITE_BIN = {**BIN, "binned": "FF+HH+", "binned public": "FF+HH+"}

PATCH = {"Content-Type": "application/openstack-images-v2.1-json-patch"}
DATA = {"Content-Type": "application/octet-stream"}


def upload_to(image_id):
    """Returns the headers that create a resumable upload (tus)."""
    return {"Tus-Resumable": "1.0.0", "Upload-Length": "4", "Upload-Metadata": metadata(image_id)}


RENAME = [{"op": "replace", "path": "/name", "value": "renamed"}]

# For each method and pattern: the grid, the statuses that mean "allowed", the body, and the headers.
WITH_AN_IMAGE = {
    ("GET", "/v2/images/{id}"): (SEE, {200}),
    ("GET", "/api/images/{id}"): (DETAILS, {200}),
    ("GET", "/v2/images/{id}/file"): (SEE, {200}),
    ("PUT", "/v2/images/{id}/file"): (WRITE, {409}, b"more", DATA),  # the image has data already
    ("POST", "/api/uploads"): (WRITE, {409}, None, upload_to),
    ("PATCH", "/v2/images/{id}"): (WRITE, {200}, RENAME, PATCH),
    ("DELETE", "/v2/images/{id}"): (WRITE, {204}),
    ("POST", "/v2/images/{id}/actions/deactivate"): (WRITE, {204}),
    ("POST", "/v2/images/{id}/actions/reactivate"): (WRITE, {204}),
    ("PUT", "/v2/images/{id}/tags/{tag}"): (WRITE, {204}),
    ("DELETE", "/v2/images/{id}/tags/{tag}"): (WRITE, {204}),
    ("POST", "/v2/images/{id}/members"): (SHARE, {200}, {"member": "office"}),
    ("GET", "/v2/images/{id}/members"): (SEE_MEMBERS, {200}),
    ("GET", "/v2/images/{id}/members/{member}"): (SEE_ATTIC, {200}),
    ("PUT", "/v2/images/{id}/members/{member}"): (ANSWER, {200}, {"status": "rejected"}),
    ("DELETE", "/v2/images/{id}/members/{member}"): (END_SHARE, {204}),
    ("DELETE", "/v2/stores/{store}/{id}"): (SERVE, {409}),  # no such store exists
    ("GET", "/api/trash/{id}"): (SEE_BIN, {200}),
    ("POST", "/api/trash/{id}/restore"): (WRITE_BIN, {200}),
    ("DELETE", "/api/trash/{id}"): (WRITE_BIN, {204, 202}),
}
WITHOUT_AN_IMAGE = {
    ("GET", "/v2/images"): ("F+++++", {200}),
    ("POST", "/v2/images"): ("FF+F++", {201}, {"name": "new"}),
    ("GET", "/v2/info/stores"): ("F+++++", {200}),
    ("GET", "/v2/info/stores/detail"): ("FFFFF+", {200}),
    ("GET", "/api/trash"): ("F+++++", {200}),
    ("DELETE", "/api/trash"): ("FF+F++", {200, 202}),
    ("GET", "/api/scrubber"): ("FFFFF+", {200}),
    ("POST", "/api/scrubber/run"): ("FFFFF+", {200, 202}),
    ("GET", "/api/check"): ("FFFFF+", {200}),
    ("POST", "/api/check"): ("FFFFF+", {202, 409}),
    ("GET", "/v2/info/usage"): ("F+++++", {200}),
    ("GET", "/api/events"): ("F+++++", {200}),
    ("GET", "/api/status/space"): ("FFFFF+", {200}),
}
# Allowed to every user, because the answers say nothing about images of others. (The status tells an admin more: see
# test_page_served.py.)
FOR_ALL_WHO_SIGNED_IN = {("GET", "/v2/schemas/{name}"), ("GET", "/v2/info/import"), ("GET", "/api/status")}
# Allowed to every user, because the stream says only that something has changed.
STREAMS = {("GET", "/api/live")}
# Allowed without a sign-in: discovery, health, and the page, which has its own sign-in.
FOR_EVERYBODY = {("GET", path) for path in ("/", "/versions", "/v2", "/v2/", "/healthz", "/healthcheck", "/readyz",
                                            "/ui", "/ui/", "/ui/{file}")}
# Allowed to every role: the sign-in, facts about the user who is signed in, and facts that are the same for all.
ABOUT_ONESELF = {
    ("GET", "/v3"), ("GET", "/v3/"), ("POST", "/v3/auth/tokens"), ("GET", "/v3/auth/tokens"),
    ("DELETE", "/v3/auth/tokens"), ("GET", "/v3/auth/catalog"), ("GET", "/v3/auth/projects"),
    ("GET", "/v3/auth/domains"), ("GET", "/v3/domains"), ("GET", "/v3/domains/{id}"), ("GET", "/v3/roles"),
    ("GET", "/v3/roles/{id}"), ("POST", "/api/session"), ("GET", "/api/session"), ("DELETE", "/api/session"),
    ("PUT", "/api/session/password")}
USER, GRANTS = "/v3/users/{user}", "/v3/projects/{project}/users/{user}/roles"
CREDENTIALS = USER + "/application_credentials"
# Only for an admin: users and projects other than the caller's own.
ABOUT_OTHERS = {
    ("GET", "/v3/users"), ("POST", "/v3/users"), ("GET", "/v3/users/{id}"), ("PATCH", "/v3/users/{id}"),
    ("DELETE", "/v3/users/{id}"), ("GET", "/v3/users/{id}/projects"), ("GET", "/v3/projects"),
    ("POST", "/v3/projects"), ("GET", "/v3/projects/{id}"), ("PATCH", "/v3/projects/{id}"),
    ("DELETE", "/v3/projects/{id}"), ("GET", "/v3/role_assignments"), ("GET", GRANTS), ("GET", GRANTS + "/{role}"),
    ("PUT", GRANTS + "/{role}"), ("DELETE", GRANTS + "/{role}"), ("GET", CREDENTIALS), ("POST", CREDENTIALS),
    ("GET", CREDENTIALS + "/{id}"), ("DELETE", CREDENTIALS + "/{id}")}
# Only for the user himself. An admin sets a new password instead.
NOBODY_ELSES = {("POST", "/v3/users/{id}/password")}
UPLOAD = "/api/uploads/{id}"
# Only for the user who began the upload (see test_tus.py).
OF_AN_UPLOAD = {("OPTIONS", "/api/uploads"), ("OPTIONS", UPLOAD), ("GET", UPLOAD), ("POST", UPLOAD), ("PATCH", UPLOAD),
                ("DELETE", UPLOAD)}


def served_routes():
    """Returns (method, pattern) of every route in the sources. Patterns are literals or constants of the file."""
    found = set()
    for source in sorted((ROOT / "src/api").rglob("*.cpp")):
        text = source.read_text()
        named = dict(re.findall(r'string_view (\w+) = "(/[^"]*)"', text))
        for method, pattern in re.findall(r'add\(\s*\{"([A-Z]+)",\s*([^,]+),', text):
            if pattern == "path":  # the variable of a loop over some literals
                loop = re.search(r"const char\* path : \{([^}]*)\}", text)
                found |= {(method, literal) for literal in re.findall(r'"([^"]*)"', loop[1])}
            else:
                found.add((method, pattern.strip('"') if pattern.startswith('"') else named[pattern]))
    assert len(found) > 60
    return found


@pytest.fixture(scope="module")
def walk(tmp_path_factory):
    appliance = Appliance(tmp_path_factory.mktemp("walk"), LOCAL).start()
    yield people(appliance)
    appliance.kill()


def make(walk, kind):
    """Creates an image of the project lab, of this kind. Returns its id."""
    member, other = walk["lab-member"], walk["attic-member"]
    visibility = kind if kind in ("private", "community") else "shared"
    image_id = member.image_with(b"data", visibility=visibility, tags=["a"])
    if kind in ("pending", "accepted", "rejected"):
        member.share(image_id, other, None if kind == "pending" else kind)
    if kind == "once shared":
        member.share(image_id, other, "accepted")
        assert member.patch(image_id, {"op": "replace", "path": "/visibility", "value": "private"}).status == 200
    if kind == "binned":
        member.share(image_id, other, "accepted")
    if kind in ("public", "binned public"):
        reply = walk["boss"].patch(image_id, {"op": "replace", "path": "/visibility", "value": "public"})
        assert reply.status == 200, reply
    if kind.startswith("binned"):
        assert member.request("DELETE", f"/v2/images/{image_id}").status == 204
    return image_id


def verdict(reply, allowed):
    if reply.status in allowed:
        return "+"
    return {403: "F", 404: "H"}.get(reply.status, f"({reply.status})")


def send(walk, name, method, path, body=None, headers=None):
    return walk[name].request(method, path, body, headers)


def test_the_walk_knows_every_route():
    known = {*WITH_AN_IMAGE, *WITHOUT_AN_IMAGE, *FOR_ALL_WHO_SIGNED_IN, *STREAMS, *FOR_EVERYBODY, *ABOUT_ONESELF,
             *ABOUT_OTHERS, *NOBODY_ELSES, *OF_AN_UPLOAD}
    assert served_routes() == known


@pytest.mark.parametrize("route", WITH_AN_IMAGE, ids=" ".join)
def test_a_route_of_an_image_asks_who_may(walk, route):
    method, pattern = route
    grid, allowed, *sent = WITH_AN_IMAGE[route]
    for kind, expected in grid.items():
        row = ""
        for name in CALLERS:
            image_id = make(walk, kind)
            path = pattern.format(id=image_id, tag="a", member=walk["attic-member"].project, store="none")
            reply = send(walk, name, method, path, *(part(image_id) if callable(part) else part for part in sent))
            row += verdict(reply, allowed)
            if reply.status == 404 and "member" not in pattern and "trash" not in pattern:
                assert reply.json["message"] == f"No image found with ID {image_id}", reply
        assert row == expected, (route, kind)


@pytest.mark.parametrize("route", WITHOUT_AN_IMAGE, ids=" ".join)
def test_a_route_of_no_image_asks_who_may(walk, route):
    expected, allowed, *sent = WITHOUT_AN_IMAGE[route]
    assert "".join(verdict(send(walk, name, *route, *sent), allowed) for name in CALLERS) == expected


@pytest.mark.parametrize("route", sorted({*WITH_AN_IMAGE, *WITHOUT_AN_IMAGE, *FOR_ALL_WHO_SIGNED_IN, *STREAMS}),
                         ids=" ".join)
def test_nobody_comes_in_without_a_sign_in(walk, route):
    method, pattern = route
    path = pattern.format(id=make(walk, "public"), tag="a", member="third", name="image", store="none")
    appliance = walk["boss"].appliance
    for headers in ({}, {"X-Auth-Token": "forged"}):
        assert appliance.request(method, path, headers=headers).status == 401, path


@pytest.mark.parametrize("route", sorted(FOR_ALL_WHO_SIGNED_IN), ids=" ".join)
def test_whoever_signed_in_reads_the_documents(walk, route):
    for name in CALLERS:
        assert send(walk, name, route[0], route[1].format(name="image")).status == 200


@pytest.mark.parametrize("route", sorted(STREAMS), ids=" ".join)
def test_whoever_signed_in_may_listen(walk, route):
    for name in CALLERS:
        answer = ask(walk[name].appliance, head(*route, f"X-Auth-Token: {walk[name].token}"))
        assert answer.status == 200, (name, answer)


@pytest.mark.parametrize("route", sorted(ABOUT_OTHERS | NOBODY_ELSES), ids=" ".join)
def test_only_an_admin_gets_at_other_users_and_projects(walk, route):
    method, pattern = route
    body = {} if method in ("POST", "PATCH") else None
    boss = walk["boss"]

    def path(identity):
        return pattern.format(id=identity, user=boss.user, project=boss.project, role="reader")

    of_the_boss = boss.project if pattern == "/v3/projects/{id}" else boss.user
    for name in set(CALLERS) - {"boss"}:
        reply = send(walk, name, method, path(of_the_boss), body)
        assert reply.status == 403, (name, reply)
    # An empty body and an id that does not exist change nothing.
    reply = send(walk, "boss", method, path("nothing"), body)
    assert (reply.status == 403) == (route in NOBODY_ELSES), reply
    assert reply.status != 401
