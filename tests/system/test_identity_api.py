"""The Identity API v3 to the letter, over raw HTTP."""

import datetime
import json
import re
import sqlite3

import pytest
from appliance import wait_until
from deadline import DEADLINE
from raw_http import ask, head
from sites import local_site

TIME = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}Z")


@pytest.fixture(scope="module")
def site(tmp_path_factory):
    made = local_site(tmp_path_factory.mktemp("identity"))
    yield made
    made.appliance.kill()


def refused(reply, status, *words):
    """Requires that the reply is this error, in Keystone's format, and that its message has the words."""
    assert reply.status == status, reply
    assert reply.headers["Content-Type"] == "application/json"
    assert reply.headers["X-Openstack-Request-Id"].startswith("req-")
    assert set(reply.json) == {"error"} and set(reply.json["error"]) == {"code", "message", "title"}, reply
    assert reply.json["error"]["code"] == status and reply.json["error"]["title"]
    for word in words:
        assert word in reply.json["error"]["message"], reply
    return True


def auth(site, person, scope=None, **user):
    identity = {"methods": ["password"],
                "password": {"user": {"name": person, "password": site.people[person].password, **user}}}
    return {"auth": {"identity": identity, **({"scope": scope} if scope else {})}}


def sign_in(site, body, query=""):
    return site.appliance.request("POST", "/v3/auth/tokens" + query, body)


def token_of(site, name, scope=None):
    reply = sign_in(site, auth(site, name, scope))
    assert reply.status == 201, reply
    return reply.headers["X-Subject-Token"]


@pytest.fixture(scope="module")
def tokens(site):
    return {name: token_of(site, name) for name in site.people}


def call(site, token, method, path, body=None, **headers):
    return site.appliance.request(method, path, body, {"X-Auth-Token": token, **headers})


def test_the_version_is_told_without_a_sign_in(site):
    for path in ("/v3", "/v3/"):
        version = site.appliance.get(path).json["version"]
        assert version["id"].startswith("v3.") and version["status"] == "stable"
        assert version["links"] == [{"rel": "self", "href": site.url + "/v3/"}]
    # The version documents list only versions of the Image API, because its clients use the highest one.
    for path, status in (("/", 300), ("/versions", 200)):
        choices = site.appliance.get(path)
        assert choices.status == status
        assert all(one["id"].startswith("v2.") for one in choices.json["versions"])


def test_a_token_tells_who_where_and_until_when(site):
    alice = site.people["alice"]
    begun = datetime.datetime.utcnow().replace(microsecond=0)
    reply = sign_in(site, auth(site, "alice", {"project": {"name": "lab"}}))
    assert reply.status == 201 and reply.headers["Cache-Control"] == "no-store"
    token = reply.json["token"]
    domain = {"id": "default", "name": "Default"}
    assert token["user"] == {"id": alice.id, "name": "alice", "domain": domain, "password_expires_at": None}
    assert token["project"] == {"id": alice.project_id, "name": "lab", "domain": domain}
    assert token["roles"] == [{"id": role, "name": role} for role in ("member", "reader")]
    assert token["methods"] == ["password"] and len(token["audit_ids"]) == 1
    assert TIME.fullmatch(token["issued_at"]) and TIME.fullmatch(token["expires_at"])
    issued, expires = (datetime.datetime.fromisoformat(token[key][:-1]) for key in ("issued_at", "expires_at"))
    assert begun <= issued <= datetime.datetime.utcnow()
    assert expires - issued > datetime.timedelta(minutes=1)
    services = {service["type"]: service["endpoints"] for service in token["catalog"]}
    assert set(services) == {"image", "identity"}
    for kind, url in (("image", site.url), ("identity", site.url + "/v3")):
        assert {one["interface"] for one in services[kind]} == {"public", "internal", "admin"}
        assert {one["url"] for one in services[kind]} == {url}
        assert {one["region"] for one in services[kind]} == {"RegionOne"}
    assert "catalog" not in sign_in(site, auth(site, "alice"), "?nocatalog").json["token"]


