"""Images whose data is on a web server, images in several stores, and who may see and change locations."""

import hashlib
import http.client
import json
import re
import signal
import socket
import sqlite3
import subprocess

import pytest
from accounts import LOCAL, Person, add_person
from appliance import BINARY, wait_until
from clients import Client
from deadline import DEADLINE
from image_api import add, patch, refused, remove, replace
from web_server import WebServer

DATA = bytes(range(256)) * 8000  # two chunks of a download
SHOWN = "[images]\nshow_image_direct_url = true\nshow_multiple_locations = true\n"


def stores_for(*servers, patience="timeout = \"60s\"\n"):
    ports = ", ".join(f'"{server.port}"' for server in servers)
    return (f'[stores.local]\n[stores.web]\ntype = "http"\ndescription = "elsewhere"\n{patience}'
            f'allowed_addresses = ["127.0.0.1"]\nallowed_ports = [{ports}]\n')


@pytest.fixture
def web():
    server = WebServer(disk=DATA, other=DATA[::-1], empty=b"", secret=DATA)
    yield server
    server.close()


@pytest.fixture
def appliance(make_appliance, web):
    return make_appliance(SHOWN + stores_for(web)).start()


def location(url, **more):
    return {"url": url, "metadata": {}, **more}


def register(appliance, url, **more):
    """Creates an image whose data is at the URL. Returns its id."""
    image_id = appliance.create()
    reply = patch(appliance, image_id, [add("/locations/-", location(url, **more))])
    assert reply.status == 200, reply
    return image_id


def download(appliance, image_id, part=None):
    return appliance.get(f"/v2/images/{image_id}/file", headers={"Range": part} if part else {})


def is_broken_off(appliance, image_id):
    """Returns whether a download is refused, or ends with an error, so that no client takes a part for the whole."""
    try:
        return download(appliance, image_id).status == 503
    except (http.client.HTTPException, ConnectionError):
        return True


def is_whole(appliance, image_id):
    try:
        return download(appliance, image_id).body == DATA
    except (http.client.HTTPException, ConnectionError):
        return False


def test_an_image_is_registered_served_whole_and_in_parts_and_forgotten(appliance, web):
    image_id = register(appliance, web.url("disk"))
    shown = appliance.show(image_id)
    assert (shown["status"], shown["size"], shown["stores"]) == ("active", len(DATA), "web")
    assert shown["checksum"] is None and shown["os_hash_value"] is None
    assert shown["direct_url"] == web.url("disk")
    assert shown["locations"] == [{"url": web.url("disk"), "metadata": {"store": "web"}}]
    assert download(appliance, image_id).body == DATA
    part = download(appliance, image_id, "bytes=5-9")
    assert (part.status, part.body) == (206, DATA[5:10])
    assert download(appliance, image_id, "bytes=-3").body == DATA[-3:]
    assert appliance.request("DELETE", f"/v2/images/{image_id}").status == 204
    assert appliance.request("POST", f"/api/trash/{image_id}/restore").status == 200
    assert download(appliance, image_id).body == DATA
    assert appliance.request("DELETE", f"/v2/images/{image_id}").status == 204
    assert appliance.request("DELETE", f"/api/trash/{image_id}").status == 204
    assert all(asked.startswith("bytes=") for _, asked in web.asked)  # the server got only reads
    check = appliance.cli("check").stdout
    assert "found 0 difference(s)" in check


def test_digests_that_somebody_vouches_for_are_the_images(appliance, web):
    digests = {"checksum": hashlib.md5(DATA).hexdigest(), "os_hash_algo": "sha512",
               "os_hash_value": hashlib.sha512(DATA).hexdigest()}
    image_id = register(appliance, web.url("disk"), validation_data=digests)
    shown = appliance.show(image_id)
    assert {name: shown[name] for name in digests} == digests
    assert download(appliance, image_id).headers["Content-MD5"] == digests["checksum"]
    other = {**digests, "os_hash_value": "0" * 128}
    reply = patch(appliance, image_id, [add("/locations/-", location(web.url("secret"), validation_data=other))])
    assert refused(reply, 409, "os_hash_value is already set with a different value")


