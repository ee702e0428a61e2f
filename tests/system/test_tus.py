"""Resumable uploads as tus 1.0.0 defines them: a test for each rule that a server MUST follow, of the core protocol and
of the extensions that this server has."""

import base64
import contextlib
import email.utils
import hashlib
import sqlite3
import time

import pytest
from accounts import LOCAL, people
from appliance import wait_until
from image_api import UNKNOWN_ID, refused, replace
from tus_client import OFFSET_STREAM, VERSION, Upload, assert_active, begin, encoded, metadata, post, staged

DATA = bytes(range(256)) * 40
UNKNOWN = "/api/uploads/" + UNKNOWN_ID
NAMES = ("creation", "creation-with-upload", "creation-defer-length", "termination", "checksum", "expiration")


def checksum(data, algorithm="sha1"):
    return f"{algorithm} {base64.b64encode(hashlib.new(algorithm, data).digest()).decode()}"


def assert_queued_again(appliance, image_id, reason):
    image = appliance.get(f"/api/images/{image_id}").json
    assert image["status"] == "queued" and image["locations"] == [], image
    assert reason in image["status_reason"], image
    assert staged(appliance) == []
    assert appliance.upload(image_id, b"another way").status == 204


# The core protocol.


def test_head_tells_the_offset_from_the_first_byte_to_behind_the_last(appliance):
    upload = begin(appliance, len(DATA))
    for offset in (0, 1000, len(DATA)):
        reply = upload.head()
        assert reply.status == 200 and reply.body == b"", reply
        assert reply.headers["Upload-Offset"] == str(offset)
        assert reply.headers["Upload-Length"] == str(len(DATA))
        assert "Upload-Defer-Length" not in reply.headers
        if offset < len(DATA):
            end = 1000 if offset == 0 else len(DATA)
            assert upload.patch(offset, DATA[offset:end]).status == 204
    assert_active(appliance, upload.image_id, DATA)


def test_the_answer_to_head_is_never_cached(appliance):
    assert begin(appliance, 5).head().headers["Cache-Control"] == "no-store"
    assert appliance.request("HEAD", UNKNOWN, headers={"Tus-Resumable": VERSION}).headers["Cache-Control"] == "no-store"


@pytest.mark.parametrize("path", [UNKNOWN, "/api/uploads/none", "/api/uploads/..%2Fcatalog.db"])
def test_an_upload_that_there_is_not_is_not_found(appliance, path):
    upload = Upload(appliance, path)
    for reply in (upload.head(), upload.patch(0, b"x"), upload.delete()):
        assert reply.status == 404 and "Upload-Offset" not in reply.headers, reply
    refused(upload.patch(0, b"x"), 404, "There is no upload with ID")


def test_patch_adds_bytes_and_tells_the_new_offset(appliance):
    upload = begin(appliance, 10)
    for offset in range(0, 10, 2):
        reply = upload.patch(offset, b"ab")
        assert reply.status == 204 and reply.body == b"", reply
        assert reply.headers["Upload-Offset"] == str(offset + 2)
    assert_active(appliance, upload.image_id, b"ab" * 5)


def test_patch_takes_chunks_of_unknown_length_too(appliance):
    upload = begin(appliance, 6)
    assert upload.patch(0, iter([b"ab", b"cd"])).headers["Upload-Offset"] == "4"
    assert upload.patch(4, iter([b"e", b"f", b"g"])).status == 400
    assert upload.patch(4, iter([b"ef"])).status == 204
    assert_active(appliance, upload.image_id, b"abcdef")


@pytest.mark.parametrize("kind", [None, "application/octet-stream", "text/plain", "application/offset"])
def test_patch_of_another_content_type_is_refused(appliance, kind):
    upload = begin(appliance, 5)
    refused(upload.patch(0, b"hello", Content_Type=kind), 415, OFFSET_STREAM)
    assert upload.offset() == 0