def test_the_catalog_names_the_address_that_the_client_used(site, make_appliance):
    reply = site.appliance.request("POST", "/v3/auth/tokens", auth(site, "alice"),
                                   {"Host": f"localhost:{site.appliance.port}"})
    assert {endpoint["url"] for endpoint in reply.json["token"]["catalog"][0]["endpoints"]} == {
        f"http://localhost:{site.appliance.port}"}
    public = make_appliance('[server]\npublic_url = "https://images.example.org/"\n').start()
    catalog = public.request("POST", "/v3/auth/tokens", auth(site, "alice")).json["token"]["catalog"]
    assert {endpoint["url"] for endpoint in catalog[0]["endpoints"]} == {"https://images.example.org"}


def test_the_scope_is_asked_for_or_found(site):
    lab, default = site.people["alice"].project_id, {"id": "default"}
    for scope in (None, {"project": {"id": lab}}, {"project": {"name": "lab"}},
                  {"project": {"name": "lab", "domain": default}},
                  {"project": {"name": "lab", "domain": {"name": "Default"}}}):
        assert sign_in(site, auth(site, "alice", scope)).json["token"]["project"]["id"] == lab
    for scope in ("unscoped", {"unscoped": {}}):
        unscoped = sign_in(site, auth(site, "alice", scope)).json["token"]
        assert not {"project", "roles", "catalog"} & set(unscoped)
    by_id = sign_in(site, auth(site, "alice", None, id=site.people["alice"].id, domain={"id": "ignored"}))
    assert by_id.json["token"]["user"]["name"] == "alice"


@pytest.mark.parametrize("scope, word", [
    ({"domain": {"id": "default"}}, "domain"), ({"system": {"all": True}}, "system"),
    ({"OS-TRUST:trust": {"id": "t"}}, "trust"), ({"project": {"name": "shop"}}, "project"),
    ({"project": {"id": "0" * 32}}, "project"), ({"project": {"name": "lab", "domain": {"name": "other"}}}, "domain")],
    ids=str)
def test_a_scope_that_is_not_to_be_had_is_refused(site, scope, word):
    assert refused(sign_in(site, auth(site, "alice", scope)), 401, word)


def test_a_token_is_changed_for_one_of_another_project(site):
    first = sign_in(site, auth(site, "alice", "unscoped"))
    body = {"auth": {"identity": {"methods": ["token"], "token": {"id": first.headers["X-Subject-Token"]}},
                     "scope": {"project": {"name": "lab"}}}}
    second = sign_in(site, body)
    assert second.status == 201 and second.json["token"]["project"]["name"] == "lab"
    assert second.json["token"]["methods"] == ["password", "token"]
    assert second.json["token"]["audit_ids"][1] == first.json["token"]["audit_ids"][0]
    assert second.json["token"]["expires_at"] <= first.json["token"]["expires_at"]


def test_who_is_wrong_is_not_told_what_was_wrong(site):
    """All three get the same answer. The unit tests of identity check that they also cost the same work."""
    wrong_password = auth(site, "alice", None, password="not this one")
    wrong_user = auth(site, "alice", None, name="nobody at all")
    no_such_id = auth(site, "alice", None, id="0" * 32)
    replies = [sign_in(site, body) for body in (wrong_password, wrong_user, no_such_id)]
    for reply in replies:
        assert refused(reply, 401)
        assert "X-Subject-Token" not in reply.headers
    assert len({reply.body for reply in replies}) == 1
    assert "nobody at all" not in site.appliance.log and "not this one" not in site.appliance.log


BAD_BODIES = [b"", b"nonsense", b"[]", b"5", b"{}", b'{"auth": 5}', b'{"auth": {"identity": []}}',
              b'{"auth": {"identity": {"methods": "password"}}}', b'{"auth": {"identity": {"methods": [1]}}}',
              b'{"auth": {"identity": {"methods": ["password"], "password": {"user": "alice"}}}}',
              b'{"auth": {"identity": {"methods": ["password"], "password": {"user": {"name": 1, "password": 2}}}}}',
              b'{"auth": {"identity": {"methods": ["token"], "token": {"id": null}}}}',
              b'{"auth": \xff}', b"[" * 60000, b'{"auth":' * 5000]