def test_locations_are_added_ordered_and_removed(appliance, web):
    image_id = appliance.image_with(DATA)
    own = appliance.show(image_id)["direct_url"]
    assert re.fullmatch(rf"file:///.*/images/{image_id}", own)
    reply = patch(appliance, image_id, [add("/locations/0", location(web.url("disk")))])
    assert [entry["url"] for entry in reply.json["locations"]] == [web.url("disk"), own]
    assert reply.json["stores"] == "web,local"
    wanted = [{"url": own, "metadata": {"speed": "fast"}}, {"url": web.url("disk"), "metadata": {}}]
    reply = patch(appliance, image_id, [replace("/locations", wanted)])
    assert reply.json["direct_url"] == own
    assert reply.json["locations"][0]["metadata"] == {"store": "local", "speed": "fast"}
    assert refused(patch(appliance, image_id, [add("/locations/-", location(web.url("disk")))]), 400, "already")
    assert refused(patch(appliance, image_id, [replace("/locations", [])]), 403)
    assert refused(patch(appliance, image_id, [add("/locations/-", location(web.url("empty")))]), 409, "0 bytes")
    assert patch(appliance, image_id, [remove("/locations/1")]).json["stores"] == "local"
    assert refused(patch(appliance, image_id, [remove("/locations/0")]), 403, "last location")
    actions = [event["action"] for event in appliance.get(f"/api/events?image={image_id}").json["events"]]
    assert actions.count("image.add_location") == 1 and actions.count("image.remove_location") == 1
    assert str(web.port) not in appliance.get("/api/events").body.decode()


def test_an_image_leaves_a_store(appliance, web):
    image_id = appliance.image_with(DATA)
    patch(appliance, image_id, [add("/locations/-", location(web.url("disk")))])
    assert refused(appliance.request("DELETE", f"/v2/stores/none/{image_id}"), 409)
    assert appliance.request("DELETE", f"/v2/stores/local/{image_id}").status == 204
    assert not (appliance.data / "images" / image_id).exists()
    assert appliance.show(image_id)["stores"] == "web"
    assert refused(appliance.request("DELETE", f"/v2/stores/local/{image_id}"), 404)
    assert refused(appliance.request("DELETE", f"/v2/stores/web/{image_id}"), 403)
    assert download(appliance, image_id).body == DATA


def test_the_stores_are_listed_with_their_setup_for_admins(appliance):
    stores = {store["id"]: store for store in appliance.get("/v2/info/stores").json["stores"]}
    assert stores == {"local": {"id": "local", "default": "true"},
                      "web": {"id": "web", "description": "elsewhere", "read-only": "true"}}
    stores = {store["id"]: store for store in appliance.get("/v2/info/stores/detail").json["stores"]}
    assert stores["web"] == {"id": "web", "description": "elsewhere", "read-only": "true", "type": "http",
                             "properties": {}}
    assert stores["local"]["properties"] == {"data_dir": f"{appliance.data}/images", "thin_provisioning": True}
    assert refused(appliance.upload(appliance.create(), DATA, **{"x-image-meta-store": "web"}), 400, "read-only")


@pytest.mark.parametrize("url", [
    "file:///etc/passwd", "http://127.0.0.2:PORT/disk", "http://127.0.0.1:1/disk", "http://2130706433:PORT/disk",
    "http://0x7f.1:PORT/disk", "http://[::ffff:127.0.0.2]:PORT/disk", "http://user:word@127.0.0.1:PORT/disk",
    "http://localhost.:PORT/none", "http://127.0.0.1:PORT/none", "http://127.0.0.1:PORT/away", "gopher://127.0.0.1/x",
    "http://127.0.0.1:PORT/loop", "http://169.254.169.254/latest/meta-data", "http://127.0.0.1:PORT/\r\nX: y"])
def test_a_url_that_leads_where_it_should_not_is_refused(appliance, web, url):
    web.redirects = {"/away": "http://127.0.0.2/", "/loop": "/loop"}
    image_id = appliance.create()
    reply = patch(appliance, image_id, [add("/locations/-", location(url.replace("PORT", str(web.port))))])
    assert reply.status in (400, 503), reply
    assert b"passwd" not in reply.body and b"word@" not in reply.body
    assert appliance.show(image_id)["status"] == "queued"


def test_a_redirect_is_followed_where_it_may_lead(appliance, web):
    web.redirects = {"/moved": "/disk"}
    assert download(appliance, register(appliance, web.url("moved"))).body == DATA