def test_bytes_for_another_offset_are_a_conflict_and_change_nothing(appliance):
    upload = begin(appliance, 10)
    upload.patch(0, b"abcd")
    for offset in (0, 3, 5, 10, 11, 2**40):
        refused(upload.patch(offset, b"xy"), 409, "continues at byte 4")
    assert upload.offset() == 4
    assert upload.patch(4, b"efghij").status == 204
    assert_active(appliance, upload.image_id, b"abcdefghij")


@pytest.mark.parametrize("offset", [None, "", "-1", "+0", "0x0", "1.5", "ten", "99999999999999999999"])
def test_an_offset_is_a_number_that_is_not_negative(appliance, offset):
    upload = begin(appliance, 5)
    assert upload.patch(0, b"hello", Upload_Offset=offset).status == 400
    assert upload.offset() == 0


def test_a_patch_without_bytes_changes_nothing(appliance):
    upload = begin(appliance, 5)
    assert upload.patch(0, b"").headers["Upload-Offset"] == "0"
    assert upload.patch(0, b"hello").status == 204
    assert upload.patch(5, b"").headers["Upload-Offset"] == "5"
    assert upload.patch(5, b"!").status == 400
    assert_active(appliance, upload.image_id, b"hello")


def test_every_answer_says_which_tus_this_is(appliance):
    upload = begin(appliance, 5)
    for reply in (upload.head(), upload.patch(0, b"he"), upload.patch(0, b"he"),
                  upload.patch(2, b"x", Content_Type="a/b"), Upload(appliance, UNKNOWN).head(),
                  post(appliance, appliance.create(), 5), post(appliance, "none", 5), upload.delete(),
                  upload.delete(), upload.request("PUT"), appliance.request("GET", "/api/uploads"),
                  upload.request("DELETE", Origin="http://elsewhere.example")):
        assert reply.headers["Tus-Resumable"] == VERSION, reply
    assert upload.head(Tus_Resumable="2").headers["Cache-Control"] == "no-store"


@pytest.mark.parametrize("version", [None, "0.2.2", "1.0", "2.0.0", "1.0.0.0"])
def test_another_version_is_refused_and_nothing_is_done(appliance, version):
    upload = begin(appliance, 5)
    image_id = appliance.create()
    for reply in (upload.head(Tus_Resumable=version), upload.patch(0, b"hello", Tus_Resumable=version),
                  upload.request("DELETE", Tus_Resumable=version), post(appliance, image_id, 5, Tus_Resumable=version)):
        assert reply.status == 412, reply
        assert reply.headers["Tus-Version"] == VERSION and reply.headers["Tus-Resumable"] == VERSION
    assert upload.offset() == 0
    assert appliance.show(image_id)["status"] == "queued"


def test_options_tells_what_the_server_can(make_appliance):
    appliance = make_appliance("[limits]\nimage_size_cap = '5MiB'\n").start()
    for path in ("/api/uploads", begin(appliance, 5).path):
        for headers in ({}, {"Tus-Resumable": "0.0.1"}):  # OPTIONS needs no version, because a client asks for it
            reply = appliance.request("OPTIONS", path, headers=headers)
            assert reply.status == 204, reply
            assert reply.headers["Tus-Version"] == VERSION
            assert reply.headers["Tus-Max-Size"] == str(5 << 20)
            assert sorted(reply.headers["Tus-Extension"].split(",")) == sorted(NAMES)
            assert reply.headers["Tus-Checksum-Algorithm"] == "sha1,sha256"


def test_the_method_can_be_told_in_a_header(appliance):
    upload = begin(appliance, 5)
    reply = upload.request("POST", b"he", X_HTTP_Method_Override="PATCH", Content_Type=OFFSET_STREAM, Upload_Offset="0")
    assert reply.status == 204 and reply.headers["Upload-Offset"] == "2", reply
    assert upload.request("POST", X_HTTP_Method_Override="HEAD").headers["Upload-Offset"] == "2"
    assert upload.request("POST", X_HTTP_Method_Override="OPTIONS").headers["Tus-Version"] == VERSION
    # The header wins over the real method.
    assert upload.request("PATCH", X_HTTP_Method_Override="DELETE").status == 204
    assert upload.head().status == 404
    other = begin(appliance, 5)
    refused = other.request("POST")
    assert refused.status == 405 and "PATCH" in refused.headers["Allow"], refused
    assert other.request("POST", X_HTTP_Method_Override="PUT").status == 405
    # A GET must change nothing, so it cannot be overridden.
    assert other.request("GET", X_HTTP_Method_Override="DELETE").status == 400
    assert other.offset() == 0