@pytest.mark.parametrize("body", BAD_BODIES, ids=lambda body: body[:40])
def test_a_body_that_makes_no_sense_is_said_to_be_so(site, body):
    assert refused(sign_in(site, body), 400)


def test_a_body_beyond_the_limit_is_refused(site):
    assert refused(sign_in(site, b'{"auth": "' + b"x" * (64 << 10) + b'"}'), 413)
    assert refused(sign_in(site, b"x" * (2 << 20)), 413)


def test_methods_that_there_are_not_are_refused(site):
    for method in ("totp", "external", "oauth1", "mapped", ""):
        assert refused(sign_in(site, {"auth": {"identity": {"methods": [method], method: {}}}}), 401, "password")


def test_what_is_beside_the_routes_answers_in_the_same_shape(site, tokens):
    assert refused(site.appliance.get("/v3/nothing"), 404)
    assert refused(site.appliance.get("/v3/auth/tokens"), 401)
    reply = site.appliance.request("PUT", "/v3/auth/tokens")
    assert refused(reply, 405) and set(reply.headers["Allow"].split(", ")) == {"DELETE", "GET", "HEAD", "POST"}
    assert refused(call(site, tokens["root"], "GET", "/v3/users/nobody"), 404)
    reply = ask(site.appliance, head("GET", "/v3/users", host="elsewhere.example.org"))
    assert reply.status == 421 and set(json.loads(reply.body)) == {"error"}


@pytest.mark.parametrize("path", ["/v2/images", "/v3/auth/projects", "/v3/users", "/api/trash"])
def test_a_token_that_is_none_opens_nothing(site, tokens, path):
    good = tokens["root"]
    assert call(site, good, "GET", path).status == 200
    forged = [good[:-1], good + "0", good[:-1] + ("0" if good[-1] != "0" else "1"), good.upper() + "x", "x" * 64, "0",
              "a" * 8000, "' OR 1=1 --", "%00", good.swapcase() if good.swapcase() != good else good[::-1]]
    for token in forged:
        assert call(site, token, "GET", path).status == 401, token
    assert site.appliance.get(path).status == 401


def test_a_token_that_is_revoked_or_expired_opens_nothing(site):
    revoked = token_of(site, "alice")
    assert call(site, revoked, "DELETE", "/v3/auth/tokens", **{"X-Subject-Token": revoked}).status == 204
    assert refused(call(site, revoked, "GET", "/v3/auth/projects"), 401)
    expired = token_of(site, "alice")
    other = token_of(site, "alice")
    with sqlite3.connect(site.appliance.data / "catalog.db", timeout=DEADLINE) as catalog:
        catalog.execute("UPDATE tokens SET expires_at = 1 WHERE issued_at = (SELECT max(issued_at) FROM tokens WHERE"
                        " issued_at < (SELECT max(issued_at) FROM tokens))")
    assert refused(call(site, expired, "GET", "/v3/auth/projects"), 401)
    assert call(site, other, "GET", "/v3/auth/projects").status == 200
    assert refused(call(site, other, "GET", "/v3/auth/tokens", **{"X-Subject-Token": expired}), 404)