@pytest.mark.parametrize("lie", ["error", "longer", "shorter", "hang"])
def test_a_server_that_fails_or_lies_later_breaks_the_download(make_appliance, web, lie):
    appliance = make_appliance(SHOWN + stores_for(web)).start()
    image_id = register(appliance, web.url("disk"))
    web.lie = lie
    appliance.restart(SHOWN + stores_for(web, patience='timeout = "1s"\n'))
    assert is_broken_off(appliance, image_id)
    web.lie = None
    wait_until(lambda: is_whole(appliance, image_id), "a server that is busy answers within a second")


def test_a_slow_server_is_given_up_and_holds_nobody_up(make_appliance, web):
    settings = SHOWN + "[server]\nmax_transfers = 2\n"
    appliance = make_appliance(settings + stores_for(web)).start()
    image_id = register(appliance, web.url("disk"))
    web.lie = "slow"
    appliance.restart(settings + stores_for(web, patience='timeout = "1s"\nmin_rate = "1MiB"\n'))
    for _ in range(3):
        assert is_broken_off(appliance, image_id)
    web.lie = None
    wait_until(lambda: is_whole(appliance, image_id), "a server that is busy answers within a second")


def test_a_server_without_parts_gives_whole_images_alone(appliance, web):
    web.lie = "no parts"
    image_id = register(appliance, web.url("disk"))
    assert download(appliance, image_id).body == DATA
    assert refused(download(appliance, image_id, "bytes=5-9"), 400, "without a Range")


def test_a_connection_that_is_cut_is_taken_up_where_it_was(appliance, web):
    image_id = register(appliance, web.url("disk"))
    web.lie = "cut"
    assert is_broken_off(appliance, image_id)
    parts = [asked for _, asked in web.asked]
    assert f"bytes={len(DATA) // 2}-" in parts


def test_a_copy_that_fails_is_followed_by_another(appliance, web):
    image_id = appliance.image_with(DATA)
    patch(appliance, image_id, [add("/locations/0", location(web.url("disk")))])
    web.lie = "error"
    assert download(appliance, image_id).body == DATA
    web.lie = "no parts"
    assert download(appliance, image_id, "bytes=5-9").body == DATA[5:10]
    web.lie = None
    (appliance.data / "images" / image_id).unlink()
    assert download(appliance, image_id).body == DATA


def test_a_download_goes_on_from_a_copy_that_is_the_same(appliance, web):
    image_id = appliance.image_with(DATA)
    digests = {"os_hash_algo": "sha512", "os_hash_value": hashlib.sha512(DATA).hexdigest()}
    reply = patch(appliance, image_id, [add("/locations/0", location(web.url("disk"), validation_data=digests))])
    assert reply.status == 200, reply
    web.lie = "cut"  # half of the requested bytes come, so it ends inside the second chunk
    assert download(appliance, image_id).body == DATA


def service_site(make_appliance, web):
    appliance = make_appliance(LOCAL + SHOWN + stores_for(web)).start()
    for project in ("lab", "service"):
        appliance.cli("project", "create", project)
    add_person(appliance, "alice", "lab", "member")
    add_person(appliance, "boss", "lab", "admin")
    add_person(appliance, "nova", "service", "service")
    people = {name: Person(appliance, name, project) for name, project in
              (("alice", "lab"), ("boss", "lab"), ("nova", "service"))}
    return appliance, people


def test_only_admins_and_services_beside_a_user_see_and_change_locations(make_appliance, web):
    _, people = service_site(make_appliance, web)
    alice, boss = people["alice"], people["boss"]
    beside = {"X-Service-Token": people["nova"].token}
    image_id = alice.image_with(DATA)
    path = f"/v2/images/{image_id}"
    plain = alice.get(path).json
    assert "direct_url" not in plain and "locations" not in plain
    assert "locations" not in alice.get("/v2/images").json["images"][0]
    for reply in (boss.get(path), alice.get(path, headers=beside)):
        assert reply.json["direct_url"].endswith(image_id) and len(reply.json["locations"]) == 1
    step = [add("/locations/-", location(web.url("disk")))]
    kind = {"Content-Type": "application/openstack-images-v2.1-json-patch"}
    assert refused(alice.request("PATCH", path, step, kind), 403, "service")
    assert web.asked == []
    assert alice.request("PATCH", path, step, {**kind, "X-Service-Token": alice.token}).status == 403
    assert alice.request("PATCH", path, step, {**kind, "X-Service-Token": "forged"}).status == 401
    assert alice.request("PATCH", path, step, {**kind, **beside}).json["stores"] == "local,web"
    assert alice.request("DELETE", f"/v2/stores/web/{image_id}").status == 403
    assert alice.request("DELETE", f"/v2/stores/web/{image_id}", headers=beside).status == 204
    # The service alone is no member of the owner.
    assert people["nova"].get(path).status == 403