# Creation.


def test_a_creation_answers_where_the_upload_is(appliance):
    image_id = appliance.create()
    reply = post(appliance, image_id, 5)
    assert reply.status == 201 and reply.body == b"", reply
    assert reply.headers["Location"].startswith(appliance.url + "/api/uploads/")
    assert appliance.show(image_id)["status"] == "saving"
    assert Upload(appliance, reply.headers["Location"][len(appliance.url):]).offset() == 0


def test_an_empty_image_is_complete_at_its_creation(appliance):
    upload = begin(appliance, 0)
    assert upload.offset() == 0
    assert_active(appliance, upload.image_id, b"")


@pytest.mark.parametrize("headers", [
    {"Upload_Length": None}, {"Upload_Length": "5", "Upload_Defer_Length": "1"}, {"Upload_Length": "-1"},
    {"Upload_Length": "five"}, {"Upload_Length": "0x5"}, {"Upload_Length": "5.0"},
    {"Upload_Length": None, "Upload_Defer_Length": "0"}, {"Upload_Length": None, "Upload_Defer_Length": "yes"}])
def test_a_creation_needs_a_length_or_says_that_it_follows(appliance, headers):
    image_id = appliance.create()
    assert post(appliance, image_id, 5, **headers).status == 400
    assert appliance.show(image_id)["status"] == "queued"


def test_an_upload_beyond_the_largest_size_is_refused(make_appliance):
    appliance = make_appliance("[limits]\nimage_size_cap = '1MiB'\n").start()
    image_id = appliance.create()
    refused(post(appliance, image_id, (1 << 20) + 1), 413, "limits.image_size_cap")
    assert appliance.show(image_id)["status"] == "queued"
    upload = begin(appliance, image_id=image_id)
    refused(upload.patch(0, iter([b"x" * (1 << 20), b"x"])), 413, "limits.image_size_cap")
    assert post(appliance, appliance.create(), 1 << 20).status == 201


def test_the_metadata_comes_back_as_it_was_sent(appliance):
    image_id = appliance.create()
    sent = metadata(image_id, filename="Дебиан 12.raw") + ",is_confidential"
    upload = begin(appliance, 5, image_id=image_id, Upload_Metadata=sent)
    assert upload.head().headers["Upload-Metadata"] == sent
    upload.patch(0, b"hello")
    assert upload.head().headers["Upload-Metadata"] == sent


@pytest.mark.parametrize("sent", [
    None, "", ",", "filename " + encoded("a"), "image_id !", "image_id Zg", "image_id ID,image_id ID",
    "image_id ID," + "a" * 4096, " ID", "image_id  ID ID"])
def test_metadata_of_another_form_is_refused(appliance, sent):
    image_id = appliance.create()
    sent = sent and sent.replace("ID", encoded(image_id))
    assert post(appliance, image_id, 5, Upload_Metadata=sent).status == 400
    assert appliance.show(image_id)["status"] == "queued"


def test_the_length_can_be_told_later_and_only_once(appliance):
    upload = begin(appliance)
    reply = upload.head()
    assert reply.headers["Upload-Defer-Length"] == "1" and "Upload-Length" not in reply.headers
    assert upload.patch(0, b"abc").status == 204
    assert upload.head().headers["Upload-Defer-Length"] == "1"
    assert upload.patch(3, b"", Upload_Length="2").status == 400
    assert upload.patch(3, b"d", Upload_Length="6").status == 204
    reply = upload.head()
    assert reply.headers["Upload-Length"] == "6" and "Upload-Defer-Length" not in reply.headers
    assert upload.patch(4, b"ef", Upload_Length="7").status == 400
    assert upload.patch(4, b"ef", Upload_Length="6").status == 204
    assert_active(appliance, upload.image_id, b"abcdef")