def test_a_token_is_looked_at_by_its_holder_by_an_admin_and_by_a_service(site, tokens):
    site.appliance.cli("user", "create", "nova", "--role", "service", "--password-stdin", input="nova's password\n")
    nova = sign_in(site, {"auth": {"identity": {"methods": ["password"], "password": {
        "user": {"name": "nova", "password": "nova's password"}}}}}).headers["X-Subject-Token"]
    subject = {"X-Subject-Token": tokens["alice"]}
    for token in (tokens["alice"], token_of(site, "alice"), tokens["root"], nova):
        reply = call(site, token, "GET", "/v3/auth/tokens", **subject)
        assert reply.status == 200 and reply.json["token"]["user"]["name"] == "alice"
        assert reply.headers["X-Subject-Token"] == tokens["alice"]
        looked = call(site, token, "HEAD", "/v3/auth/tokens", **subject)
        assert looked.status == 200 and looked.body == b""
    assert "catalog" not in call(site, nova, "GET", "/v3/auth/tokens?nocatalog", **subject).json["token"]
    assert refused(call(site, tokens["bob"], "GET", "/v3/auth/tokens", **subject), 403)
    for token in (tokens["bob"], nova):
        assert refused(call(site, token, "DELETE", "/v3/auth/tokens", **subject), 403)
    assert refused(call(site, tokens["bob"], "GET", "/v3/auth/tokens"), 400, "X-Subject-Token")
    assert refused(call(site, tokens["root"], "GET", "/v3/auth/tokens", **{"X-Subject-Token": "x"}), 404)
    one = token_of(site, "alice")
    assert call(site, tokens["root"], "DELETE", "/v3/auth/tokens", **{"X-Subject-Token": one}).status == 204
    assert refused(call(site, one, "GET", "/v3/auth/tokens", **{"X-Subject-Token": one}), 401)


def test_what_a_member_may_see_is_himself(site, tokens):
    alice, bob = site.people["alice"], site.people["bob"]
    token = tokens["alice"]
    assert call(site, token, "GET", f"/v3/users/{alice.id}").json["user"]["name"] == "alice"
    assert call(site, token, "GET", f"/v3/projects/{alice.project_id}").json["project"]["name"] == "lab"
    for path in ("/v3/auth/projects", f"/v3/users/{alice.id}/projects"):
        assert [project["name"] for project in call(site, token, "GET", path).json["projects"]] == ["lab"]
    assert call(site, token, "GET", "/v3/auth/domains").json["domains"] == []
    assert call(site, token, "GET", "/v3/auth/catalog").json["catalog"][0]["type"] == "image"
    assert [domain["id"] for domain in call(site, token, "GET", "/v3/domains?name=Default").json["domains"]] == [
        "default"]
    assert call(site, token, "GET", "/v3/domains/default").json["domain"]["name"] == "Default"
    assert [role["name"] for role in call(site, token, "GET", "/v3/roles").json["roles"]] == [
        "admin", "member", "reader", "service"]
    own = call(site, token, "GET", f"/v3/role_assignments?user.id={alice.id}").json["role_assignments"]
    assert [(one["role"]["id"], one["scope"]["project"]["id"]) for one in own] == [("member", alice.project_id)]
    grant = f"/v3/projects/{alice.project_id}/users/{alice.id}/roles/admin"
    for method, path in (("GET", "/v3/users"), ("GET", "/v3/projects"), ("GET", "/v3/projects?name=lab"),
                         ("GET", f"/v3/users/{bob.id}"), ("GET", "/v3/users/nobody"), ("GET", "/v3/role_assignments"),
                         ("GET", f"/v3/role_assignments?user.id={bob.id}"),
                         ("GET", f"/v3/projects/{bob.project_id}"), ("GET", "/v3/projects/nothing"),
                         ("GET", f"/v3/users/{bob.id}/projects"), ("DELETE", f"/v3/users/{alice.id}"),
                         ("DELETE", f"/v3/projects/{alice.project_id}"), ("PUT", grant), ("DELETE", grant),
                         ("GET", grant), ("GET", f"/v3/users/{bob.id}/application_credentials")):
        assert refused(call(site, token, method, path), 403), (method, path)
    for method, path, body in (("POST", "/v3/users", {"user": {"name": "eve", "password": "eve's password"}}),
                               ("PATCH", f"/v3/users/{alice.id}", {"user": {"name": "eve"}}),
                               ("POST", "/v3/projects", {"project": {"name": "eves"}}),
                               ("PATCH", f"/v3/projects/{alice.project_id}", {"project": {"name": "eves"}}),
                               ("POST", f"/v3/users/{bob.id}/password", {"user": {}}),
                               ("POST", f"/v3/users/{bob.id}/application_credentials", {})):
        assert refused(call(site, token, method, path, body), 403), (method, path)
    refused_actions = f"/api/events?result=forbidden&user={alice.id}&limit=100"

    def are_told():
        told = {event["action"] for event in call(site, tokens["root"], "GET", refused_actions).json["events"]}
        return told >= {"user.create", "user.update", "user.delete", "project.create", "project.update",
                        "project.delete", "role.add", "role.remove", "credential.create"}

    wait_until(are_told, "the refusals in the audit trail")