def test_without_the_settings_nobody_sees_locations(make_appliance, web):
    appliance = make_appliance(stores_for(web)).start()
    shown = appliance.show(appliance.image_with(DATA))
    assert "direct_url" not in shown and "locations" not in shown


def test_glance_adds_updates_and_deletes_locations(appliance, web, tmp_path):
    glance = Client("glance", ["--os-image-url", appliance.url, "--os-auth-token", "x"], tmp_path / "home")
    image_id = appliance.image_with(DATA)
    glance.run("location-add", "--url", web.url("disk"), "--metadata", '{"a": "b"}', image_id)
    assert appliance.show(image_id)["locations"][1] == {"url": web.url("disk"), "metadata": {"store": "web", "a": "b"}}
    glance.run("location-update", "--url", web.url("disk"), "--metadata", '{"c": "d"}', image_id)
    assert appliance.show(image_id)["locations"][1]["metadata"]["c"] == "d"
    glance.run("location-delete", "--url", web.url("disk"), image_id)
    assert len(appliance.show(image_id)["locations"]) == 1
    fresh = appliance.create()
    glance.run("location-add", "--url", web.url("disk"), "--checksum", hashlib.md5(DATA).hexdigest(), "--hash-algo",
               "sha512", "--hash-value", hashlib.sha512(DATA).hexdigest(), fresh)
    assert appliance.show(fresh)["status"] == "active"


def test_openstack_shows_the_direct_url(appliance, web, tmp_path):
    openstack = Client("openstack", ["--os-auth-type", "none", "--os-endpoint", appliance.url], tmp_path / "home")
    image_id = register(appliance, web.url("disk"))
    shown = openstack.json("image", "show", image_id)
    assert web.url("disk") in json.dumps(shown["properties"])
    openstack.run("image", "set", "--name", "renamed", image_id)
    openstack.run("image", "save", "--file", str(tmp_path / "saved"), image_id)
    assert (tmp_path / "saved").read_bytes() == DATA


def test_urls_are_encrypted_at_rest_and_the_key_is_exchanged(make_appliance, web, tmp_path):
    def key_file(name, digit):
        file = tmp_path / name
        file.write_text(digit * 64 + "\n")
        file.chmod(0o600)
        return file

    def settings(file=None):
        return SHOWN + (f'[catalog]\nlocation_key_file = "{file}"\n' if file else "") + stores_for(web)

    def is_readable():
        return any(b"very-secret" in (appliance.data / name).read_bytes()
                   for name in ("catalog.db", "catalog.db-wal") if (appliance.data / name).exists())

    def fails_to_start(*words):
        done = appliance.cli("check", check=False)
        assert done.returncode == 1 and all(word in done.stderr for word in words), done.stderr

    first, second = key_file("first", "1"), key_file("second", "2")
    appliance = make_appliance(settings()).start()
    image_id = register(appliance, web.url("secret?signature=very-secret"))
    assert is_readable()
    appliance.stop()
    appliance.configure(settings(first))
    appliance.start()
    assert not is_readable()
    assert download(appliance, image_id).body == DATA
    assert appliance.show(image_id)["direct_url"].endswith("very-secret")
    assert refused(patch(appliance, image_id, [add("/locations/-", location(web.url("secret?signature=very-secret")))]),
                   400, "already")
    assert "very-secret" not in appliance.log
    busy = appliance.cli("locations", "rotate-key", "--new-key-file", second, check=False)
    assert busy.returncode == 1 and "is in use" in busy.stderr, busy.stderr
    appliance.stop()
    appliance.configure(settings(second))
    fails_to_start("another key")
    appliance.configure(settings())
    fails_to_start("location_key_file")
    first.chmod(0o644)
    appliance.configure(settings(first))
    fails_to_start("can be read by everybody")
    first.chmod(0o600)
    assert "new key" in appliance.cli("locations", "rotate-key", "--new-key-file", second).stdout
    fails_to_start("another key")
    appliance.configure(settings(second))
    assert "1111" not in appliance.cli("print-config").stdout
    appliance.start()
    assert download(appliance, image_id).body == DATA
    appliance.stop()
    appliance.cli("locations", "rotate-key", "--no-key")
    appliance.configure(settings())
    assert download(appliance.start(), image_id).body == DATA