def test_the_length_can_be_told_behind_the_last_byte(appliance):
    upload = begin(appliance)
    upload.patch(0, DATA)
    assert upload.patch(len(DATA), b"", Upload_Length=str(len(DATA))).status == 204
    assert_active(appliance, upload.image_id, DATA)


def test_a_creation_can_bring_bytes(appliance):
    image_id, other = appliance.create(), appliance.create()
    reply = post(appliance, image_id, 5, b"hel")
    assert reply.status == 201 and reply.headers["Upload-Offset"] == "3", reply
    upload = Upload(appliance, reply.headers["Location"][len(appliance.url):])
    assert upload.patch(3, b"lo").status == 204
    assert_active(appliance, image_id, b"hello")
    reply = post(appliance, other, 5, b"whole", Upload_Checksum=checksum(b"whole"))
    assert reply.status == 201 and reply.headers["Upload-Offset"] == "5", reply
    assert_active(appliance, other, b"whole")


def test_a_creation_whose_bytes_cannot_be_taken_makes_no_upload(appliance):
    image_id = appliance.create()
    for status, headers, body in ((415, {"Content_Type": "text/plain"}, b"hello"), (400, {}, b"hello!"),
                                  (460, {"Upload_Checksum": checksum(b"other")}, b"hello")):
        assert post(appliance, image_id, 5, body, **headers).status == status
        assert appliance.show(image_id)["status"] == "queued"
        assert staged(appliance) == []


def test_a_creation_for_an_image_that_takes_no_data_is_refused(appliance):
    active = appliance.image_with(b"data")
    without_formats = appliance.request("POST", "/v2/images", {"name": "bare"}).json["id"]
    refused(post(appliance, active, 5), 409, "is active")
    refused(post(appliance, without_formats, 5), 400, "disk_format")
    refused(post(appliance, UNKNOWN_ID, 5), 404, UNKNOWN_ID)
    refused(post(appliance, "../../catalog.db", 5), 404)
    refused(post(appliance, appliance.create(), 5, X_Image_Meta_Store="attic"), 400, "attic")
    assert staged(appliance) == []


def test_only_the_upload_writes_the_image_meanwhile(appliance):
    upload = begin(appliance, 5)
    refused(appliance.upload(upload.image_id, b"other"), 409, "is saving")
    assert upload.patch(0, b"hello").status == 204
    assert_active(appliance, upload.image_id, b"hello")


def test_an_upload_whose_address_was_lost_can_begin_anew(appliance):
    lost = begin(appliance, 5)
    lost.patch(0, b"he")
    again = begin(appliance, 5, image_id=lost.image_id)
    assert lost.head().status == 404
    assert again.patch(0, b"hello").status == 204
    assert_active(appliance, lost.image_id, b"hello")


# Expiration.


def test_answers_say_when_an_unfinished_upload_expires(make_appliance):
    appliance = make_appliance("[uploads]\nexpire_after = '1h'\n").start()
    image_id = appliance.create()
    begun = int(time.time())
    reply = post(appliance, image_id, 10)
    upload = Upload(appliance, reply.headers["Location"][len(appliance.url):], image_id)
    for ask in (lambda: reply, upload.head, lambda: upload.patch(0, b"12345")):
        text = ask().headers["Upload-Expires"]
        expires = email.utils.parsedate_to_datetime(text)
        assert text == email.utils.format_datetime(expires, usegmt=True)
        assert begun <= expires.timestamp() - 3600 <= time.time()
    assert "Upload-Expires" not in upload.patch(5, b"67890").headers