def test_an_admin_keeps_users(site, tokens):
    root = tokens["root"]
    made = call(site, root, "POST", "/v3/users", {"user": {"name": "carol", "password": "carol's password",
                                                           "description": "new", "email": "c@example.org",
                                                           "domain_id": "default"}})
    assert made.status == 201
    carol = made.json["user"]
    assert carol["links"]["self"] == f"{site.url}/v3/users/{carol['id']}"
    assert carol["enabled"] and carol["domain_id"] == "default" and carol["description"] == "new"
    path = f"/v3/users/{carol['id']}"
    assert [user["id"] for user in call(site, root, "GET", "/v3/users?name=carol").json["users"]] == [carol["id"]]
    assert call(site, root, "GET", "/v3/users?domain_id=other").json["users"] == []
    assert refused(call(site, root, "POST", "/v3/users", {"user": {"name": "carol", "password": "x" * 10}}), 409)
    for bad in ({}, {"name": 5}, {"name": ""}, {"name": "x", "password": "short"}, {"name": "x", "enabled": "yes"},
                {"name": "x", "domain_id": "other"}, {"name": "x", "options": {"lock_password": True}}):
        assert refused(call(site, root, "POST", "/v3/users", {"user": bad}), 400), bad
    person = {"auth": {"identity": {"methods": ["password"],
                                    "password": {"user": {"name": "carol", "password": "carol's password"}}}}}
    token = sign_in(site, person).headers["X-Subject-Token"]
    change = {"user": {"original_password": "wrong", "password": "carol's second"}}
    assert refused(call(site, token, "POST", path + "/password", change), 401)
    change["user"]["original_password"] = "carol's password"
    assert call(site, token, "POST", path + "/password", change).status == 204
    assert refused(call(site, token, "GET", path), 401), "a new password ends the tokens of the old one"
    person["auth"]["identity"]["password"]["user"]["password"] = "carol's second"
    token = sign_in(site, person).headers["X-Subject-Token"]
    changed = call(site, root, "PATCH", path, {"user": {"enabled": False, "name": "caroline"}}).json["user"]
    assert changed["name"] == "caroline" and not changed["enabled"]
    assert refused(call(site, token, "GET", path), 401) and refused(sign_in(site, person), 401)
    assert [user["name"] for user in call(site, root, "GET", "/v3/users?enabled=false").json["users"]] == ["caroline"]
    assert call(site, root, "DELETE", path).status == 204
    assert refused(call(site, root, "GET", path), 404)