def test_an_exchange_of_the_key_that_is_killed_goes_on(make_appliance, web, tmp_path):
    first, second = (tmp_path / name for name in ("first", "second"))
    for file, digit in ((first, "1"), (second, "2")):
        file.touch(mode=0o600)
        file.write_text(digit * 64)
    settings = SHOWN + stores_for(web)
    appliance = make_appliance(settings).start()
    image_id = register(appliance, web.url("disk"))
    appliance.stop()
    catalog = appliance.data / "catalog.db"
    with sqlite3.connect(catalog) as db:  # so many rows that the exchange of keys takes a while
        for _ in range(14):
            db.execute("INSERT INTO location_removals (image, image_id, store, uri, size, attempts, last_error, "
                       "next_attempt_at) SELECT 1, 'x', 'web', 'http://a.example/' || n, 0, 0, '', "
                       "(unixepoch() + 1800) * 1000000 FROM (SELECT n FROM location_removals UNION ALL SELECT 0)")
    appliance.configure(settings + f'[catalog]\nlocation_key_file = "{first}"\n')
    appliance.start()
    appliance.kill()

    def half_done():
        with sqlite3.connect(catalog, timeout=DEADLINE) as db:
            if not db.execute("SELECT location_key_next FROM catalog_state").fetchone()[0]:
                return False
            return len(db.execute("SELECT DISTINCT uri_key FROM location_removals LIMIT 2").fetchall()) == 2

    for _ in range(50):
        process = subprocess.Popen([BINARY, "locations", "rotate-key", "--new-key-file", second, "--config",
                                    appliance.config, "--data", appliance.data], stdout=subprocess.DEVNULL)
        wait_until(lambda: half_done() or process.poll() is not None, "the exchange runs")
        process.kill()
        assert process.wait() in (0, -signal.SIGKILL)
        if half_done():
            break
        # The exchange was faster than this test. So exchange the keys back, and try again.
        first, second = second, first
        appliance.configure(settings + f'[catalog]\nlocation_key_file = "{first}"\n')
    else:
        pytest.fail("it was always quicker than this test")
    for file in (first, second):
        appliance.configure(settings + f'[catalog]\nlocation_key_file = "{file}"\n')
        done = appliance.cli("check", check=False)
        assert done.returncode == 1 and "was interrupted: finish it" in done.stderr, done.stderr
    appliance.configure(settings + f'[catalog]\nlocation_key_file = "{first}"\n')
    appliance.cli("locations", "rotate-key", "--new-key-file", second)
    appliance.configure(settings + f'[catalog]\nlocation_key_file = "{second}"\n')
    assert download(appliance.start(), image_id).body == DATA


def test_a_name_that_leads_to_a_forbidden_address_is_not_asked(make_appliance, web):
    """Even if a server listens there, it gets no connection."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = listener.getsockname()[1]
        settings = f'[stores.local]\n[stores.web]\ntype = "http"\nallowed_ports = ["{port}"]\n'
        appliance = make_appliance(SHOWN + settings).start()
        for host in ("localhost", "127.0.0.1", "[::1]"):
            reply = patch(appliance, appliance.create(), [add("/locations/-", location(f"http://{host}:{port}/x"))])
            assert refused(reply, 400, "not allowed")
        listener.settimeout(0.2)
        with pytest.raises(TimeoutError):
            listener.accept()


def test_removed_bytes_are_remembered_through_a_crash(make_appliance, web):
    """The store is unavailable at first, then the appliance is killed. In the end the bytes are removed."""
    appliance = make_appliance(SHOWN + '[trash]\nwakeup_time = "1s"\n' + stores_for(web)).start()
    image_id = appliance.image_with(DATA)
    folder = appliance.data / "images"
    file = folder / image_id
    patch(appliance, image_id, [add("/locations/-", location(web.url("disk")))])
    appliance.stop()
    folder.rename(appliance.data / "aside")
    appliance.start()
    assert patch(appliance, image_id, [remove("/locations/0")]).json["stores"] == "web"
    appliance.kill()
    (appliance.data / "aside").rename(folder)
    assert file.exists()
    appliance.start()
    wait_until(lambda: not file.exists(), "the bytes are removed")
    assert download(appliance, image_id).body == DATA
