"""The recycle bin: a delete hides an image, and a restore returns all of it."""

import http.client
import time
from concurrent.futures import ThreadPoolExecutor

import pytest
from appliance import wait_until
from bin_calls import (bin_entry, bin_ids, bytes_on_disk, delete, listed_ids, patch, purge, restore, some_bytes,
                       time_of, wait_until_scrubbed)
from deadline import DEADLINE

DAY = 86400
NO_IMAGE = "00000000-0000-4000-8000-000000000000"


def test_a_deleted_image_is_gone_for_every_call_of_the_image_api(appliance):
    image = appliance.image_with(b"data", tags=["kept"])
    delete(appliance, image)
    path = f"/v2/images/{image}"
    octets = {"Content-Type": "application/octet-stream"}
    replies = [appliance.get(path), appliance.get(path + "/file"), appliance.get(path + "/members"),
               appliance.request("HEAD", path + "/file"),
               appliance.request("DELETE", path),
               appliance.request("PUT", path + "/file", b"other", octets),
               appliance.request("PUT", path + "/tags/new"), appliance.request("DELETE", path + "/tags/kept"),
               patch(appliance, image, {"op": "replace", "path": "/name", "value": "new"}),
               appliance.request("POST", path + "/actions/deactivate"),
               appliance.request("POST", path + "/actions/reactivate")]
    assert [reply.status for reply in replies] == [404] * len(replies)


@pytest.mark.parametrize("query", ["", "?visibility=all", "?status=deleted", "?status=active", "?deleted=true",
                                   "?os_hidden=true", "?id={}", "?name=image"])
def test_no_list_shows_a_deleted_image(appliance, query):
    image = appliance.image_with(b"data")
    delete(appliance, image)
    assert listed_ids(appliance, query.format(image)) == []


def test_a_list_of_the_status_pending_delete_shows_the_bin_and_nothing_else(appliance):
    image, kept = appliance.image_with(b"data"), appliance.image_with(b"data")
    delete(appliance, image)
    reply = appliance.get("/v2/images?status=pending_delete")
    assert [(i["id"], i["status"]) for i in reply.json["images"]] == [(image, "pending_delete")]
    assert listed_ids(appliance) == [kept]


def test_an_id_is_never_given_again(appliance):
    image = appliance.image_with(b"data")
    new = {"id": image, "name": "again"}
    assert appliance.request("POST", "/v2/images", new).status == 409
    delete(appliance, image)
    assert appliance.request("POST", "/v2/images", new).status == 409
    purge(appliance, image)
    assert appliance.request("POST", "/v2/images", new).status == 409
    appliance.stop()
    appliance.start()
    assert appliance.request("POST", "/v2/images", new).status == 409


def make_plain(appliance, image):
    pass


def make_deactivated(appliance, image):
    assert appliance.request("POST", f"/v2/images/{image}/actions/deactivate").status == 204


def make_hidden(appliance, image):
    assert patch(appliance, image, {"op": "replace", "path": "/os_hidden", "value": True}).status == 200


def make_public(appliance, image):
    assert patch(appliance, image, {"op": "replace", "path": "/visibility", "value": "public"}).status == 200


def make_protected_and_not(appliance, image):
    for value in (True, False):
        assert patch(appliance, image, {"op": "replace", "path": "/protected", "value": value}).status == 200


@pytest.mark.parametrize("prepare", [make_plain, make_deactivated, make_hidden, make_public, make_protected_and_not],
                         ids=lambda prepare: prepare.__name__)
def test_a_restore_gives_everything_back(make_appliance, prepare):
    appliance = make_appliance().start()
    data = some_bytes(3_000_001)
    image = appliance.image_with(data, name="name with ümlaut", tags=["a", "b c"], min_disk=3, min_ram=5,
                                 hw_disk_bus="scsi", **{"any property": "its value", "empty": ""})
    prepare(appliance, image)
    before = appliance.show(image)
    delete(appliance, image)
    appliance.stop()
    appliance.start()
    in_bin = bin_entry(appliance, image)
    assert {k: v for k, v in in_bin.items() if k in before} == {**before, "status": "pending_delete"}
    assert restore(appliance, image) == before
    assert appliance.show(image) == before
    if prepare is make_deactivated:
        assert appliance.request("POST", f"/v2/images/{image}/actions/reactivate").status == 204
    assert appliance.get(f"/v2/images/{image}/file").body == data
    assert bin_ids(appliance) == []