def test_an_upload_that_has_expired_is_gone_and_leaves_nothing(make_appliance):
    appliance = make_appliance().start()
    upload = begin(appliance, 10, b"12345")
    appliance.stop()
    with contextlib.closing(sqlite3.connect(appliance.data / "catalog.db")) as db, db:
        db.execute("UPDATE uploads SET expires_at = ?", [int((time.time() + 1) * 1_000_000)])
    appliance.configure("[uploads]\nexpire_after = '3s'\n")
    upload.who = appliance.start()
    wait_until(lambda: upload.head().status != 200, "it expires")
    for reply in (upload.head(), upload.patch(5, b"67890"), upload.delete()):
        assert reply.status in (404, 410), reply
    wait_until(lambda: appliance.show(upload.image_id)["status"] == "queued", "its image is given back")
    assert_queued_again(appliance, upload.image_id, "no data came for 3s")
    assert upload.head().status == 404


# Checksum.


@pytest.mark.parametrize("algorithm", ["sha1", "sha256"])
def test_bytes_count_only_where_their_checksum_is_right(appliance, algorithm):
    upload = begin(appliance, 10)
    assert upload.patch(0, b"12345", Upload_Checksum=checksum(b"12345", algorithm)).status == 204
    reply = upload.patch(5, b"67890", Upload_Checksum=checksum(b"67891", algorithm))
    assert reply.status == 460 and reply.json["code"] == "460 Checksum Mismatch", reply
    assert upload.offset() == 5
    assert upload.patch(5, b"67890", Upload_Checksum=checksum(b"67890", algorithm)).status == 204
    assert_active(appliance, upload.image_id, b"1234567890")


@pytest.mark.parametrize("sent", ["md5 " + encoded(hashlib.md5(b"hello").digest()), "crc32 AAAA", "sha1", "sha1 !",
                                  "sha1 " + hashlib.sha1(b"hello").hexdigest(), "sha256 " + encoded(b"short")])
def test_a_checksum_that_the_server_does_not_know_is_refused(appliance, sent):
    upload = begin(appliance, 5)
    assert upload.patch(0, b"hello", Upload_Checksum=sent).status == 400
    assert upload.offset() == 0


def test_bytes_with_a_checksum_count_not_before_the_last(appliance):
    upload = begin(appliance, 1 << 20)
    with upload.begin_patch(appliance, 0, 1 << 20, b"x" * 500_000) as wire:
        wire.end()
        wire.answer()  # so the server has read all bytes that came
    before = upload.offset()
    assert 400_000 < before <= 500_000  # without a checksum, bytes of a broken request count
    data = b"y" * ((1 << 20) - before)
    with upload.begin_patch(appliance, before, len(data), data[:300_000],
                            "Upload-Checksum: " + checksum(data)) as wire:
        wire.end()
        wire.answer()
    assert upload.offset() == before
    wrong = upload.patch(before, data, Upload_Checksum=checksum(b"z"))
    assert wrong.status == 460 and upload.offset() == before
    assert upload.patch(before, data, Upload_Checksum=checksum(data)).status == 204


# Termination.


def test_an_upload_that_is_ended_is_gone_and_its_image_queued(appliance):
    upload = begin(appliance, 10)
    upload.patch(0, b"12345")
    reply = upload.delete()
    assert reply.status == 204 and reply.body == b"", reply
    for reply in (upload.head(), upload.patch(5, b"67890"), upload.delete()):
        assert reply.status in (404, 410), reply
    assert_queued_again(appliance, upload.image_id, "the upload was ended")


def test_the_end_of_a_finished_upload_is_not_that_of_its_image(appliance):
    upload = begin(appliance, 5, b"hello")
    assert upload.delete().status == 204
    assert upload.head().status == 404
    assert_active(appliance, upload.image_id, b"hello")


# Rules of this service that are not part of tus.