def test_an_admin_keeps_projects_and_roles(site, tokens):
    root, bob = tokens["root"], site.people["bob"]
    made = call(site, root, "POST", "/v3/projects", {"project": {"name": "yard", "tags": [], "options": {}}})
    assert made.status == 201
    yard = made.json["project"]
    assert (yard["domain_id"], yard["is_domain"], yard["enabled"]) == ("default", False, True)
    path = f"/v3/projects/{yard['id']}"
    assert refused(call(site, root, "POST", "/v3/projects", {"project": {"name": "yard"}}), 409)
    for bad in ({}, {"name": "x", "is_domain": True}, {"name": "x", "parent_id": yard["id"]}, {"name": "x\n"},
                {"name": "x", "tags": ["a"]}):
        assert refused(call(site, root, "POST", "/v3/projects", {"project": bad}), 400), bad
    renamed = call(site, root, "PATCH", path, {"project": {"name": "garden"}}).json["project"]
    assert renamed["name"] == "garden"
    assert [one["id"] for one in call(site, root, "GET", "/v3/projects?name=garden").json["projects"]] == [yard["id"]]
    grant = f"{path}/users/{bob.id}/roles/reader"
    assert refused(call(site, root, "GET", grant), 404)
    for _ in range(2):
        assert call(site, root, "PUT", grant).status == 204
    assert call(site, root, "GET", grant).status == 204 and call(site, root, "HEAD", grant).status == 204
    assert refused(call(site, root, "PUT", f"{path}/users/{bob.id}/roles/king"), 404)
    assert refused(call(site, root, "PUT", f"{path}/users/nobody/roles/reader"), 404)
    assert [role["id"] for role in call(site, root, "GET", f"{path}/users/{bob.id}/roles").json["roles"]] == ["reader"]
    named = call(site, root, "GET", f"/v3/role_assignments?scope.project.id={yard['id']}&include_names=True").json
    assert named["role_assignments"][0]["user"]["name"] == "bob"
    assert named["role_assignments"][0]["scope"]["project"]["name"] == "garden"
    assert call(site, root, "GET", "/v3/role_assignments?group.id=x").json["role_assignments"] == []
    assert call(site, root, "DELETE", grant).status == 204
    assert refused(call(site, root, "DELETE", grant), 404)
    assert call(site, root, "DELETE", path).status == 204
    assert refused(call(site, root, "GET", path), 404)


def test_a_project_that_owns_images_goes_only_with_an_heir(site, tokens):
    root = tokens["root"]
    yard = call(site, root, "POST", "/v3/projects", {"project": {"name": "heirless"}}).json["project"]["id"]
    call(site, root, "PUT", f"/v3/projects/{yard}/users/{site.people['alice'].id}/roles/member")
    token = token_of(site, "alice", {"project": {"id": yard}})
    image = call(site, token, "POST", "/v2/images", {"name": "left behind"}).json["id"]
    assert refused(call(site, root, "DELETE", f"/v3/projects/{yard}"), 409, "1 image")
    assert refused(call(site, root, "DELETE", f"/v3/projects/{yard}?heir=nothing"), 404)
    lab = site.people["alice"].project_id
    assert call(site, root, "DELETE", f"/v3/projects/{yard}?heir={lab}").status == 204
    assert call(site, token, "GET", "/v2/images").status == 401
    assert call(site, root, "GET", f"/v2/images/{image}").json["owner"] == lab


def robot_of(site, made):
    return {"auth": {"identity": {"methods": ["application_credential"], "application_credential": {
        "id": made["id"], "secret": made["secret"]}}}}