def test_only_what_is_in_the_bin_can_be_restored(appliance):
    image = appliance.image_with(b"data")
    again = f"/api/trash/{image}/restore"
    for path in (again, f"/api/trash/{NO_IMAGE}/restore", "/api/trash/nonsense/restore"):
        assert appliance.request("POST", path).status in (404, 409)
    delete(appliance, image)
    restore(appliance, image)
    assert appliance.request("POST", again).status in (404, 409)
    assert appliance.show(image)["status"] == "active"
    delete(appliance, image)
    purge(appliance, image)
    assert appliance.request("POST", again).status == 404


def test_a_restored_image_can_be_deleted_again_and_its_bytes_go_with_the_purge(appliance):
    image = appliance.image_with(b"data")
    for _ in range(3):
        delete(appliance, image)
        assert bin_ids(appliance) == [image]
        restore(appliance, image)
    delete(appliance, image)
    purge(appliance, image)
    assert bin_ids(appliance) == []
    assert not bytes_on_disk(appliance, image).exists()


def test_a_protected_image_is_not_deleted(appliance):
    image = appliance.image_with(b"data", protected=True)
    reply = appliance.request("DELETE", f"/v2/images/{image}")
    assert reply.status == 403 and "protected" in reply.json["message"]
    assert appliance.show(image)["status"] == "active"
    assert bin_ids(appliance) == []


def test_an_image_without_data_does_not_go_through_the_bin(appliance):
    image = appliance.create()
    delete(appliance, image)
    assert appliance.get(f"/v2/images/{image}").status == 404
    assert bin_ids(appliance) == []
    assert appliance.request("POST", f"/api/trash/{image}/restore").status == 404
    assert appliance.request("POST", "/v2/images", {"id": image}).status == 409


def test_an_empty_image_goes_through_the_bin(appliance):
    image = appliance.image_with(b"")
    before = appliance.show(image)
    delete(appliance, image)
    assert restore(appliance, image) == before


def test_a_purge_frees_the_bytes_at_once(appliance):
    image = appliance.image_with(some_bytes(100_000))
    assert bytes_on_disk(appliance, image).exists()
    delete(appliance, image)
    assert bytes_on_disk(appliance, image).exists()
    purge(appliance, image)
    assert not bytes_on_disk(appliance, image).exists()
    assert appliance.get(f"/api/trash/{image}").status == 404


def test_a_purge_is_only_for_what_is_in_the_bin(appliance):
    image = appliance.image_with(b"data")
    for unknown in (image, NO_IMAGE, "nonsense"):
        reply = appliance.request("DELETE", f"/api/trash/{unknown}")
        assert reply.status == 404 and unknown in reply.json["message"]
    assert appliance.get(f"/v2/images/{image}/file").body == b"data"


@pytest.mark.parametrize("query", ["", "?all=true", "?all=false"])
def test_emptying_the_bin_says_what_it_freed_and_leaves_the_rest(appliance, query):
    kept = appliance.image_with(b"kept")
    doomed = [appliance.image_with(some_bytes(50_000, n)) for n in range(3)]
    for image in doomed:
        delete(appliance, image)
    reply = appliance.request("DELETE", "/api/trash" + query)
    assert reply.status == 200, reply
    assert reply.json["images"] == 3 and reply.json["failures"] == 0
    assert reply.json["bytes_freed"] >= 150_000
    assert sorted(reply.json["image_ids"]) == sorted(doomed)
    assert bin_ids(appliance) == []
    assert appliance.get(f"/v2/images/{kept}/file").body == b"kept"
    assert appliance.request("DELETE", "/api/trash" + query).json["images"] == 0


def test_emptying_the_bin_understands_its_parameter_or_does_nothing(appliance):
    image = appliance.image_with(b"data")
    delete(appliance, image)
    assert appliance.request("DELETE", "/api/trash?all=perhaps").status == 400
    assert bin_ids(appliance) == [image]


@pytest.mark.parametrize("is_deactivated", [False, True])
def test_without_delayed_delete_the_bytes_go_soon_and_nothing_is_in_the_bin(make_appliance, is_deactivated):
    appliance = make_appliance("[trash]\ndelayed_delete = false\n").start()
    image = appliance.image_with(b"data")
    if is_deactivated:
        make_deactivated(appliance, image)
    delete(appliance, image)
    assert bin_ids(appliance) == []
    assert listed_ids(appliance, "?status=pending_delete") == []
    assert appliance.request("POST", f"/api/trash/{image}/restore").status == 404
    wait_until(lambda: not bytes_on_disk(appliance, image).exists(), "the bytes are gone")