def test_bytes_that_are_no_such_image_are_refused_at_the_end(appliance):
    image_id = appliance.create(disk_format="qcow2")
    upload = begin(appliance, len(DATA), image_id=image_id)
    upload.patch(0, DATA[:100])
    refused(upload.patch(100, DATA[100:]), 400, "qcow2")
    assert upload.head().status == 404
    image = appliance.get(f"/api/images/{image_id}").json
    assert image["status"] == "queued" and "qcow2" in image["status_reason"]
    assert staged(appliance) == []


def test_the_upload_of_a_deleted_image_is_gone(appliance):
    upload = begin(appliance, 10)
    upload.patch(0, b"12345")
    assert appliance.request("DELETE", f"/v2/images/{upload.image_id}").status == 204
    for reply in (upload.head(), upload.patch(5, b"67890")):
        assert reply.status in (404, 410), reply
    wait_until(lambda: staged(appliance) == [], "its bytes are removed")


def test_whoever_only_looks_sees_how_far_it_is(appliance):
    upload = begin(appliance, 10)
    upload.patch(0, b"1234")
    reply = appliance.get(upload.path)
    assert reply.status == 200 and reply.headers["Upload-Offset"] == "4", reply
    assert set(reply.json) == {"id", "image_id", "offset", "length", "done", "expires_at"}
    assert (reply.json["image_id"], reply.json["offset"], reply.json["length"]) == (upload.image_id, 4, 10)
    assert reply.json["done"] is False


def test_an_image_tells_how_far_its_upload_is_to_whose_it_is(make_appliance):
    appliance = make_appliance(LOCAL).start()
    them = people(appliance)
    owner, boss = them["lab-member"], them["boss"]
    upload = begin(owner, 10)
    upload.patch(0, b"1234")
    path = f"/api/images/{upload.image_id}"
    for person in (owner, them["lab-reader"], boss):
        told = person.get(path).json["upload"]
        assert set(told) == {"offset", "length", "expires_at"} and (told["offset"], told["length"]) == (4, 10), told
    assert owner.patch(upload.image_id, replace("/visibility", "community")).status == 200
    assert them["attic-member"].get(path).json["upload"] is None
    assert upload.patch(4, b"567890").status == 204
    assert boss.get(path).json["upload"] is None


def test_the_audit_trail_tells_of_uploads(appliance):
    upload = begin(appliance, 5)
    upload.delete()
    begin(appliance, 5, b"hello", image_id=upload.image_id)
    told = appliance.get(f"/api/events?image={upload.image_id}").json["events"]
    assert [event["action"] for event in told] == ["image.upload", "upload.create", "upload.end", "upload.create",
                                                   "image.create"]
    assert all(event["user"] == "admin" and event["request"].startswith("req-") for event in told)


def test_an_upload_is_its_creators_alone(make_appliance):
    appliance = make_appliance(LOCAL).start()
    them = people(appliance)
    owner = them["lab-member"]
    upload = begin(owner, 10)
    upload.patch(0, b"1234")
    for name, person in them.items():
        if person is owner:
            continue
        theirs = Upload(person, upload.path)
        for reply in (theirs.head(), theirs.patch(4, b"567890"), theirs.delete(), person.get(upload.path)):
            refused_head = reply.status == 404 and "Upload-Offset" not in reply.headers
            assert refused_head, (name, reply)
    statuses = {name: post(person, upload.image_id, 10).status for name, person in them.items() if person is not owner}
    assert statuses == {"lab-reader": 403, "attic-reader": 404, "attic-member": 404, "boss": 409, "nowhere": 403}
    for headers in ({}, {"X-Auth-Token": "forged"}):
        for method in ("HEAD", "GET", "PATCH", "DELETE", "POST", "OPTIONS"):
            reply = appliance.request(method, upload.path, headers=headers)
            assert (reply.status, reply.headers["Tus-Resumable"]) == (401, VERSION), reply
            assert appliance.request(method, "/api/uploads", headers=headers).status in (401, 405)
    assert upload.offset() == 4
    assert upload.patch(4, b"567890").status == 204
    assert owner.get(f"/v2/images/{upload.image_id}/file").body == b"1234567890"
