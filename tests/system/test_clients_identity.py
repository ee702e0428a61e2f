"""Identity commands of the real `openstack`, as with a Keystone: users, projects, roles, application credentials."""

import pytest


@pytest.fixture
def root(site, tmp_path):
    return site.signed_in("openstack", "root", tmp_path / "root")


def test_an_admin_keeps_users_and_projects(site, root):
    project = root.json("project", "create", "yard", "--description", "of a test")
    user = root.json("user", "create", "carol", "--project", "yard", "--password", "carol's password")
    assert user["name"] == "carol" and user["default_project_id"] == project["id"]
    root.run("role", "add", "--user", "carol", "--project", "yard", "member")
    named = root.json("role", "assignment", "list", "--names", "--user", "carol", "--project", "yard")
    assert [(row["Role"], row["User"], row["Project"]) for row in named] == [
        ("member", "carol@Default", "yard@Default")]
    assert {"alice", "carol"} <= {row["Name"] for row in root.json("user", "list")}
    assert {"lab", "yard"} <= {row["Name"] for row in root.json("project", "list")}
    assert {"admin", "member", "reader"} <= {row["Name"] for row in root.json("role", "list")}
    root.run("role", "remove", "--user", "carol", "--project", "yard", "member")
    root.run("user", "set", "--disable", "carol")
    root.run("user", "delete", "carol")
    root.run("project", "delete", "yard")
    assert "carol" not in {row["Name"] for row in root.json("user", "list")}


def test_a_member_sees_himself_and_keeps_his_robots(site, tmp_path):
    alice = site.signed_in("openstack", "alice", tmp_path / "alice")
    assert "403" in alice.refused("user", "list")
    assert [row["Name"] for row in alice.json("project", "list", "--my-projects")] == ["lab"]
    made = alice.json("application", "credential", "create", "--role", "member", "--expiration",
                      "2099-01-01T00:00:00", "robot of alice")
    assert made["roles"] == "member" and made["expires_at"].startswith("2099-01-01T00:00:00")
    assert made["secret"] and made["project_id"] == site.people["alice"].project_id
    assert made["id"] in [row["ID"] for row in alice.json("application", "credential", "list")]
    assert "secret" not in alice.json("application", "credential", "show", "robot of alice")
    alice.run("application", "credential", "delete", "robot of alice")
    assert {row["Type"] for row in alice.json("catalog", "list")} >= {"image", "identity"}