def test_a_robot_gets_no_more_than_its_user_has(site, tokens):
    alice = site.people["alice"]
    path = f"/v3/users/{alice.id}/application_credentials"

    def make(token, **fields):
        return call(site, token, "POST", path, {"application_credential": {"name": "robot", **fields}})

    for bad in ({"name": ""}, {"roles": "member"}, {"roles": [5]}, {"expires_at": "soon"}, {"secret": 5},
                {"expires_at": "2001-01-01T00:00:00Z"}, {"access_rules": [{"path": "/v2/images"}]}):
        assert refused(make(tokens["alice"], **bad), 400), bad
    for more in ({"roles": [{"id": "admin"}]}, {"project_id": site.people["bob"].project_id}):
        assert refused(make(tokens["alice"], **more), 403), more
    assert refused(make(token_of(site, "alice", "unscoped")), 403, "project")
    made = make(tokens["alice"], description="of a test").json["application_credential"]
    assert made["project_id"] == alice.project_id and [role["id"] for role in made["roles"]] == ["member", "reader"]
    assert made["expires_at"] is None and made["unrestricted"] is False and len(made["secret"]) >= 32
    assert refused(make(tokens["alice"]), 409)
    listed = call(site, tokens["alice"], "GET", path).json["application_credentials"]
    assert [one["id"] for one in listed] == [made["id"]] and "secret" not in listed[0]
    assert "secret" not in call(site, tokens["alice"], "GET", f"{path}/{made['id']}").json["application_credential"]
    token = sign_in(site, robot_of(site, made))
    assert token.json["token"]["application_credential"] == {"id": made["id"], "restricted": True}
    own_password = {"user": {"original_password": alice.password, "password": "the robot's own"}}
    assert refused(call(site, token.headers["X-Subject-Token"], "POST", f"/v3/users/{alice.id}/password", own_password),
                   403, "application credential")
    robot = token.headers["X-Subject-Token"]
    assert call(site, robot, "GET", "/v2/images").status == 200
    assert refused(make(robot, name="a second"), 403)
    assert refused(call(site, robot, "DELETE", f"{path}/{made['id']}"), 403)
    wrong = sign_in(site, robot_of(site, {**made, "secret": "wrong"}))
    unknown = sign_in(site, robot_of(site, {**made, "id": "0" * 32}))
    assert refused(wrong, 401) and refused(unknown, 401) and wrong.body == unknown.body
    # The token of the robot loses each right that its user loses, and it ends with its credential.
    grant = f"/v3/projects/{alice.project_id}/users/{alice.id}/roles/"
    call(site, tokens["root"], "PUT", grant + "reader")
    call(site, tokens["root"], "DELETE", grant + "member")
    assert call(site, robot, "POST", "/v2/images", {"name": "no more"}).status in (401, 403)
    call(site, tokens["root"], "PUT", grant + "member")
    call(site, tokens["root"], "DELETE", grant + "reader")
    assert call(site, tokens["bob"], "DELETE", f"/v3/users/{site.people['bob'].id}/application_credentials/{made['id']}"
                ).status == 404
    assert call(site, tokens["alice"], "DELETE", f"{path}/{made['id']}").status == 204
    assert refused(call(site, robot, "GET", "/v3/auth/projects"), 401)
    assert refused(sign_in(site, robot_of(site, made)), 401)


def test_an_unrestricted_robot_makes_others(site, tokens):
    path = f"/v3/users/{site.people['rita'].id}/application_credentials"
    body = {"application_credential": {"name": "maker", "unrestricted": True, "secret": "chosen by the client"}}
    made = call(site, tokens["rita"], "POST", path, body).json["application_credential"]
    assert made["secret"] == "chosen by the client"
    maker = sign_in(site, robot_of(site, made)).headers["X-Subject-Token"]
    assert call(site, maker, "POST", path, {"application_credential": {"name": "made"}}).status == 201
    more = {"application_credential": {"name": "more", "roles": [{"name": "member"}]}}
    assert refused(call(site, maker, "POST", path, more), 403)


def test_without_a_need_to_sign_in_every_sign_in_is_taken(appliance):
    """Clients that must sign in then work on loopback too. Their tokens give no more rights than everybody has."""
    body = {"auth": {"identity": {"methods": ["password"], "password": {"user": {"name": "me", "password": "any"}}}}}
    reply = appliance.request("POST", "/v3/auth/tokens", body)
    assert reply.status == 201 and reply.json["token"]["project"]["id"] == "default"
    token = reply.headers["X-Subject-Token"]
    headers = {"X-Auth-Token": token, "X-Subject-Token": token}
    assert appliance.get("/v3/auth/tokens", headers=headers).json["token"]["user"]["name"] == "admin"
    assert appliance.request("DELETE", "/v3/auth/tokens", headers=headers).status == 204
    assert appliance.get("/v2/images", headers=headers).status == 200
    assert appliance.get("/v2/images").status == 200
    assert appliance.request("POST", "/v3/auth/tokens", b"nonsense").status == 400
