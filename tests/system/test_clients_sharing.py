"""Two projects share an image by the members API, with every client."""

import glanceclient
import pytest
from test_glance_client import table

DATA = b"shared" * 1000


def private_to_alice(site, name):
    return site.image_with("alice", DATA, name=name, visibility="shared")


def test_openstack_shares_an_image(site, tmp_path):
    image_id = private_to_alice(site, "by openstack")
    shop = site.people["bob"].project_id
    alice = site.signed_in("openstack", "alice", tmp_path / "alice")
    bob = site.signed_in("openstack", "bob", tmp_path / "bob")
    assert "No Image found" in bob.refused("image", "show", image_id)
    # alice may not look up projects, so she gives the id. An admin could give the name.
    alice.run("image", "add", "project", image_id, shop)
    member = alice.json("image", "member", "list", image_id)[0]
    assert (member["Member ID"], member["Status"]) == (shop, "pending")
    assert image_id not in [row["ID"] for row in bob.json("image", "list")]
    bob.run("image", "set", "--accept", image_id)
    assert image_id in [row["ID"] for row in bob.json("image", "list", "--shared")]
    bob.run("image", "save", "--file", tmp_path / "saved", image_id)
    assert (tmp_path / "saved").read_bytes() == DATA
    bob.refused("image", "delete", image_id)
    bob.run("image", "set", "--reject", image_id)
    assert image_id not in [row["ID"] for row in bob.json("image", "list")]
    alice.run("image", "remove", "project", image_id, shop)
    assert "No Image found" in bob.refused("image", "show", image_id)


def test_an_admin_shares_with_a_project_by_its_name(site, tmp_path):
    image_id = private_to_alice(site, "by name")
    root = site.signed_in("openstack", "root", tmp_path / "root")
    root.run("image", "add", "project", image_id, "shop")
    assert site.call("bob", "GET", f"/v2/images/{image_id}").status_code == 200
    root.run("image", "remove", "project", image_id, "shop")
    assert site.call("bob", "GET", f"/v2/images/{image_id}").status_code == 404


def test_a_member_shares_with_a_project_by_its_name(site, tmp_path):
    if site.has_keystone:
        pytest.skip("a Keystone tells only an admin which id a name has")
    image_id = private_to_alice(site, "by name too")
    alice = site.signed_in("openstack", "alice", tmp_path / "alice")
    alice.run("image", "add", "project", image_id, "shop")
    bob = site.signed_in("openstack", "bob", tmp_path / "bob")
    bob.run("image", "set", "--accept", image_id)
    assert image_id in [row["ID"] for row in bob.json("image", "list")]
    alice.run("image", "remove", "project", image_id, "shop")
    assert "No Image found" in bob.refused("image", "show", image_id)
    assert "there is no project 'nowhere'" in alice.refused("image", "add", "project", image_id, "nowhere")


def test_glance_shares_an_image(site, tmp_path):
    image_id = private_to_alice(site, "by glance")
    shop = site.people["bob"].project_id
    alice = site.signed_in("glance", "alice", tmp_path / "alice")
    bob = site.signed_in("glance", "bob", tmp_path / "bob")
    alice.run("member-create", image_id, shop)
    assert [image_id, shop, "pending"] in table(alice.run("member-list", "--image-id", image_id).stdout)
    bob.run("member-update", image_id, shop, "accepted")
    assert shop in bob.run("member-get", image_id, shop).stdout
    assert image_id in bob.run("image-list", "--visibility", "shared").stdout
    bob.run("image-download", "--file", tmp_path / "saved", image_id)
    assert (tmp_path / "saved").read_bytes() == DATA
    alice.run("member-delete", image_id, shop)
    assert f"No image found with ID {image_id}" in bob.refused("image-show", image_id)


def test_openstacksdk_shares_an_image(site):
    image_id = private_to_alice(site, "by sdk")
    shop = site.people["bob"].project_id
    alice, bob = site.connect("alice"), site.connect("bob")
    alice.image.add_member(image_id, member_id=shop)
    assert [(one.member_id, one.status) for one in alice.image.members(image_id)] == [(shop, "pending")]
    bob.image.update_member(shop, image_id, status="accepted")
    assert image_id in [image.id for image in bob.image.images(visibility="shared")]
    assert bob.image.download_image(image_id).content == DATA
    alice.image.remove_member(shop, image_id)
    assert bob.image.find_image(image_id) is None
    for connection in (alice, bob):
        connection.close()


def test_the_library_of_nova_shares_an_image(site):
    image_id = private_to_alice(site, "by library")
    shop = site.people["bob"].project_id
    alice, bob = (glanceclient.Client("2", session=site.session(name)) for name in ("alice", "bob"))
    alice.image_members.create(image_id, shop)
    bob.image_members.update(image_id, shop, "accepted")
    assert bob.images.get(image_id).id == image_id
    alice.image_members.delete(image_id, shop)
    with pytest.raises(glanceclient.exc.HTTPNotFound):
        bob.images.get(image_id)