def test_what_is_in_the_bin_stays_there_when_delayed_delete_is_turned_off(appliance):
    image = appliance.image_with(b"data")
    before = appliance.show(image)
    delete(appliance, image)
    appliance.stop()
    appliance.configure("[trash]\ndelayed_delete = false\n")
    appliance.start()
    assert restore(appliance, image) == before


def test_a_retention_is_fixed_at_the_delete(make_appliance):
    appliance = make_appliance("[trash]\nscrub_time = '3d'\n").start()
    image, later = appliance.image_with(b"data"), appliance.image_with(b"data")
    delete(appliance, image)
    entry = bin_entry(appliance, image)
    assert time_of(entry["scrub_after"]) - time_of(entry["deleted_at"]) == 3 * DAY
    appliance.stop()
    appliance.configure("[trash]\nscrub_time = '1s'\n")
    appliance.start()
    assert bin_entry(appliance, image) == entry
    delete(appliance, later)
    wait_until_scrubbed(appliance, later)
    assert bin_entry(appliance, image) == entry


def test_a_restore_starts_the_next_retention_anew(appliance):
    image = appliance.image_with(b"data")
    delete(appliance, image)
    first = bin_entry(appliance, image)
    restore(appliance, image)

    def deleted_later():
        delete(appliance, image)
        entry = bin_entry(appliance, image)
        if entry["deleted_at"] > first["deleted_at"]:
            return entry
        restore(appliance, image)
        return None

    second = wait_until(deleted_later, "a delete in a later second")
    assert second["scrub_after"] > first["scrub_after"]


def test_an_entry_says_who_deleted_when_and_until_when_it_stays(appliance):
    image = appliance.image_with(b"data")
    created_at = time_of(appliance.show(image)["created_at"])
    delete(appliance, image)
    now = time.time()
    entry = bin_entry(appliance, image)
    assert entry["deleted_by"]
    assert created_at <= time_of(entry["deleted_at"]) <= now
    assert time_of(entry["scrub_after"]) == time_of(entry["deleted_at"]) + 7 * DAY
    assert entry["blocked"] is None
    assert appliance.get("/api/trash").json["trash"] == [entry]


def test_the_bin_is_paged(appliance):
    images = [appliance.image_with(b"data", name=f"image-{n}") for n in range(5)]
    for image in reversed(images):
        delete(appliance, image)
    path, seen, pages = "/api/trash?limit=2&sort=name:asc", [], 0
    while path:
        page = appliance.get(path).json
        seen += [entry["id"] for entry in page["trash"]]
        path = page.get("next")
        pages += 1
    assert seen == images and pages == 3
    by_deletion = bin_ids(appliance, "?sort=deleted_at:desc")
    assert sorted(by_deletion) == sorted(images)
    assert bin_ids(appliance, "?name=image-3") == [images[3]]
    assert appliance.get("/api/trash?limit=none").status == 400


def test_of_several_deletes_or_restores_at_once_one_wins(appliance):
    image = appliance.image_with(b"data")
    before = appliance.show(image)
    with ThreadPoolExecutor(8) as threads:
        for _ in range(5):
            deletes = list(threads.map(lambda _: appliance.request("DELETE", f"/v2/images/{image}").status, range(8)))
            assert sorted(deletes) == [204] + [404] * 7
            restores = list(threads.map(
                lambda _: appliance.request("POST", f"/api/trash/{image}/restore").status, range(8)))
            assert sorted(restores) == [200] + [404] * 7
    assert appliance.show(image) == before


def test_of_a_restore_and_a_purge_at_once_one_wins(appliance):
    with ThreadPoolExecutor(2) as threads:
        for _ in range(20):
            image = appliance.image_with(b"data")
            delete(appliance, image)
            purged = threads.submit(appliance.request, "DELETE", f"/api/trash/{image}")
            restored = threads.submit(appliance.request, "POST", f"/api/trash/{image}/restore").result()
            if restored.status == 200:
                assert purged.result().status in (404, 409)
                assert appliance.get(f"/v2/images/{image}/file").body == b"data"
            else:
                assert restored.status in (404, 409) and purged.result().status == 204
                assert not bytes_on_disk(appliance, image).exists()


@pytest.mark.file_store  # on Ceph the purge waits for the download: test_rbd_blocked.py
def test_a_download_that_runs_ends_whole_though_its_image_is_purged(appliance):
    data = some_bytes(20_000_000)
    image = appliance.image_with(data)
    connection = http.client.HTTPConnection("127.0.0.1", appliance.port, timeout=DEADLINE)
    connection.request("GET", f"/v2/images/{image}/file")
    response = connection.getresponse()
    first = response.read(1000)
    delete(appliance, image)
    purge(appliance, image)
    assert first + response.read() == data
    connection.close()
